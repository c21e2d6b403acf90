package org.anylease.chaos.lab;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Three sites that share one service address, a core router, a relay router and two links with hosts on them:
 *
 * <pre>
 *   relayed link (10.50.0.0/24) ── relay ── core ── site1  10.0.1.2  ┐
 *                             10.50.0.1  10.0.9.1 ├─ site2  10.0.2.2  ├ each with 192.0.2.67/32 on its loopback interface
 *                                                 └─ site3  10.0.3.2  ┘
 *   direct link (10.60.0.0/24), a bridge in the core: hosts, and those sites that are attached to it
 * </pre>
 *
 * The core routes the service address to one site; {@link #routeTo} moves it, as a routing daemon would. Used by one
 * thread.
 */
public final class AnycastLab implements AutoCloseable {
    /** The address that all sites share. */
    public static final String SERVICE_ADDRESS = "192.0.2.67";

    /** The relay router's address on the clients' link. */
    public static final String RELAY_ADDRESS = "10.50.0.1";

    /** The interface of a host. */
    public static final String DEVICE = "eth0";

    /** How many sites there are. */
    public static final int SITES = 3;

    private static final String NOBODY = "198.51.100.9";

    private final String prefix;
    private final List<Namespace> all = new ArrayList<>();
    private final List<Namespace> sites = new ArrayList<>();
    private final Namespace core;
    private final Namespace relay;

    /** The links that hosts can be on. */
    public enum Link {
        /** Behind the relay router. */
        RELAYED("clients"),
        /** Shared with the sites' servers. */
        DIRECT("direct");

        private final String bridge;

        Link(String bridge) {
            this.bridge = bridge;
        }
    }

    /** Builds the laboratory. Needs root and iproute2. */
    public AnycastLab() {
        prefix = "al" + Integer.toString(new SecureRandom().nextInt(60_466_176), 36);
        try {
            core = add("core");
            relay = add("relay");
            for (int site = 1; site <= SITES; site++) {
                sites.add(add("site" + site));
            }
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

    /**
     * Whether laboratories can be built here; prints why not.
     *
     * @param suite what would be tested
     * @return true for root with iproute2
     */
    public static boolean isPossible(String suite) {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root || !Command.exists("ip") || Command.run("ip", "netns", "list").exit() != 0) {
            System.out.println("SKIPPED " + suite + ": network namespaces need root and iproute2"
                    + (root ? "" : "; this user is " + System.getProperty("user.name")));
            return false;
        }
        return true;
    }

    private Namespace add(String name) {
        Namespace namespace = new Namespace(prefix + name);
        all.add(namespace);
        return namespace;
    }

    private void build() {
        core.forward();
        relay.forward();
        core.ip("link", "add", "direct", "type", "bridge", "forward_delay", "0");
        relay.ip("link", "add", "clients", "type", "bridge", "forward_delay", "0");
        relay.ip("link", "set", "clients", "up");
        core.ip("addr", "add", "10.60.0.1/24", "dev", "direct");
        core.ip("link", "set", "direct", "up");
        link(core, "relay", relay, "core");
        address(core, "relay", "10.0.9.2/24");
        address(relay, "core", "10.0.9.1/24");
        relay.ip("route", "add", "default", "via", "10.0.9.2");
        address(relay, "clients", RELAY_ADDRESS + "/24");
        core.ip("route", "add", "10.50.0.0/24", "via", "10.0.9.1");
        for (int number = 1; number <= SITES; number++) {
            Namespace site = site(number);
            link(core, "site" + number, site, "up0");
            address(core, "site" + number, "10.0." + number + ".1/24");
            address(site, "up0", "10.0." + number + ".2/24");
            site.ip("route", "add", "default", "via", "10.0." + number + ".1");
            site.ip("addr", "add", SERVICE_ADDRESS + "/32", "dev", "lo");
            link(core, "direct" + number, site, "lan0");
            core.ip("link", "set", "direct" + number, "master", "direct");
            site.ip("addr", "add", "10.60.0." + (number + 1) + "/24", "dev", "lan0");
        }
        routeTo(1);
    }

    private static void link(Namespace one, String oneName, Namespace other, String otherName) {
        one.ip("link", "add", oneName, "type", "veth", "peer", "name", otherName, "netns", other.name());
        one.ip("link", "set", oneName, "up");
        other.ip("link", "set", otherName, "up");
    }

    private static void address(Namespace namespace, String device, String address) {
        namespace.ip("addr", "add", address, "dev", device);
    }

    /**
     * A site's host.
     *
     * @param number 1 to {@link #SITES}
     * @return its namespace
     */
    public Namespace site(int number) {
        return sites.get(number - 1);
    }

    /**
     * The router between the sites.
     *
     * @return its namespace
     */
    public Namespace core() {
        return core;
    }

    /**
     * The router that relays DHCP of the clients' link.
     *
     * @return its namespace
     */
    public Namespace relay() {
        return relay;
    }

    /**
     * Adds a host without an address; its interface is {@link #DEVICE}.
     *
     * @param name its name, unique in the laboratory, at most ten letters
     * @param link where it is attached
     * @return its namespace
     */
    public Namespace host(String name, Link link) {
        Namespace host = add(name);
        Namespace router = link == Link.DIRECT ? core : relay;
        link(router, "to" + name, host, DEVICE);
        router.ip("link", "set", "to" + name, "master", link.bridge);
        return host;
    }

    /**
     * Routes the service address to a site, for relayed and for direct clients.
     *
     * @param number 1 to {@link #SITES}
     */
    public void routeTo(int number) {
        core.ip("addr", "flush", "dev", "lo", "to", SERVICE_ADDRESS + "/32");
        core.ip("route", "replace", SERVICE_ADDRESS + "/32", "via", "10.0." + number + ".2");
    }

    /**
     * Lets what a host sends to the service address go to a neighbour that is not there, so that it has to broadcast.
     * The routers could not do that: dhcrelay hears unicast that passes its link, and relays it.
     *
     * @param host the host
     */
    public static void strayUnicast(Namespace host) {
        host.ip("neigh", "replace", NOBODY, "lladdr", "02:00:00:00:00:09", "dev", DEVICE, "nud", "permanent");
        host.ip("route", "replace", SERVICE_ADDRESS + "/32", "via", NOBODY, "dev", DEVICE, "onlink");
    }

    /** Takes away the core's own route to the service address, so that a routing daemon's is the only one. */
    public void routeByDaemons() {
        core.ip("addr", "flush", "dev", "lo", "to", SERVICE_ADDRESS + "/32");
        core.ip("route", "flush", SERVICE_ADDRESS + "/32", "proto", "boot");
    }

    /**
     * The sites that the core routes the service address to.
     *
     * @return their numbers in order; several where paths are of equal cost, none without a route
     */
    public List<Integer> routedTo() {
        String route = Command.run("ip", "-n", core.name(), "route", "show", SERVICE_ADDRESS + "/32")
                .orThrow();
        List<Integer> found = new ArrayList<>();
        for (int site = 1; site <= SITES; site++) {
            if (route.contains("via 10.0." + site + ".2 ")) {
                found.add(site);
            }
        }
        return found;
    }

    /**
     * Which fields of a packet decide its way where there are several: changing that moves most flows at once.
     *
     * @param ports whether ports count, and not addresses alone
     */
    public void hashFlowsByPorts(boolean ports) {
        core.run("sysctl", "-qw", "net.ipv4.fib_multipath_hash_policy=" + (ports ? 1 : 0))
                .orThrow();
    }

    /**
     * Sends every other packet for the service address to another site, whatever the routing table says.
     *
     * @param one the site of odd packets
     * @param other the site of even packets
     */
    public void alternate(int one, int other) {
        int table = 100;
        for (int site : List.of(one, other)) {
            table++;
            core.ip("route", "add", SERVICE_ADDRESS + "/32", "via", "10.0." + site + ".2", "table", "" + table);
            core.ip("rule", "add", "fwmark", "" + table, "lookup", "" + table);
        }
        mark("-A", "101", "--every", "2", "--packet", "0");
        mark("-A", "102", "--every", "2", "--packet", "1");
    }

    /** Ends what {@link #alternate} began. */
    public void alternateNoMore() {
        core.run("iptables", "-t", "mangle", "-F", "PREROUTING").orThrow();
        for (String table : List.of("101", "102")) {
            core.ip("rule", "del", "fwmark", table);
            core.ip("route", "flush", "table", table);
        }
    }

    private void mark(String verb, String mark, String... nth) {
        List<String> words = new ArrayList<>(List.of(
                "iptables",
                "-t",
                "mangle",
                verb,
                "PREROUTING",
                "-d",
                SERVICE_ADDRESS,
                "-m",
                "statistic",
                "--mode",
                "nth"));
        words.addAll(List.of(nth));
        words.addAll(List.of("-j", "MARK", "--set-mark", mark));
        core.run(words.toArray(String[]::new)).orThrow();
    }

    /**
     * Cuts a site's server off from the others', and from nobody else.
     *
     * @param number 1 to {@link #SITES}
     */
    public void cutFromPeers(int number) {
        site(number)
                .run("iptables", "-A", "INPUT", "-i", "up0", "-p", "tcp", "-j", "DROP")
                .orThrow();
    }

    /**
     * Ends what {@link #cutFromPeers} began.
     *
     * @param number 1 to {@link #SITES}
     */
    public void healPeers(int number) {
        site(number).run("iptables", "-F", "INPUT").orThrow();
    }

    /**
     * Lets questions that a site asks its own server at the service address get lost; those from elsewhere do not.
     *
     * @param number 1 to {@link #SITES}
     * @param every which ones: 1 for all, 2 for every second one
     */
    public void loseOwnQuestions(int number, int every) {
        hearOwnQuestions(number);
        List<String> words = new ArrayList<>(List.of("iptables", "-A", "INPUT", "-i", "lo", "-d", SERVICE_ADDRESS));
        words.addAll(List.of("-p", "udp", "--dport", "67"));
        words.addAll(List.of("-m", "statistic", "--mode", "nth", "--every", "" + every, "--packet", "0"));
        words.addAll(List.of("-j", "DROP"));
        site(number).run(words.toArray(String[]::new)).orThrow();
    }

    /**
     * How many questions got lost since {@link #loseOwnQuestions} was called last.
     *
     * @param number 1 to {@link #SITES}
     * @return from 0
     */
    public int ownQuestionsLost(int number) {
        return site(number)
                .run("iptables", "-nvxL", "INPUT")
                .orThrow()
                .lines()
                .filter(line -> line.contains("DROP") && line.contains("statistic"))
                .mapToInt(line -> Integer.parseInt(line.strip().split(" +", -1)[0]))
                .sum();
    }

    /**
     * Ends what {@link #loseOwnQuestions} began.
     *
     * @param number 1 to {@link #SITES}
     */
    public void hearOwnQuestions(int number) {
        site(number).run("iptables", "-F", "INPUT").orThrow();
    }

    /** Gives the service address to the core itself, as to a load balancer; {@link #routeTo} takes it away again. */
    public void routeToCore() {
        core.ip("route", "del", SERVICE_ADDRESS + "/32");
        core.ip("addr", "replace", SERVICE_ADDRESS + "/32", "dev", "lo");
    }

    /**
     * Lets only one site hear the direct link.
     *
     * @param number 1 to {@link #SITES}
     */
    public void attachOnly(int number) {
        for (int site = 1; site <= SITES; site++) {
            core.ip("link", "set", "direct" + site, site == number ? "up" : "down");
        }
    }

    @Override
    public void close() {
        RuntimeException failed = null;
        for (Namespace namespace : all.reversed()) {
            try {
                namespace.remove();
            } catch (RuntimeException e) {
                failed = e;
            }
        }
        all.clear();
        if (failed != null) {
            throw failed;
        }
    }
}
