package org.anylease.tools.anycast;

import java.util.ArrayList;
import java.util.List;
import org.anylease.server.config.Announcement;
import org.anylease.server.config.AnycastConfig.RouteDaemon.Exabgp;
import org.anylease.server.config.AnycastConfig.RouteDaemon.Frr;
import org.anylease.store.address.Ipv4;

/** What routing daemons are told, in their own words. */
public final class DaemonText {
    /** The constant of BIRD's configuration that is true while the route may be announced at all. */
    public static final String BIRD_ANNOUNCED = "anylease_announced";

    /** The constant that is true while the route is to be inferior. */
    public static final String BIRD_INFERIOR = "anylease_inferior";

    private DaemonText() {}

    /**
     * The file that bird.conf includes: two constants for the operator's filters to use. What inferior means, a MED or
     * a cost or a community, is said there, beside the rest of the routing policy.
     *
     * @param announcement what to announce
     * @return the file
     */
    public static String birdInclude(Announcement announcement) {
        return "# Written by 'anylease anycast run' and included by bird.conf; changes are overwritten.\n"
                + "define " + BIRD_ANNOUNCED + " = " + (announcement != Announcement.WITHDRAWN) + ";\n"
                + "define " + BIRD_INFERIOR + " = " + (announcement == Announcement.INFERIOR) + ";\n";
    }

    /**
     * What BIRD's {@code eval} says of {@link #BIRD_ANNOUNCED} and {@link #BIRD_INFERIOR} when the file is in force.
     *
     * @param announcement what is announced
     * @return {@code TRUE} or {@code FALSE} for each
     */
    public static List<String> birdConstants(Announcement announcement) {
        return List.of(
                announcement != Announcement.WITHDRAWN ? "TRUE" : "FALSE",
                announcement == Announcement.INFERIOR ? "TRUE" : "FALSE");
    }

    /**
     * The arguments of vtysh.
     *
     * @param frr the operator's configuration lines
     * @param announcement what to announce
     * @return from {@code -c} on
     */
    public static List<String> vtysh(Frr frr, Announcement announcement) {
        List<String> lines = switch (announcement) {
            case PREFERRED -> frr.preferred();
            case INFERIOR -> frr.inferior();
            case WITHDRAWN -> frr.withdrawn();
        };
        List<String> arguments = new ArrayList<>(List.of("-c", "configure terminal"));
        for (String line : lines) {
            arguments.add("-c");
            arguments.add(line);
        }
        return arguments;
    }

    /**
     * A line for ExaBGP's API. An announcement takes the place of an earlier one of the same prefix.
     *
     * @param exabgp the operator's attributes
     * @param address the service address
     * @param announcement what to announce
     * @return the line, without its end
     */
    public static String exabgp(Exabgp exabgp, Ipv4 address, Announcement announcement) {
        String route = " route " + address + "/32 ";
        return switch (announcement) {
            case PREFERRED -> "announce" + route + exabgp.preferred();
            case INFERIOR -> "announce" + route + exabgp.inferior();
            case WITHDRAWN -> "withdraw" + route + exabgp.preferred();
        };
    }
}
