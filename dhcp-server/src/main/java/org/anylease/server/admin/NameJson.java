package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;

/** What is on record about the name of an address, as a backup has it. */
final class NameJson {
    /** The field that tells such a line from a binding. */
    static final String NAME = "dnsName";

    private NameJson() {}

    /**
     * A record and its address.
     *
     * @param address the address
     * @param record its name
     */
    record Named(Ipv4 address, DnsRecord record) {}

    static ObjectNode of(DnsEntry entry) {
        DnsRecord record = entry.record();
        return Json.object()
                .put("address", entry.address().toString())
                .put(NAME, record.name())
                .put("phase", Json.name(record.phase()))
                .put("owner", record.owner().toString())
                .put("style", Json.name(record.style()))
                .put("forward", record.forward());
    }

    /**
     * What a cell is to have on record that knows nothing of the address: what stood in DNS is sent again, since nobody
     * knows whether it still does. Whose name it is is looked at with every update.
     */
    static Named read(JsonNode node) throws IOException {
        try {
            DnsRecord.Phase phase = DnsRecord.Phase.valueOf(upper(node, "phase"));
            DnsRecord record = new DnsRecord(
                    phase == DnsRecord.Phase.PRESENT ? DnsRecord.Phase.ADDING : phase,
                    Json.text(node, NAME),
                    Octets.parseHex(Json.text(node, "owner").replace(":", "")),
                    DnsRecord.Style.valueOf(upper(node, "style")),
                    node.path("forward").asBoolean());
            return new Named(Ipv4.parse(Json.text(node, "address")), record);
        } catch (IllegalArgumentException e) {
            throw new IOException("the backup is damaged: " + e.getMessage(), e);
        }
    }

    private static String upper(JsonNode node, String field) {
        return Json.text(node, field).toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
