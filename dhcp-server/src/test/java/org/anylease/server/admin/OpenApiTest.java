package org.anylease.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class OpenApiTest {
    private static Map<String, Set<String>> described() throws IOException {
        Map<String, Set<String>> described = new TreeMap<>();
        try (InputStream in = OpenApiTest.class.getResourceAsStream("openapi.json")) {
            JsonNode document = Json.MAPPER.readTree(in);
            assertThat(document.path("openapi").asText()).startsWith("3.1");
            document.path("paths")
                    .properties()
                    .forEach(path -> path.getValue().properties().forEach(method -> {
                        TreeSet<String> parameters = new TreeSet<>();
                        for (JsonNode parameter : method.getValue().path("parameters")) {
                            if (parameter.path("in").asText().equals("query")) {
                                parameters.add(parameter.path("name").asText());
                            }
                        }
                        described.put(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), parameters);
                    }));
        }
        return described;
    }

    private static Map<String, Set<String>> routes() {
        Map<String, Set<String>> routes = new TreeMap<>();
        for (Route route : AdminHttp.routes(
                MemoryCluster.first("a1", "dc1"),
                new LineConfig(),
                new WatchHub(1, 1),
                () -> "",
                InstantSource.fixed(MemoryCluster.NOW))) {
            routes.put(route.method() + " " + route.path(), new TreeSet<>(route.parameters()));
        }
        return routes;
    }

    @Test
    void describesEveryRouteAndItsParametersAndNoOther() throws IOException {
        assertThat(described()).isEqualTo(routes());
    }

    @Test
    void theManualListsEveryRouteAndNoOther() throws IOException {
        TreeSet<String> listed = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("../docs/operations/admin-api.md"))) {
            if (line.startsWith("| `GET ") || line.startsWith("| `POST ")) {
                listed.add(line.substring(3, line.indexOf('`', 3)));
            }
        }
        assertThat(listed).isEqualTo(routes().keySet());
    }
}
