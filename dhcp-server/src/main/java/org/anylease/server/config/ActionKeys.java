package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;
import static org.anylease.server.config.Key.required;

import java.util.List;

/** The keys of what is done when something happens to a lease, for {@link Concept}. */
final class ActionKeys {
    static final Key ACTIONS = optional(
            "actions",
            Shape.byName("action", "action"),
            "none",
            "what is logged or run when a client gets, gives back or loses a lease",
            "{ audit: { … } }");

    static final List<Key> ACTION = List.of(
            required("at", Shape.NAMES, "when: `commit`, `release`, `expiry`, one or more of them", "[commit, expiry]"),
            optional("match", Shape.TEXT, "always", "a condition that is met", "network == \"office\""),
            optional(
                    "log",
                    Shape.TEXT,
                    "nothing",
                    "octets that are logged",
                    "concat(\"lease of \", binary-to-ascii(10, 8, \".\", lease.address))"),
            optional("level", Shape.oneOf("info", "warning", "error"), "info", "how loudly", "warning"),
            optional(
                    "run",
                    Shape.LINES,
                    "nothing",
                    "the name of a command, as `commands` of a server's file allows it, and expressions that come to"
                            + " its arguments",
                    "[notify, '\"commit\"', host-name]"));

    static final List<Key> COMMANDS = List.of(
            required(
                    "allow",
                    Shape.pathsByName("command"),
                    "the commands that actions may run, each a file that can be executed",
                    "{ notify: /usr/local/sbin/notify }"),
            optional("timeout", Shape.DURATION, "10s", "a command that runs longer is killed, 1s to 5m", "30s"),
            optional("at-once", Shape.NUMBER, "1", "how many run at a time, at most 16", "2"),
            optional("waiting", Shape.NUMBER, "100", "how many wait, at most 10000; more are dropped", "500"));

    private ActionKeys() {}
}
