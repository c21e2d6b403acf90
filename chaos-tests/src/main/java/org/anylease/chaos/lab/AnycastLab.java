package org.anylease.chaos.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Three sites that share one service address, a core router, a relay router and a link with clients on it:
 *
 * <pre>
 *   clients (10.50.0.0/24) ── relay ── core ── site1  10.0.1.2  ┐
 *                        10.50.0.1  10.0.9.1 ├─ site2  10.0.2.2  ├ each with 192.0.2.67/32 on its loopback interface
 *                                            └─ site3  10.0.3.2  ┘
 *   and a link 10.60.0.0/24, a bridge in the core, to which sites and a client can be attached directly
 * </pre>
 *
 * The core routes the service address to one site; {@link #routeTo} moves it, as a routing daemon would.
 */
public final class AnycastLab implements AutoCloseable {
    /** The address that all sites share. */
    public static final String SERVICE_ADDRESS = "192.0.2.67";

    /** How many sites there are. */
    public static final int SITES = 3;

    private static int labs;

    private final String prefix;
    private final List<Namespace> all = new ArrayList<>();
    private final List<Namespace> sites = new ArrayList<>();
    private final Namespace core;
    private final Namespace relay;
    private final Namespace client;

    /** Builds the laboratory. Needs root and iproute2. */
    public AnycastLab() {
        prefix = "al" + ProcessHandle.current().pid() % 100_000 + next();
        try {
            core = add("core");
            relay = add("relay");
            client = add("client");
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

    private static synchronized char next() {
        return (char) ('a' + labs++ % 26);
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
        core.ip("addr", "add", "10.60.0.1/24", "dev", "direct");
        core.ip("link", "set", "direct", "up");
        link(core, "relay", relay, "core");
        address(core, "relay", "10.0.9.2/24");
        address(relay, "core", "10.0.9.1/24");
        relay.ip("route", "add", "default", "via", "10.0.9.2");
        link(relay, "clients", client, "eth0");
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
        link(core, "client", client, "lan0");
        core.ip("link", "set", "client", "master", "direct");
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
     * The host whose interface eth0 is on the relayed link and whose lan0 is on the direct one.
     *
     * @return its namespace
     */
    public Namespace client() {
        return client;
    }

    /**
     * Routes the service address to a site, for relayed and for direct clients.
     *
     * @param number 1 to {@link #SITES}
     */
    public void routeTo(int number) {
        core.ip("route", "replace", SERVICE_ADDRESS + "/32", "via", "10.0." + number + ".2");
    }

    /** Lets unicast to the service address end nowhere, so that clients have to broadcast. */
    public void blackholeUnicast() {
        core.ip("route", "replace", "blackhole", SERVICE_ADDRESS + "/32");
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
