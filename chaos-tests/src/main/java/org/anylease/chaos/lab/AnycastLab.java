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
        address(relay, "clients", "10.50.0.1/24");
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
