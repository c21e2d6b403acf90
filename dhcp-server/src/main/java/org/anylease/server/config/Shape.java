package org.anylease.server.config;

/**
 * What values a key takes, for those who read the schema or the reference; the reader itself decides by code.
 *
 * @param title for people
 * @param schema a JSON Schema (draft 2020-12) of it
 */
record Shape(String title, String schema) {
    static final Shape TEXT = new Shape("text", "{\"type\":\"string\"}");
    static final Shape NAME = ref("name", "name");
    static final Shape NAMES = ref("name, or list", "names");
    static final Shape ADDRESS = ref("address", "address");
    static final Shape ADDRESSES = ref("address, or list", "addresses");
    static final Shape PREFIXES = ref("prefix, or list", "prefixes");
    static final Shape DURATION = ref("duration", "duration");
    static final Shape BOOL = new Shape("true or false", "{\"type\":\"boolean\"}");
    static final Shape RANGE = ref("range", "range");
    static final Shape PORT = new Shape("port", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":65535}");
    static final Shape OCTET = new Shape("0 to 255", "{\"type\":\"integer\",\"minimum\":0,\"maximum\":255}");
    static final Shape NUMBER = new Shape("number", "{\"type\":\"integer\",\"minimum\":1}");
    static final Shape COUNT = new Shape("number", "{\"type\":\"integer\",\"minimum\":0}");
    static final Shape PERCENT = new Shape("1 to 99", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":99}");
    static final Shape SIZE = ref("size", "size");
    static final Shape OPTIONS = ref("map of options", "options");
    static final Shape LINES = new Shape(
            "text, or list",
            "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"array\",\"items\":{\"type\":\"string\"}}]}");
    static final Shape ANY = new Shape("depends on the type", "true");

    private static Shape ref(String title, String definition) {
        return new Shape(title, "{\"$ref\":\"#/$defs/" + definition + "\"}");
    }

    static Shape oneOf(String... words) {
        return new Shape(String.join(", ", words), "{\"enum\":[\"" + String.join("\",\"", words) + "\"]}");
    }

    /** A map with the keys of a concept. */
    static Shape of(String concept) {
        return ref(concept, concept);
    }

    /** A map from names to maps with the keys of a concept. */
    static Shape byName(String concept, String names) {
        return new Shape(
                "map by " + names,
                "{\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#/$defs/" + concept + "\"}}");
    }

    /** A map from names to values that are described elsewhere. */
    static Shape pathsByName(String names) {
        return new Shape(
                "map of paths by " + names, "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}");
    }

    /** A map from names to a short form or to maps with the keys of a concept. */
    static Shape byName(String concept, String names, Shape brief) {
        return new Shape(
                "map by " + names,
                "{\"type\":\"object\",\"additionalProperties\":{\"anyOf\":[" + brief.schema + ",{\"$ref\":\"#/$defs/"
                        + concept + "\"}]}}");
    }

    /** A map from values to maps with the keys of a concept, or a list of values. */
    static Shape members(String concept) {
        return new Shape(
                "map by value, or list",
                "{\"anyOf\":[{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                    + "{\"type\":\"object\",\"additionalProperties\":{\"anyOf\":[{\"type\":\"null\"},{\"$ref\":\"#/$defs/"
                        + concept + "\"}]}}]}");
    }

    /** A list of maps with the keys of a concept. */
    static Shape listOf(String concept) {
        return new Shape(
                "list of " + concept + "s", "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/" + concept + "\"}}");
    }

    /** A list whose items are a short form or maps with the keys of a concept. */
    static Shape listOf(String concept, Shape brief) {
        return new Shape(
                "list of " + brief.title + "s or " + concept + "s",
                "{\"type\":\"array\",\"items\":{\"anyOf\":[" + brief.schema + ",{\"$ref\":\"#/$defs/" + concept
                        + "\"}]}}");
    }
}
