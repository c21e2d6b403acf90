package org.anylease.server.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Option 81, Client FQDN (RFC 4702 §2).
 *
 * @param serverUpdates S: the server is to keep the A record, or keeps it
 * @param overridden O: the server did not do as the client wished (only a server sets it)
 * @param canonical E: the name is encoded as in DNS (RFC 1035 §3.1), else in the deprecated ASCII
 * @param noUpdates N: the server is to send no updates, or sends none
 * @param name the name, as it was sent, without the final dot; may be empty
 * @param complete whether the name is fully qualified; else the server completes it (§3.1)
 */
public record ClientFqdn(
        boolean serverUpdates,
        boolean overridden,
        boolean canonical,
        boolean noUpdates,
        String name,
        boolean complete) {
    private static final int S = 1;
    private static final int O = 1 << 1;
    private static final int E = 1 << 2;
    private static final int N = 1 << 3;
    private static final int NAME_AT = 3;
    private static final int LABEL_MAX = 63;

    /** RCODE1 and RCODE2 are 255 in replies (RFC 4702 §2.2). */
    private static final int RCODE_SENT = 255;

    /**
     * Reads an option. Of RCODE1 and RCODE2 nothing is read (§2.2), nor of the flags that must be zero (§2.1).
     *
     * @param octets the option's value
     * @return empty when it is too short, has a label that is no label, or says S and N at once (§2.1)
     */
    public static Optional<ClientFqdn> decode(byte[] octets) {
        if (octets.length < NAME_AT) {
            return Optional.empty();
        }
        int flags = octets[0] & 255;
        boolean canonical = (flags & E) != 0;
        if ((flags & S) != 0 && (flags & N) != 0) {
            return Optional.empty();
        }
        List<String> labels = new ArrayList<>();
        boolean complete = false;
        if (canonical) {
            int at = NAME_AT;
            while (at < octets.length && octets[at] != 0) {
                int length = octets[at] & 255;
                if (length > LABEL_MAX || at + 1 + length > octets.length) {
                    return Optional.empty();
                }
                labels.add(new String(octets, at + 1, length, StandardCharsets.ISO_8859_1));
                at += 1 + length;
            }
            complete = at < octets.length && !labels.isEmpty();
        } else {
            String text = new String(octets, NAME_AT, octets.length - NAME_AT, StandardCharsets.ISO_8859_1);
            for (String label : text.replace("\0", "").split("\\.", -1)) {
                if (!label.isEmpty()) {
                    labels.add(label);
                }
            }
            complete = labels.size() > 1;
        }
        return Optional.of(new ClientFqdn(
                (flags & S) != 0, (flags & O) != 0, canonical, (flags & N) != 0, String.join(".", labels), complete));
    }

    /**
     * The option's value as a server sends it, in the encoding that {@code canonical} says (§4: that of the client).
     *
     * @return RCODE1 and RCODE2 are 255
     */
    public byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((serverUpdates ? S : 0) | (overridden ? O : 0) | (canonical ? E : 0) | (noUpdates ? N : 0));
        out.write(RCODE_SENT);
        out.write(RCODE_SENT);
        if (!canonical) {
            out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
            return out.toByteArray();
        }
        out.writeBytes(Dhcid.wireName(name, complete));
        return out.toByteArray();
    }
}
