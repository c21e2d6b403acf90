package org.anylease.server.admin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.anylease.store.address.Octets;
import org.anylease.store.config.ConfigRevision;

/** The operator's file as the log keeps it: UTF-8, compressed with gzip. */
public final class ConfigText {
    private ConfigText() {}

    /**
     * The text of a revision.
     *
     * @param revision of a cell's history
     * @return the operator's file
     * @throws IOException when its source is no gzip, or too large
     */
    public static String of(ConfigRevision revision) throws IOException {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(revision.source().toArray()))) {
            byte[] text = in.readNBytes(ConfigRoutes.FILE_BYTES_MAX + 1);
            if (text.length > ConfigRoutes.FILE_BYTES_MAX) {
                throw new IOException("version " + revision.version() + " is larger than any file that is accepted");
            }
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    /**
     * A file's text as it is committed.
     *
     * @param text the operator's file
     * @return its UTF-8, compressed
     * @throws IOException never, since memory can be written
     */
    public static Octets compressed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Octets.of(bytes.toByteArray());
    }
}
