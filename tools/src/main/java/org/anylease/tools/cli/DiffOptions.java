package org.anylease.tools.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which two configurations {@code --diff} compares, and what the client sends that both are asked by. */
final class DiffOptions {
    /** The option that carries a client's user class (RFC 3004). */
    private static final int USER_CLASS = 77;

    private static final String STRANGER = "02:00:00:00:00:01";

    @Option(
            names = "--diff",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "ANYLEASE.YAML",
            description =
                    "Compare what clients would be told by the file and by a system configuration (default: by what it"
                            + " is converted to). Exit code 1 when anything differs.")
    private @Nullable String other;

    @Option(
            names = "--subnet",
            paramLabel = "SUBNET",
            defaultValue = "",
            description = "With --diff: one client of this subnet, or of that around this address, with all fields.")
    private String subnet = "";

    @Option(
            names = "--mac",
            paramLabel = "MAC",
            defaultValue = "",
            description = "The client's hardware address (default: one that nobody has).")
    private String mac = "";

    @Option(
            names = "--client-id",
            paramLabel = "HEX",
            defaultValue = "",
            description = "Its client identifier, option 61.")
    private String clientId = "";

    @Option(names = "--vendor", paramLabel = "TEXT", defaultValue = "", description = "Its vendor class, option 60.")
    private String vendor = "";

    @Option(names = "--user-class", paramLabel = "TEXT", defaultValue = "", description = "Its user class, option 77.")
    private String userClass = "";

    @Option(names = "--hostname", paramLabel = "TEXT", defaultValue = "", description = "Its host name, option 12.")
    private String hostname = "";

    @Option(
            names = "--circuit",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "The circuit that its relay names, in option 82.")
    private String circuit = "";

    @Option(
            names = "--remote",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "The remote identifier that its relay names, in option 82.")
    private String remote = "";

    @Option(names = "--option", paramLabel = "CODE=HEX", description = "Any other option that it sends; once for each.")
    private Map<Integer, String> others = new TreeMap<>();

    @Option(
            names = "--request",
            paramLabel = "CODE",
            split = ",",
            description = "The options that it asks for, option 55 (default: it does not say, and is told all).")
    private List<Integer> request = List.of();

    @Option(
            names = "--hosts",
            paramLabel = "COUNT",
            defaultValue = "500",
            description = "Without --subnet: so many of the hosts that the file declares (default: ${DEFAULT-VALUE}).")
    private int hosts = 500;

    boolean isWanted() {
        return other != null;
    }

    /** The system configuration to compare with; empty for what the file is converted to. */
    String other() {
        String file = other;
        return file == null ? "" : file;
    }

    int hosts() {
        return hosts;
    }

    /** The subnet that was named, of those that are there. */
    Optional<Prefix> subnet(List<Prefix> known) {
        if (subnet.isEmpty()) {
            return Optional.empty();
        }
        Ipv4 within;
        try {
            within = subnet.contains("/") ? Prefix.parse(subnet).network() : Ipv4.parse(subnet);
        } catch (IllegalArgumentException e) {
            throw new CliFailure(
                    ExitCode.USAGE, "'" + subnet + "' is no subnet", "write one like 10.1.0.0/24, or an address in it");
        }
        return Optional.of(known.stream()
                .filter(prefix -> prefix.contains(within))
                .findFirst()
                .orElseThrow(() -> new CliFailure(
                        ExitCode.USAGE,
                        "no subnet of the file has " + within,
                        "it has "
                                + String.join(
                                        ", ",
                                        known.stream().map(Prefix::toString).toList()))));
    }

    /** A DISCOVER of the client that was described. */
    Packet discover(Prefix of) {
        return discover(of, null, null);
    }

    /** A DISCOVER of a client that a file declares, and that is like the one described otherwise. */
    Packet discover(Prefix of, @Nullable Octets hardware, @Nullable Octets identifier) {
        OptionsBuilder options = Options.builder().messageType(MessageType.DISCOVER);
        text(options, OptionCode.HOSTNAME, hostname);
        text(options, OptionCode.CLASS_ID, vendor);
        text(options, USER_CLASS, userClass);
        others.forEach((code, hex) -> options.bytes(code(code) & 255, octets(hex)));
        relayInformation(options);
        if (identifier != null) {
            options.bytes(OptionCode.CLIENT_ID, identifier.toArray());
        } else if (!clientId.isEmpty()) {
            options.bytes(OptionCode.CLIENT_ID, octets(clientId));
        }
        if (!request.isEmpty()) {
            byte[] codes = new byte[request.size()];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = code(request.get(i));
            }
            options.bytes(OptionCode.PARAMETER_LIST, codes);
        }
        return Packet.builder()
                .xid(1)
                .hops(1)
                .giaddr(relay(of))
                .hardware(hardware == null ? own() : hardware(hardware))
                .options(options.build())
                .build();
    }

    private void relayInformation(OptionsBuilder options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        suboption(out, RelayInformation.CIRCUIT_ID, circuit);
        suboption(out, RelayInformation.REMOTE_ID, remote);
        if (out.size() > 0) {
            options.bytes(OptionCode.RELAY_AGENT_INFORMATION, out.toByteArray());
        }
    }

    private static void suboption(ByteArrayOutputStream out, int code, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        if (octets.length > 127) {
            throw new CliFailure(ExitCode.USAGE, "'" + text + "' is too long", "write at most 127 octets");
        }
        if (octets.length > 0) {
            out.write(code);
            out.write(octets.length);
            out.writeBytes(octets);
        }
    }

    private static HardwareAddress hardware(Octets typed) {
        byte[] octets = typed.toArray();
        return HardwareAddress.of(octets[0] & 255, java.util.Arrays.copyOfRange(octets, 1, octets.length));
    }

    private HardwareAddress own() {
        try {
            return HardwareAddress.ethernet(mac.isEmpty() ? STRANGER : mac);
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCode.USAGE, "'" + mac + "' is no MAC address", "write one like " + STRANGER);
        }
    }

    /** The last address that a relay could have. */
    private static Ipv4 relay(Prefix of) {
        return of.length() >= 31 ? of.last() : of.last().plus(-1);
    }

    private static byte code(int code) {
        if (code < 1 || code > 254) {
            throw new CliFailure(ExitCode.USAGE, code + " is no option's code", "write codes from 1 to 254");
        }
        return (byte) code;
    }

    private static byte[] octets(String hex) {
        try {
            return HexFormat.of().parseHex(hex.replace(":", "").replaceFirst("^0x", ""));
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCode.USAGE, "'" + hex + "' is no hexadecimal octets", "write such as 01:02:aa");
        }
    }

    private static void text(OptionsBuilder options, int code, String text) {
        if (!text.isEmpty()) {
            options.bytes(code, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
