package org.anylease.server.core;

import java.nio.charset.StandardCharsets;
import org.anylease.store.address.Octets;

/** Text on the wire: NVT ASCII as it should be, and every other byte as one character (RFC 2132 §2). */
final class Texts {
    private Texts() {}

    static Octets octets(String text) {
        return Octets.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
