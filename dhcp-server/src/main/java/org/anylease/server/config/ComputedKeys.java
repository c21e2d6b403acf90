package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;
import static org.anylease.server.config.Key.required;

import java.util.List;

/** The keys of values that are computed for each reply, for {@link Concept}. */
final class ComputedKeys {
    static final List<Key> VALUE = List.of(
            required(
                    "computed",
                    Shape.TEXT,
                    "an expression that comes to the value's octets",
                    "concat(\"h-\", binary-to-ascii(10, 8, \"-\", lease.address))"),
            optional(
                    "type",
                    Shape.oneOf(OptionType.names()),
                    "the option's, else any octets",
                    "what the option holds, which says how many octets it may have",
                    "text"));

    static final List<Key> BOOT = List.of(
            optional("next-server", orComputed(Shape.ADDRESS), "inherited", "the boot server, siaddr", "10.0.0.9"),
            optional("server-name", orComputed(Shape.TEXT), "inherited", "its name, sname, at most 63 octets", "tftp1"),
            optional(
                    "file",
                    orComputed(Shape.TEXT),
                    "inherited",
                    "the boot file, file, at most 127 octets",
                    "pxelinux.0"));

    private static Shape orComputed(Shape plain) {
        return new Shape(
                plain.title() + ", or computed-value",
                "{\"anyOf\":[" + plain.schema() + ",{\"$ref\":\"#/$defs/computed-value\"}]}");
    }

    private ComputedKeys() {}
}
