package org.anylease.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.ReservationStatus;
import org.jspecify.annotations.Nullable;

/**
 * A cell's backup: gzip (RFC 1952) of lines, each a JSON object.
 *
 * <p>The first line is the header: {@code format}, {@code version}, {@code cluster}, {@code cell}, the log
 * {@code index} at which it was read, the cell's {@code time}, {@code configVersion} and {@code config} (the
 * operator's file, compressed with gzip, in Base64); and {@code reservations}, those made at run time, where there are
 * any. Then a line for each binding, in order of address, and one for each name that is on record about DNS. The last line
 * counts the bindings and has the SHA-256 of all bytes before it, in hexadecimal. docs/operations/admin-api.md says the same.
 */
final class BackupFile {
    static final String FORMAT = "anylease-backup";
    static final int VERSION = 1;

    /** The version of a backup whose header has reservations made at run time, which the first one knew nothing of. */
    static final int VERSION_RESERVATIONS = 2;

    /** The version of a backup with names that are on record about DNS. */
    static final int VERSION_NAMES = 3;

    private static final int LINE_BYTES_MAX = 64 << 20;

    private BackupFile() {}

    /** Writes a backup and ends the stream. */
    static void write(
            OutputStream target,
            String cluster,
            Cluster.CellState state,
            List<ReservationStatus> reservations,
            List<DnsEntry> names,
            Cluster.LeaseView view)
            throws IOException {
        ObjectNode header = header(cluster, state.cell(), view.index().value(), state.time(), state.configVersion());
        if (!state.history().isEmpty()) {
            ConfigRevision revision = state.history().getLast();
            header.put(
                    "config",
                    Base64.getEncoder().encodeToString(revision.source().toArray()));
        }
        if (!reservations.isEmpty()) {
            header.put("version", VERSION_RESERVATIONS);
            ArrayNode list = header.putArray("reservations");
            reservations.forEach(status -> list.add(ReservationJson.of(status.reservation())));
        }
        if (!names.isEmpty()) {
            header.put("version", VERSION_NAMES);
        }
        write(target, header, view.from(new Ipv4(0)), names);
    }

    static ObjectNode header(String cluster, CellId cell, long index, Instant time, long configVersion) {
        ObjectNode header = Json.object();
        header.put("format", FORMAT);
        header.put("version", VERSION);
        header.put("cluster", cluster);
        header.put("cell", cell.name());
        header.put("index", index);
        header.put("time", time.toString());
        header.put("configVersion", configVersion);
        return header;
    }

    /** Writes bindings in order of address behind a header, and ends the stream. */
    static void write(OutputStream target, ObjectNode header, Iterable<Binding> all, List<DnsEntry> names)
            throws IOException {
        GZIPOutputStream compressed = new GZIPOutputStream(target);
        DigestOutputStream out = new DigestOutputStream(compressed, sha256());
        out.write(Json.bytes(header));
        out.write('\n');
        long bindings = 0;
        JsonGenerator json = Json.MAPPER.createGenerator(out);
        json.setRootValueSeparator(null);
        for (Binding binding : all) {
            json.writeStartObject();
            BindingJson.writeFields(json, binding);
            json.writeEndObject();
            json.writeRaw('\n');
            bindings++;
        }
        json.flush();
        for (DnsEntry name : names) {
            out.write(Json.bytes(NameJson.of(name)));
            out.write('\n');
        }
        out.flush();
        ObjectNode trailer = Json.object();
        trailer.put("bindings", bindings);
        trailer.put("sha256", HexFormat.of().formatHex(out.getMessageDigest().digest()));
        compressed.write(Json.bytes(trailer));
        compressed.write('\n');
        compressed.close();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Reads a backup once from the beginning; the checksum is known to fit when {@link #next} has given null. */
    static final class Reader implements AutoCloseable {
        private final InputStream in;
        private final MessageDigest digest = sha256();
        private final ObjectNode header;
        private long bindings;
        private @Nullable Binding last;
        private final List<NameJson.Named> names = new ArrayList<>();

        /** Reads the header. @throws IOException with a message for the operator when this is no backup */
        Reader(InputStream source) throws IOException {
            this.in = new BufferedInputStream(open(source));
            byte[] line = line();
            JsonNode first = parse(line);
            if (!Json.text(first, "format").equals(FORMAT) || !(first instanceof ObjectNode known)) {
                throw new IOException("this is no backup of Anylease");
            }
            int version = first.path("version").asInt();
            if (version < VERSION || version > VERSION_NAMES) {
                throw new IOException("the backup is of format version " + version + "; this program knows " + VERSION
                        + " to " + VERSION_NAMES);
            }
            this.header = known;
            sum(line);
        }

        private static JsonNode parse(byte[] line) throws IOException {
            try {
                return Json.MAPPER.readTree(line);
            } catch (JsonProcessingException e) {
                throw new IOException("the backup is damaged: a line is not JSON", e);
            }
        }

        private void sum(byte[] line) {
            digest.update(line);
            digest.update((byte) '\n');
        }

        private static InputStream open(InputStream source) throws IOException {
            try {
                return new GZIPInputStream(source);
            } catch (ZipException | EOFException e) {
                throw new IOException("this is no backup of Anylease: it is not compressed with gzip", e);
            }
        }

        ObjectNode header() {
            return header;
        }

        /** The reservations made at run time. @throws IOException when one cannot be read */
        List<RuntimeReservation> reservations() throws IOException {
            List<RuntimeReservation> list = new ArrayList<>();
            for (JsonNode one : header.path("reservations")) {
                try {
                    list.add(ReservationJson.read(one, "", Instant.EPOCH));
                } catch (IllegalArgumentException e) {
                    throw new IOException("the backup is damaged: " + e.getMessage(), e);
                }
            }
            return list;
        }

        /** The names on record about DNS; known once {@link #next} has given null. */
        List<NameJson.Named> names() {
            return names;
        }

        /** The next binding, or null after the last, when the checksum was found to fit. */
        @Nullable
        Binding next() throws IOException {
            byte[] line = line();
            JsonNode node = parse(line);
            while (node.has(NameJson.NAME)) {
                sum(line);
                names.add(NameJson.read(node));
                line = line();
                node = parse(line);
            }
            if (node.has("sha256")) {
                verify(node);
                return null;
            }
            sum(line);
            Binding binding = BindingJson.read(node);
            if (last != null && last.address().compareTo(binding.address()) >= 0) {
                throw new IOException("the backup is damaged: " + binding.address() + " is out of order");
            }
            last = binding;
            bindings++;
            return binding;
        }

        private void verify(JsonNode trailer) throws IOException {
            String found = HexFormat.of().formatHex(digest.digest());
            if (!found.equals(Json.text(trailer, "sha256"))
                    || bindings != trailer.path("bindings").asLong()) {
                throw new IOException("the backup is damaged: its checksum does not fit");
            }
            if (in.read() >= 0) {
                throw new IOException("the backup is damaged: something follows its end");
            }
        }

        private byte[] line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream(256);
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    throw new IOException("the backup is cut short");
                }
                if (line.size() >= LINE_BYTES_MAX) {
                    throw new IOException("the backup has a line that is too long");
                }
                line.write(octet);
            }
            return line.toByteArray();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
