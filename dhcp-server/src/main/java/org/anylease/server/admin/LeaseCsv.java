package org.anylease.server.admin;

import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.LeaseClient;

/** Leases as CSV (RFC 4180), a header line first. Each line says at which log index it was read. */
final class LeaseCsv {
    static final String HEADER = "address,state,cell,mac,client_id,hostname,start,end,last_seen,server,site,relay,"
            + "site_moves,offered_until,read_index";

    private LeaseCsv() {}

    static void write(Writer out, LeaseScan.Found found, String site) throws IOException {
        Binding binding = found.binding();
        LeaseClient client = LeaseFilter.shown(binding);
        List<String> fields = List.of(
                binding.address().toString(),
                Json.name(binding.state()),
                found.cell().name(),
                client == null ? "" : BindingJson.mac(client),
                client == null ? "" : client.id().value().toString(),
                client == null ? "" : harmless(client.hostname()),
                time(binding.start()),
                time(binding.end()),
                time(binding.lastSeen()),
                binding.server() == null ? "" : binding.server().name(),
                site,
                client == null || client.relay().isUnspecified()
                        ? ""
                        : client.relay().toString(),
                Integer.toString(binding.siteMoves()),
                binding.offer() == null ? "" : binding.offer().until().toString(),
                found.index().toString());
        for (int i = 0; i < fields.size(); i++) {
            out.write(i == 0 ? "" : ",");
            out.write(quoted(fields.get(i)));
        }
        out.write("\r\n");
    }

    private static String time(Instant time) {
        return time.equals(Instant.EPOCH) ? "" : time.toString();
    }

    /** A client chooses its name: one that a spreadsheet would take for a formula is marked as text. */
    private static String harmless(String name) {
        return !name.isEmpty() && "=+-@\t\r".indexOf(name.charAt(0)) >= 0 ? "'" + name : name;
    }

    private static String quoted(String field) {
        boolean plain = field.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
