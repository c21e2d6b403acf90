package org.anylease.server.admin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.config.ConfigRevision;

/** The operator's file as the log keeps it: UTF-8, compressed with gzip. */
public final class ConfigText {
    /** What to do about a configuration that is too long for the log. */
    public static final String SHORTER =
            "divide its networks and reservations among more cells, or, when the file alone is too long, write less in"
                    + " it";

    private ConfigText() {}

    /**
     * Says that a cell's configuration is too long for its log.
     *
     * @param cell the cell
     * @param bytes how long it is, with the operator's file, both compressed
     * @return what and by how much
     */
    public static String tooLong(CellId cell, int bytes) {
        return "the configuration of cell " + cell + " takes " + bytes / 1024
                + " KiB with the file, compressed, and one" + " entry of its log holds "
                + EntryCodec.COMMAND_BYTES_MAX / 1024 + " KiB";
    }

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
