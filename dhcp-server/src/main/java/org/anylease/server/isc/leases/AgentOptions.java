package org.anylease.server.isc.leases;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.LeaseClient;

/** Option 82 as a lease file has it, one statement for each sub-option ({@code option agent.circuit-id …}). */
final class AgentOptions {
    private static final int CODE_MAX = 254;
    private static final int SUBOPTION_MAX = 255;

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    /** Adds a sub-option, in the order of the file. */
    void add(Statement.OptionSetting setting) throws MalformedEntry {
        Place at = setting.origin().at();
        if (!(setting.value() instanceof Value.Data data)) {
            throw new MalformedEntry(at, "a sub-option of option 82 is no expression in a lease file");
        }
        byte[] value = value(at, setting.option().name(), data.pieces());
        if (value.length > SUBOPTION_MAX) {
            throw new MalformedEntry(at, "a sub-option of option 82 has at most " + SUBOPTION_MAX + " octets");
        }
        octets.write(code(at, setting.option().name()));
        octets.write(value.length);
        octets.writeBytes(value);
    }

    /** Sub-options that ISC DHCP has names for (RFC 3046 §2, 3256, 3527, 8357), and others. */
    private static int code(Place at, String name) throws MalformedEntry {
        int code = switch (name) {
            case "circuit-id" -> 1;
            case "remote-id" -> 2;
            case "agent-id" -> 3;
            case "docsis-device-class" -> 4;
            case "link-selection" -> 5;
            case "relay-port" -> 19;
            default ->
                name.matches("(unknown|option)-[0-9]{1,3}")
                        ? Integer.parseInt(name.substring(name.indexOf('-') + 1))
                        : 0;
        };
        if (code < 1 || code > CODE_MAX) {
            throw new MalformedEntry(at, "option 82 has no sub-option '" + name + "'");
        }
        return code;
    }

    private static byte[] value(Place at, String name, List<Piece> pieces) throws MalformedEntry {
        if (name.equals("relay-port") && pieces.isEmpty()) {
            return new byte[0];
        }
        if (pieces.size() != 1) {
            throw new MalformedEntry(at, "expected one value of sub-option '" + name + "'");
        }
        Piece piece = pieces.getFirst();
        try {
            return switch (name) {
                case "agent-id", "link-selection" ->
                    ByteBuffer.allocate(4)
                            .putInt(Ipv4.parse(piece.text()).bits())
                            .array();
                case "docsis-device-class" ->
                    ByteBuffer.allocate(4)
                            .putInt(Integer.parseUnsignedInt(piece.text()))
                            .array();
                default -> octets(piece).toArray();
            };
        } catch (IllegalArgumentException e) {
            throw new MalformedEntry(piece.at(), "'" + piece.text() + "' is no value of sub-option '" + name + "'");
        }
    }

    /** Text in quotes, or hexadecimal octets between colons, of which dhcpd writes no leading zeros. */
    static Octets octets(Piece piece) throws MalformedEntry {
        if (piece.quoted()) {
            return Octets.of(piece.text().getBytes(StandardCharsets.ISO_8859_1));
        }
        String[] parts = piece.text().split(":", -1);
        byte[] octets = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].matches("[0-9a-fA-F]{1,2}")) {
                throw new MalformedEntry(
                        piece.at(), "'" + piece.text() + "' is neither octets like 01:02 nor text in quotes");
            }
            octets[i] = (byte) Integer.parseInt(parts[i], 16);
        }
        return Octets.of(octets);
    }

    /** The whole option. */
    Octets toOctets() {
        return Octets.of(octets.toByteArray());
    }

    /** Whether it is short enough to be kept with a binding. */
    boolean isKept() {
        return octets.size() <= LeaseClient.RELAY_INFORMATION_MAX;
    }
}
