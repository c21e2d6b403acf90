package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;

/** The file that a backup goes to: complete, checked for its end and on the disk, or not there. */
final class BackupTarget {
    private static final long PROGRESS_BYTES = 8 << 20;

    private final AdminClient client;
    private final Path file;

    BackupTarget(AdminClient client, Path file) {
        this.client = client;
        this.file = file;
        if (Files.exists(file)) {
            throw exists();
        }
    }

    private CliFailure exists() {
        return new CliFailure(ExitCode.REFUSED, file + " exists already", "choose another --output");
    }

    /** Saves a backup. @return its header, with the number of bindings and of bytes */
    JsonNode save(InputStream body) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            long bytes = copy(body, part);
            ObjectNode header = check(part);
            header.remove("config");
            header.put("bytes", bytes);
            header.put("file", file.toString());
            Files.move(part, file);
            return header;
        } catch (FileAlreadyExistsException e) {
            throw exists();
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private long copy(InputStream body, Path part) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(part)) {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                out.write(buffer, 0, length);
                if (total / PROGRESS_BYTES != (total + length) / PROGRESS_BYTES) {
                    client.progress("received " + (total >> 20) + " MiB", total < PROGRESS_BYTES);
                }
                total += length;
            }
        }
        client.clearProgress(total / PROGRESS_BYTES);
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return total;
    }

    /** Reads it back to its last line; gzip's own checksum covers every byte on the way. */
    private static ObjectNode check(Path part) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(part)), StandardCharsets.UTF_8))) {
            String first = lines.readLine();
            String last = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line;
            }
            JsonNode trailer = AdminClient.MAPPER.readTree(last.isEmpty() ? "{}" : last);
            if (first == null
                    || !(AdminClient.MAPPER.readTree(first) instanceof ObjectNode header)
                    || !trailer.has("sha256")) {
                throw new IOException("the backup is cut short");
            }
            header.set("bindings", trailer.path("bindings"));
            return header;
        }
    }
}
