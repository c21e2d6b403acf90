package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SchemaTest {
    private static final Path SCHEMAS = Path.of("src/main/resources/org/anylease/schema");

    @Test
    void theSchemasAreThoseOfTheTable() {
        Examples.sameAsFile(ConfigSchema.system(), SCHEMAS.resolve("anylease.schema.json"));
        Examples.sameAsFile(ConfigSchema.server(), SCHEMAS.resolve("server.schema.json"));
        Examples.sameAsFile(ConfigSchema.anycast(), SCHEMAS.resolve("anycast.schema.json"));
    }

    @Test
    void theKeysOfTheSchemaAreThoseOfTheReader() throws IOException {
        JsonNode schema = new ObjectMapper()
                .readTree(SCHEMAS.resolve("anylease.schema.json").toFile());
        for (Concept concept : Concept.values()) {
            JsonNode definition = schema.path("$defs").path(concept.id());
            List<String> keys = new ArrayList<>();
            definition.path("properties").fieldNames().forEachRemaining(keys::add);
            assertThat(keys).isEqualTo(concept.keys().stream().map(Key::name).toList());
            assertThat(definition.path("additionalProperties").asBoolean(true)).isFalse();
        }
    }

    @Test
    void everyReferenceOfTheSchemaLeadsSomewhere() throws IOException {
        for (String file : List.of("anylease.schema.json", "server.schema.json", "anycast.schema.json")) {
            JsonNode schema = new ObjectMapper().readTree(SCHEMAS.resolve(file).toFile());
            TreeSet<String> targets = new TreeSet<>();
            schema.findValuesAsText("$ref").forEach(targets::add);
            assertThat(targets)
                    .isNotEmpty()
                    .allSatisfy(
                            target -> assertThat(schema.at(target.substring(1)).isMissingNode())
                                    .as(target)
                                    .isFalse());
        }
    }
}
