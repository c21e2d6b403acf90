package org.anylease.server.config;

/**
 * A key that a file may hold: the one place from which the reader, the JSON schema and the reference take it.
 *
 * @param name as it is written
 * @param shape what values it takes
 * @param required whether the file is refused without it
 * @param standard what applies where it is left out; for a required key, empty
 * @param meaning what it says, in a phrase
 * @param example a value
 */
record Key(String name, Shape shape, boolean required, String standard, String meaning, String example) {
    static Key required(String name, Shape shape, String meaning, String example) {
        return new Key(name, shape, true, "", meaning, example);
    }

    static Key optional(String name, Shape shape, String standard, String meaning, String example) {
        return new Key(name, shape, false, standard, meaning, example);
    }
}
