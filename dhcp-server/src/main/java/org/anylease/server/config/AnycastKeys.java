package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;
import static org.anylease.server.config.Key.required;

import java.util.List;

/** The keys of the file of {@code anylease anycast}, for {@link Concept}. */
final class AnycastKeys {
    static final List<Key> FILE = List.of(
            required("service-address", Shape.ADDRESS, "the address whose route is announced", "192.0.2.67"),
            optional(
                    "state-directory",
                    Shape.TEXT,
                    "/var/lib/anylease-anycast",
                    "where it keeps what it announced last, and whether it is drained",
                    "/srv/anycast"),
            required("check", Shape.of("anycast-check"), "how the local server is checked", "{ links: [10.0.0.0] }"),
            optional("rise", Shape.NUMBER, "5", "so many good checks in a row make the route better, 1 to 1000", "10"),
            optional("fall", Shape.NUMBER, "3", "so many bad checks in a row make the route worse, 1 to 1000", "5"),
            optional(
                    "when-alone",
                    Shape.oneOf("preferred", "inferior"),
                    "inferior",
                    "the route of a server that answers, but is cut off from its quorum",
                    "preferred"),
            optional(
                    "when-failing",
                    Shape.oneOf("inferior", "withdrawn"),
                    "inferior",
                    "the route of a server that does not answer",
                    "withdrawn"),
            optional(
                    "when-drained",
                    Shape.oneOf("inferior", "withdrawn"),
                    "inferior",
                    "the route while an operator has drained the site",
                    "withdrawn"),
            optional(
                    "address",
                    Shape.of("anycast-address"),
                    "not touched",
                    "puts the service address on an interface, and takes it away to withdraw the route",
                    "{ interface: lo }"),
            optional("bird", Shape.of("anycast-bird"), "none", "lets BIRD 2 announce the route", "{ }"),
            optional("frr", Shape.of("anycast-frr"), "none", "lets FRR announce the route", "{ preferred: … }"),
            optional(
                    "exabgp",
                    Shape.of("anycast-exabgp"),
                    "none",
                    "lets ExaBGP announce the route; it has to start this command as a process",
                    "{ preferred: … }"));

    static final List<Key> CHECK = List.of(
            required(
                    "links",
                    Shape.ADDRESSES,
                    "an address of each subnet for which the server has to answer, at most 16",
                    "[10.0.0.0, 10.0.1.0]"),
            optional(
                    "server",
                    Shape.ADDRESS,
                    "`service-address`",
                    "where the local server listens; an own address of it where `address` is given",
                    "10.1.0.2"),
            optional("port", Shape.PORT, "67", "the DHCP server's port (UDP)", "1067"),
            optional("interval", Shape.DURATION, "1s", "from one check to the next, 100ms to 1m", "5s"),
            optional(
                    "timeout", Shape.DURATION, "500ms", "how long an answer may take, 10ms to the `interval`", "200ms"),
            optional(
                    "admin",
                    Shape.of("endpoint"),
                    "127.0.0.1, port 6780",
                    "where the server answers operators: asked whether it is cut off",
                    "{ port: 6780 }"));

    static final List<Key> ADDRESS =
            List.of(optional("interface", Shape.NAME, "lo", "the interface, as `ip addr` names it", "dummy0"));

    static final List<Key> BIRD = List.of(
            optional(
                    "include",
                    Shape.TEXT,
                    "`bird.conf` in `state-directory`",
                    "the file to write, which bird.conf includes",
                    "/run/anylease/bird.conf"),
            optional("socket", Shape.TEXT, "/run/bird/bird.ctl", "BIRD's control socket", "/run/bird.ctl"));

    static final List<Key> FRR = List.of(
            required(
                    "preferred",
                    Shape.LINES,
                    "configuration lines for vtysh that make the route preferred",
                    "[route-map ANYLEASE permit 10, no set metric]"),
            required(
                    "inferior",
                    Shape.LINES,
                    "those that make it inferior",
                    "[route-map ANYLEASE permit 10, set metric 1000]"),
            required("withdrawn", Shape.LINES, "those that withdraw it", "[route-map ANYLEASE deny 10]"));

    static final List<Key> EXABGP = List.of(
            required(
                    "preferred",
                    Shape.TEXT,
                    "next hop and attributes of the preferred route, in ExaBGP's notation",
                    "next-hop self med 0"),
            required(
                    "inferior", Shape.TEXT, "those of the inferior one", "next-hop self med 1000 community [65535:0]"));

    private AnycastKeys() {}
}
