package org.anylease.server.expression;

import java.nio.charset.StandardCharsets;

/** Octets as text and back, one character for each, so that a regular expression sees octets and nothing else. */
final class Latin {
    private Latin() {}

    static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    static byte[] octets(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
