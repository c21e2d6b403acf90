package org.anylease.server.isc.leases;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Declaration;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** Reads the statements of one lease declaration (dhcpd.leases(5), <i>the DHCPv4 lease declaration</i>). */
final class LeaseReader {
    private final Declaration lease;
    private final AgentOptions agent = new AgentOptions();
    private final List<String> differences = new ArrayList<>();
    private final TreeSet<String> variables = new TreeSet<>();
    private @Nullable LeaseState state;
    private @Nullable Instant starts;
    private @Nullable Instant ends;
    private @Nullable Instant lastSeen;
    private Octets hardware = Octets.EMPTY;
    private Octets uid = Octets.EMPTY;
    private String hostname = "";

    private LeaseReader(Declaration lease) {
        this.lease = lease;
    }

    static LeaseEntry read(Declaration lease) throws MalformedEntry {
        return new LeaseReader(lease).read();
    }

    private LeaseEntry read() throws MalformedEntry {
        for (Statement statement : lease.body()) {
            statement(statement);
        }
        if (!agent.isKept()) {
            differences.add(
                    "option 82 is longer than " + LeaseClient.RELAY_INFORMATION_MAX + " octets and is not kept");
        }
        tellOfVariables();
        return new LeaseEntry(
                lease.origin().at(),
                Ipv4.parse(lease.name()),
                state,
                starts,
                ends,
                lastSeen,
                hardware,
                uid,
                hostname,
                agent.isKept() ? agent.toOctets() : Octets.EMPTY,
                differences);
    }

    private void statement(Statement statement) throws MalformedEntry {
        switch (statement) {
            case Statement.Setting setting -> setting(setting);
            case Statement.Hardware given -> hardware = hardware(given);
            case Statement.OptionSetting option -> {
                if (option.option().space().equals("agent")) {
                    agent.add(option);
                } else {
                    differences.add("option " + option.option() + " is not kept");
                }
            }
            case Statement.Action action -> {
                if (action.word().equals("set")) {
                    variables.add(action.target());
                } else {
                    differences.add("'" + action.word() + "' has no effect here");
                }
            }
            case Statement.OnEvent event ->
                differences.add("what was to be done on " + String.join(" or ", event.events()) + " is not done");
            case Statement.Broken broken ->
                throw new MalformedEntry(broken.problem().at(), broken.problem().what());
            default -> differences.add("'" + statement.origin().source() + "' has no effect here");
        }
    }

    private void setting(Statement.Setting setting) throws MalformedEntry {
        Place at = setting.origin().at();
        if (!(setting.value() instanceof Value.Data data)) {
            throw new MalformedEntry(at, "'" + setting.name() + "' takes no expression in a lease file");
        }
        List<Piece> pieces = data.pieces();
        switch (setting.name()) {
            case "starts" -> starts = LeaseDate.parse(at, pieces);
            case "ends" -> ends = LeaseDate.parse(at, pieces);
            case "cltt" -> lastSeen = LeaseDate.parse(at, pieces);
            // What failover peers told each other of the expiry: both are replaced.
            case "tstp", "tsfp", "atsfp" -> LeaseDate.parse(at, pieces);
            case "binding" -> state(at, pieces, 0);
            case "next", "rewind" -> otherState(setting, pieces);
            case "uid" -> uid = AgentOptions.octets(one(at, "a client identifier", pieces));
            case "client-hostname", "hostname" ->
                hostname(one(at, "a host name", pieces).text());
            case "abandoned" -> state = LeaseState.ABANDONED;
            case "released" -> state = LeaseState.RELEASED;
            case "bootp", "dynamic-bootp" -> tellOfBootp();
            case "reserved" -> tellOfReserved();
            case "billing" -> differences.add("members of its class are not counted here");
            default -> differences.add("'" + setting.name() + "' has no effect here");
        }
    }

    private void state(Place at, List<Piece> pieces, int from) throws MalformedEntry {
        String word = word(at, pieces, from);
        if (word.equalsIgnoreCase("bootp")) {
            tellOfBootp();
        } else if (word.equalsIgnoreCase("reserved")) {
            tellOfReserved();
        }
        state = known(at, word);
    }

    /** What the state will be, or was told to the peer: of no effect, but it has to be a state. */
    private static void otherState(Statement.Setting setting, List<Piece> pieces) throws MalformedEntry {
        Place at = setting.origin().at();
        if (pieces.isEmpty() || !pieces.getFirst().text().equalsIgnoreCase("binding")) {
            throw new MalformedEntry(at, "expected '" + setting.name() + " binding state' and a state");
        }
        known(at, word(at, pieces, 1));
    }

    private static String word(Place at, List<Piece> pieces, int from) throws MalformedEntry {
        if (pieces.size() != from + 2 || !pieces.get(from).text().equalsIgnoreCase("state")) {
            throw new MalformedEntry(at, "expected 'binding state' and a state");
        }
        return pieces.get(from + 1).text();
    }

    private static LeaseState known(Place at, String word) throws MalformedEntry {
        LeaseState known = LeaseState.of(word).orElse(null);
        if (known == null) {
            throw new MalformedEntry(
                    at,
                    "'" + word + "' is no binding state (expected free, active, expired, released, abandoned, reset"
                            + " or backup)");
        }
        return known;
    }

    private static Piece one(Place at, String what, List<Piece> pieces) throws MalformedEntry {
        if (pieces.size() != 1) {
            throw new MalformedEntry(at, "expected " + what);
        }
        return pieces.getFirst();
    }

    private static Octets hardware(Statement.Hardware given) throws MalformedEntry {
        Octets address = given.address();
        if (1 + address.length() > LeaseClient.HARDWARE_MAX) {
            throw new MalformedEntry(
                    given.origin().at(),
                    "a hardware address has at most " + (LeaseClient.HARDWARE_MAX - 1) + " octets");
        }
        if (address.isEmpty()) {
            return Octets.EMPTY;
        }
        byte[] octets = new byte[1 + address.length()];
        octets[0] = (byte) given.type();
        address.copyTo(octets, 1);
        return Octets.of(octets);
    }

    private void hostname(String text) {
        // dhcpd cuts what is longer as well (RFC 1035 §2.3.4).
        hostname = text.length() <= LeaseClient.HOSTNAME_MAX ? text : text.substring(0, LeaseClient.HOSTNAME_MAX);
    }

    private void tellOfBootp() {
        differences.add(
                "it is a BOOTP client's, which is answered where 'serving.bootp' says so; else its address is kept"
                        + " until the lease ends");
    }

    private void tellOfReserved() {
        differences.add("dhcpd kept the address for this client for ever: write a reservation");
    }

    /** The vendor class is sent with every request, and nothing here asks for it of a lease. */
    private void tellOfVariables() {
        variables.remove("vendor-class-identifier");
        TreeSet<String> others = new TreeSet<>(variables);
        others.removeIf(name -> name.startsWith("ddns-"));
        if (others.size() < variables.size()) {
            differences.add("the name that dhcpd put into DNS is not removed when the lease ends");
        }
        if (!others.isEmpty()) {
            differences.add("variables are not kept: " + String.join(", ", others));
        }
    }
}
