package org.anylease.server.boot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.anylease.store.address.Octets;

/** The operator's file as a cell's history keeps it: compressed with gzip (RFC 1952). */
final class Gzip {
    private Gzip() {}

    static Octets pack(Octets text) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.toArray());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be written", e);
        }
        return Octets.of(packed.toByteArray());
    }
}
