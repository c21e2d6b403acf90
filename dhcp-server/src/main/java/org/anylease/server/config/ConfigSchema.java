package org.anylease.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON Schemas (draft 2020-12) of the operator's files, for editors, made from the same table that the reader uses. */
public final class ConfigSchema {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String ADDRESS =
            "^(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}$";

    private static final String DURATION = "^(infinite|([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";

    private ConfigSchema() {}

    /**
     * The schema of the system file.
     *
     * @return indented JSON
     */
    public static String system() {
        return schema(Concept.SYSTEM, "anylease.schema.json", "Anylease: the whole system");
    }

    /**
     * The schema of a server's own file.
     *
     * @return indented JSON
     */
    public static String server() {
        return schema(Concept.SERVER_FILE, "server.schema.json", "Anylease: one server");
    }

    /**
     * The schema of the file of {@code anylease anycast}.
     *
     * @return indented JSON
     */
    public static String anycast() {
        return schema(Concept.ANYCAST_FILE, "anycast.schema.json", "Anylease: the announcer of a site's route");
    }

    private static String schema(Concept root, String name, String title) {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", "https://anylease.org/schema/" + name);
        schema.put("title", title);
        schema.put("$ref", "#/$defs/" + root.id());
        ObjectNode definitions = schema.putObject("$defs");
        for (Concept concept : Concept.values()) {
            definitions.set(concept.id(), concept(concept));
        }
        notations(definitions);
        definitions.set("options", options());
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of nodes can be written", e);
        }
    }

    private static ObjectNode concept(Concept concept) {
        ObjectNode node = JSON.createObjectNode();
        node.put("type", "object");
        node.put("additionalProperties", false);
        ObjectNode properties = node.putObject("properties");
        for (Key key : concept.keys()) {
            String standard = key.standard().isEmpty() || key.required() ? "" : ". Default: " + key.standard();
            var shape = parse(key.shape().schema());
            properties.set(
                    key.name(),
                    shape instanceof ObjectNode object ? object.put("description", key.meaning() + standard) : shape);
        }
        var required =
                concept.keys().stream().filter(Key::required).map(Key::name).toList();
        if (!required.isEmpty()) {
            node.set("required", JSON.valueToTree(required));
        }
        return node;
    }

    private static void notations(ObjectNode definitions) {
        definitions.set("address", parse("{\"type\":\"string\",\"pattern\":\"" + ADDRESS + "\"}"));
        definitions.set("addresses", oneOrMore("address"));
        definitions.set("prefix", parse("{\"type\":\"string\",\"pattern\":\"^[0-9.]+/[0-9]+$\"}"));
        definitions.set("prefixes", oneOrMore("prefix"));
        definitions.set("duration", parse("{\"type\":\"string\",\"pattern\":\"" + DURATION + "\"}"));
        definitions.set("name", parse("{\"type\":\"string\",\"minLength\":1,\"maxLength\":63}"));
        definitions.set("names", oneOrMore("name"));
        definitions.set("size", parse("{\"type\":\"string\",\"pattern\":\"^[0-9]+(KiB|MiB|GiB)$\"}"));
        definitions.set("range", parse("{\"type\":\"string\",\"pattern\":\"^[0-9./ -]+$\"}"));
    }

    private static ObjectNode oneOrMore(String definition) {
        String ref = "{\"$ref\":\"#/$defs/" + definition + "\"}";
        return (ObjectNode)
                parse("{\"anyOf\":[" + ref + ",{\"type\":\"array\",\"minItems\":1,\"items\":" + ref + "}]}");
    }

    /** Known names are offered; names that a file defines itself, and codes, are not refused. */
    private static ObjectNode options() {
        ObjectNode node = JSON.createObjectNode();
        node.put("type", "object");
        ObjectNode properties = node.putObject("properties");
        for (OptionDefinition option : KnownOptions.all()) {
            properties
                    .putObject(option.name())
                    .put(
                            "description",
                            "Option " + option.code() + ", " + option.type().word());
        }
        return node;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the schema of a notation is JSON: " + json, e);
        }
    }
}
