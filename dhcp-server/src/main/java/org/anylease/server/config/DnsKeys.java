package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;
import static org.anylease.server.config.Key.required;

import java.util.List;

/** The keys of {@code dns}, for {@link Concept}. */
final class DnsKeys {
    static final List<Key> DNS = List.of(
            optional(
                    "style",
                    Shape.oneOf("standard", "interim", "none"),
                    "standard",
                    "how it is written down whose a name is: a DHCID record, or a TXT record as ISC's dhcpd writes in"
                            + " its interim style; `none` sends no updates",
                    "interim"),
            required("domain", Shape.TEXT, "what host names are completed with", "example.net"),
            required(
                    "zones",
                    Shape.byName("dns-zone", "zone"),
                    "the zones that may be updated, forward and reverse",
                    "{ example.net: { }, 0.0.10.in-addr.arpa: { } }"),
            optional(
                    "servers",
                    Shape.ADDRESSES,
                    "each zone's",
                    "the name servers that take updates, tried in this order",
                    "10.0.0.53"),
            optional("port", Shape.PORT, "53", "their port (TCP)", "5353"),
            optional(
                    "key-file",
                    Shape.TEXT,
                    "updates are not signed",
                    "a file on each server with the TSIG key, as `tsig-keygen` writes it",
                    "/etc/anylease/dns.key"),
            optional("ttl", Shape.DURATION, "10m", "how long others may remember a name, 1s to 1d", "5m"),
            optional(
                    "updates",
                    Shape.oneOf("both", "forward", "reverse", "none"),
                    "both",
                    "which records are kept: A and PTR, one of them, or none",
                    "forward"),
            optional(
                    "reserved",
                    Shape.oneOf("update", "leave"),
                    "update",
                    "whether names are kept of reserved addresses as well",
                    "leave"),
            optional(
                    "client-updates",
                    Shape.oneOf("deny", "allow"),
                    "deny",
                    "whether a client may keep its A record itself, or have no name, when it wishes so",
                    "allow"),
            optional(
                    "generate",
                    Shape.TEXT,
                    "none",
                    "the host name of a client that sends none, with `{address}` for its address with dashes",
                    "\"dhcp-{address}\""),
            optional(
                    "conflicts",
                    Shape.oneOf("keep", "replace"),
                    "keep",
                    "what becomes of a name that is another client's: it is kept, or taken from it",
                    "replace"));

    static final List<Key> ZONE = List.of(
            optional("servers", Shape.ADDRESSES, "those of `dns`", "its name servers", "10.0.0.54"),
            optional("port", Shape.PORT, "that of `dns`", "their port (TCP)", "5353"),
            optional("key-file", Shape.TEXT, "that of `dns`", "the file with its TSIG key", "/etc/anylease/other.key"));

    /** What a cell, a network or a subnet may say otherwise. */
    static final List<Key> NAMES = List.of(
            optional("domain", Shape.TEXT, "inherited", "what host names are completed with here", "lab.example.net"),
            optional(
                    "updates",
                    Shape.oneOf("both", "forward", "reverse", "none"),
                    "inherited",
                    "which records are kept here",
                    "none"),
            optional(
                    "reserved",
                    Shape.oneOf("update", "leave"),
                    "inherited",
                    "whether names are kept of reserved addresses as well",
                    "leave"),
            optional("ttl", Shape.DURATION, "inherited", "how long others may remember a name", "5m"),
            optional(
                    "generate",
                    Shape.TEXT,
                    "inherited",
                    "the host name of a client that sends none, with `{address}`; `none` for none",
                    "\"lab-{address}\""));

    static final Key HERE = optional(
            "dns", Shape.of("dns-names"), "inherited", "how clients are named in DNS here", "{ updates: none }");

    private DnsKeys() {}
}
