package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;
import static org.anylease.server.config.Key.required;

import java.util.List;

/** The keys of a server's own file, for {@link Concept}. */
final class ServerFileKeys {
    static final List<Key> FILE = List.of(
            required("id", Shape.NAME, "the server's name, as in the system file", "dc1-a"),
            optional("data-directory", Shape.TEXT, "/var/lib/anylease", "where it keeps its state", "/srv/anylease"),
            optional(
                    "system-file",
                    Shape.TEXT,
                    "anylease.yaml",
                    "the system file, relative to this one: for a new cluster's first start, and for the peers",
                    "/etc/anylease/anylease.yaml"),
            optional(
                    "listen",
                    Shape.of("listen"),
                    "see there",
                    "where it hears clients and relays",
                    "{ interfaces: [eth1] }"),
            optional(
                    "raft",
                    Shape.of("endpoint"),
                    "the system file's",
                    "where it takes part in quorums",
                    "{ port: 6781 }"),
            optional(
                    "link",
                    Shape.of("endpoint"),
                    "the system file's",
                    "where it hears other servers",
                    "{ port: 6782 }"),
            optional(
                    "admin",
                    Shape.of("endpoint"),
                    "127.0.0.1, port 6780",
                    "where it answers operators (HTTP)",
                    "{ address: 10.1.0.2, port: 6780 }"),
            optional(
                    "probe-source",
                    Shape.ADDRESS,
                    "its first own address",
                    "the unicast address that probes leave from,"
                            + " but for those to a link of this server, which leave from its address there",
                    "10.1.0.2"),
            optional(
                    "allow-no-probe",
                    Shape.BOOL,
                    "false",
                    "whether it starts although it cannot send probes that its cells ask for",
                    "true"),
            optional(
                    "snapshots",
                    Shape.of("snapshots"),
                    "see there",
                    "when it writes a snapshot of a cell, so that the log before it may go",
                    "{ entries: 50000 }"),
            optional(
                    "peers",
                    Shape.byName("server", "server", Shape.ADDRESSES),
                    "the system file's",
                    "other servers whose addresses differ from the system file, as seen from here",
                    "{ dc2-a: 172.16.0.2 }"),
            optional(
                    "boot",
                    Shape.of("boot"),
                    "none",
                    "what this server adds where the system file says nothing, such as the site's own boot" + " server",
                    "{ next-server: 10.1.0.9 }"),
            optional(
                    "protection",
                    Shape.of("protection"),
                    "none",
                    "whom it does not serve, or not more often than so",
                    "{ client-packets: 60 }"),
            optional(
                    "leasequery",
                    Shape.of("leasequery"),
                    "off",
                    "who may ask it about leases",
                    "{ from: 10.0.0.0/24 }"),
            optional("commands", Shape.of("commands"), "none", "what actions may run", "{ allow: { … } }"));

    private ServerFileKeys() {}
}
