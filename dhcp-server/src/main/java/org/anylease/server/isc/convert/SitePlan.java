package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Setting;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;

/** Where the servers stand: from failover peers, from what the operator wishes, else from examples to be replaced. */
final class SitePlan {
    /** Addresses for documentation (RFC 5737), which stand for those that only the operator knows. */
    private static final List<String> EXAMPLES = List.of("192.0.2.", "198.51.100.", "203.0.113.");

    private static final int SERVICE = 67;
    private static final int SITES_MIN = 3;

    private final Conversion.Wishes wishes;
    private final NavigableSet<Ipv4> aliases = new TreeSet<>();
    private final NavigableSet<Ipv4> peers = new TreeSet<>();
    private final List<Ipv4> inOrder = new ArrayList<>();
    private final NavigableSet<String> interfaces = new TreeSet<>();
    private final List<String> decisions = new ArrayList<>();
    private final SortedMap<String, List<Ipv4>> sites = new TreeMap<>();
    private Ipv4 service = Ipv4.UNSPECIFIED;
    private long mclt;

    SitePlan(Conversion.Wishes wishes) {
        this.wishes = wishes;
    }

    /** Takes a failover peer apart. */
    void peer(Statement.Declaration peer, Ledger ledger) {
        ledger.open(peer)
                .differs("the pair becomes sites that agree by quorum, of which there should be three or more", "");
        boolean primary = peer.body().stream()
                .anyMatch(inner ->
                        inner instanceof Setting setting && setting.name().equals("primary"));
        for (Statement inner : peer.body()) {
            if (!(inner instanceof Setting setting)) {
                ledger.malformed(inner, "it has no meaning in a failover peer");
                continue;
            }
            Ledger.Entry entry = ledger.open(inner);
            List<Piece> pieces = setting.value() instanceof Value.Data data ? data.pieces() : List.of();
            String name = setting.name().equals("peer") && !pieces.isEmpty()
                    ? "peer " + pieces.getFirst().text()
                    : setting.name();
            part(name, pieces, primary, entry);
        }
    }

    private void part(String name, List<Piece> pieces, boolean primary, Ledger.Entry entry) {
        switch (name) {
            case "primary", "secondary" -> entry.converted("sites are equal");
            case "address", "peer address" -> address(pieces, name.equals("address") == primary, entry);
            case "mclt" -> {
                try {
                    if (pieces.isEmpty()) {
                        throw new MalformedData(null, "no time is given");
                    }
                    mclt = Math.max(mclt, OptionData.number(pieces.getLast(), 1, 0xffff_ffffL));
                    entry.converted();
                } catch (MalformedData e) {
                    e.settle(entry, "");
                }
            }
            case "port", "peer port" ->
                entry.differs("servers talk on raft-port and link-port", "open TCP 6781 and 6782 between them");
            case "max-response-delay", "max-unacked-updates", "max-transmit-idle" ->
                entry.differs("a quorum decides, in place of the failover protocol", "");
            case "split", "hba", "load" -> entry.differs("routing decides which site answers a client", "");
            case "auto-partner-down" ->
                entry.differs("the sites that have a quorum go on by themselves when one is lost", "");
            default -> entry.malformed("'" + name + "' has no meaning in a failover peer");
        }
    }

    private void address(List<Piece> pieces, boolean first, Ledger.Entry entry) {
        try {
            if (pieces.isEmpty()) {
                throw new MalformedData(null, "no address is given");
            }
            Ipv4 address = OptionData.ipv4(pieces.getLast());
            if (peers.add(address)) {
                inOrder.add(first ? 0 : inOrder.size(), address);
            }
            entry.converted("a site, or an alias");
        } catch (MalformedData e) {
            e.settle(entry, "names are not looked up: write its address into 'sites'");
        }
    }

    /** Clients may name this server. */
    void alias(Ipv4 address, Ledger.Entry entry) {
        aliases.add(address);
        entry.converted("clients that name this server are answered");
    }

    void listenOn(String name) {
        interfaces.add(name);
    }

    /** Chooses addresses, none of which clients could get. */
    void settle(List<AddressRange> givenOut) {
        service = wishes.serviceAddress().isUnspecified() ? example(SERVICE, givenOut) : wishes.serviceAddress();
        if (wishes.serviceAddress().isUnspecified()) {
            decisions.add("service-address is an example: choose the anycast address that every site will answer at");
        }
        wishes.sites().forEach((name, addresses) -> sites.put(name, new ArrayList<>(addresses)));
        if (sites.isEmpty()) {
            int number = 0;
            for (Ipv4 address : inOrder) {
                sites.put("site-" + ++number, List.of(address));
            }
            boolean pair = number > 0;
            int wanted = pair ? SITES_MIN : 1;
            while (number < wanted) {
                Ipv4 address = example(++number, givenOut);
                sites.put("site-" + number, List.of(address));
                decisions.add(address + " of site-" + number
                        + " is an example: write the server's own address, or remove" + " the site");
            }
            if (pair) {
                decisions.add("two servers became three sites, since two alone have no majority when one is lost:"
                        + " add as many more as you like");
            }
        }
        aliases.addAll(peers);
        sites.values().forEach(own -> own.forEach(aliases::remove));
        aliases.remove(service);
    }

    private static Ipv4 example(int host, List<AddressRange> givenOut) {
        for (String net : EXAMPLES) {
            Ipv4 address = Ipv4.parse(net + host);
            if (givenOut.stream().noneMatch(range -> range.contains(address))) {
                return address;
            }
        }
        throw new IllegalStateException("clients get the addresses of all networks for documentation");
    }

    Ipv4 service() {
        return service;
    }

    List<Ipv4> aliases() {
        return List.copyOf(aliases);
    }

    SortedMap<String, List<Ipv4>> sites() {
        return sites;
    }

    /** In seconds, where failover peers name one. */
    Optional<Long> mclt() {
        return mclt == 0 ? Optional.empty() : Optional.of(mclt);
    }

    List<String> interfaces() {
        return List.copyOf(interfaces);
    }

    /** What only the operator can decide. */
    List<String> decisions() {
        return decisions;
    }
}
