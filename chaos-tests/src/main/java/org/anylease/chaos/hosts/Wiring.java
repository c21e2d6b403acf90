package org.anylease.chaos.hosts;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.anylease.chaos.lab.Namespace;

/**
 * The network of a chaos run, and what goes wrong with it. Each site has a link to a core router, and so has the host of
 * the clients, with a relay's address for each site. All sites have the service address; the core leads each relay's
 * packets to one of them.
 *
 * <pre>
 *   clients 10.0.9.1 to .3 ── core ─┬─ site 1, 10.0.1.2 ┐
 *                                   ├─ site 2, 10.0.2.2 ├ each with 192.0.2.67/32 on its loopback interface
 *                                   └─ site 3, 10.0.3.2 ┘
 * </pre>
 *
 * A packet is lost where it would be received, since a sender that hears of an error knows more than it should. Any
 * thread may use it.
 */
public final class Wiring implements AutoCloseable {
    /** The address that all sites share. */
    public static final String SERVICE_ADDRESS = "192.0.2.67";

    private static final String CLIENTS = "10.0.9.0/24";
    private static final int TABLE = 100;

    private final Hosts hosts;
    private final List<Namespace> own = new ArrayList<>();
    private final Namespace core;
    private final Namespace clients;
    private final TreeSet<Loss> losses = new TreeSet<>();
    private final int[] routes = new int[Hosts.SITES + 1];

    private record Loss(int site, String source) implements Comparable<Loss> {
        @Override
        public int compareTo(Loss other) {
            return site != other.site ? Integer.compare(site, other.site) : source.compareTo(other.source);
        }
    }

    /**
     * Wires the hosts; every relay is led to the site of its number.
     *
     * @param prefix what the names of its namespaces begin with, unique on this machine
     * @param hosts what to wire
     */
    public Wiring(String prefix, Hosts hosts) {
        this.hosts = hosts;
        try {
            core = add(prefix + "core");
            clients = add(prefix + "clients");
            build();
        } catch (RuntimeException e) {
            try {
                close();
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private Namespace add(String name) {
        Namespace namespace = new Namespace(name);
        own.add(namespace);
        return namespace;
    }

    private void build() {
        core.forward();
        link("clients", clients);
        core.ip("addr", "add", "10.0.9.254/24", "dev", "clients");
        for (int site = 1; site <= Hosts.SITES; site++) {
            Namespace host = hosts.network(site);
            host.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0")
                    .orThrow();
            link("site" + site, host);
            core.ip("addr", "add", "10.0." + site + ".1/24", "dev", "site" + site);
            host.ip("addr", "add", address(site) + "/24", "dev", "core");
            host.ip("addr", "add", SERVICE_ADDRESS + "/32", "dev", "lo");
            host.ip("route", "add", "default", "via", "10.0." + site + ".1");
            clients.ip("addr", "add", relay(site) + "/24", "dev", "core");
            String table = Integer.toString(TABLE + site);
            core.ip("rule", "add", "from", relay(site), "to", SERVICE_ADDRESS, "table", table);
            route(site, site);
        }
        clients.ip("route", "add", "default", "via", "10.0.9.254");
    }

    private void link(String name, Namespace host) {
        core.ip("link", "add", name, "type", "veth", "peer", "name", "core", "netns", host.name());
        core.ip("link", "set", name, "up");
        host.ip("link", "set", "core", "up");
    }

    /**
     * A server's own address.
     *
     * @param site its site
     * @return such as {@code 10.0.1.2}
     */
    public static String address(int site) {
        return "10.0." + site + ".2";
    }

    /**
     * A relay's address.
     *
     * @param relay from 1; there are as many as sites
     * @return such as {@code 10.0.9.1}
     */
    public static String relay(int relay) {
        return "10.0.9." + relay;
    }

    /**
     * The host of the clients and their relays.
     *
     * @return its namespace
     */
    public Namespace clients() {
        return clients;
    }

    /**
     * Loses all that one server sends to another.
     *
     * @param from the sender's site
     * @param to the receiver's site
     */
    public void lose(int from, int to) {
        lose(to, address(from));
    }

    /**
     * Loses all that clients send to a site.
     *
     * @param site the receiver
     */
    public void loseClients(int site) {
        lose(site, CLIENTS);
    }

    private synchronized void lose(int site, String source) {
        if (losses.add(new Loss(site, source))) {
            input(site, "-A", source);
        }
    }

    /**
     * Passes again what one server sends to another.
     *
     * @param from the sender's site
     * @param to the receiver's site
     */
    public synchronized void pass(int from, int to) {
        if (losses.remove(new Loss(to, address(from)))) {
            input(to, "-D", address(from));
        }
    }

    private void input(int site, String action, String source) {
        hosts.network(site)
                .run("iptables", "-w", action, "INPUT", "-s", source, "-j", "DROP")
                .orThrow();
    }

    /** Passes everything again, and leads every relay to the site of its number. */
    public synchronized void mend() {
        for (Loss loss : losses) {
            input(loss.site, "-D", loss.source);
        }
        losses.clear();
        for (int relay = 1; relay <= Hosts.SITES; relay++) {
            route(relay, relay);
        }
    }

    /**
     * Leads what a relay sends to the service address to a site, as a routing daemon would.
     *
     * @param relay the relay
     * @param site the site
     */
    public synchronized void route(int relay, int site) {
        if (routes[relay] != site) {
            core.ip(
                    "route",
                    "replace",
                    SERVICE_ADDRESS + "/32",
                    "via",
                    address(site),
                    "table",
                    Integer.toString(TABLE + relay));
            routes[relay] = site;
        }
    }

    /**
     * Where a relay's packets are led.
     *
     * @param relay the relay
     * @return the site
     */
    public synchronized int routed(int relay) {
        return routes[relay];
    }

    @Override
    public void close() {
        own.reversed().forEach(Namespace::remove);
        own.clear();
    }
}
