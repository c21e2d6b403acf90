package org.anylease.store.codec;

import java.util.TreeMap;
import org.anylease.store.config.ComputedSettings;
import org.anylease.store.config.ComputedValue;
import org.jspecify.annotations.Nullable;

/** What is computed for each reply, as bytes of a configuration, whose version is theirs. */
final class ComputedCodec {
    private ComputedCodec() {}

    static void encode(ComputedSettings computed, ByteWriter out) {
        out.varint(computed.options().size());
        computed.options().forEach((code, value) -> {
            out.varint(code);
            value(value, out);
        });
        optional(computed.nextServer(), out);
        optional(computed.serverName(), out);
        optional(computed.bootFile(), out);
    }

    static ComputedSettings decode(ByteReader in) throws UnreadableException {
        TreeMap<Integer, ComputedValue> options = new TreeMap<>();
        for (int left = in.count(); left > 0; left--) {
            options.put((int) in.varint(), value(in));
        }
        return new ComputedSettings(options, optional(in), optional(in), optional(in));
    }

    private static void value(ComputedValue value, ByteWriter out) {
        out.text(value.expression());
        out.varint(value.unit());
        out.varint(value.most());
    }

    private static ComputedValue value(ByteReader in) throws UnreadableException {
        return new ComputedValue(in.text(), (int) in.varint(), (int) in.varint());
    }

    private static void optional(@Nullable ComputedValue value, ByteWriter out) {
        out.flag(value != null);
        if (value != null) {
            value(value, out);
        }
    }

    private static @Nullable ComputedValue optional(ByteReader in) throws UnreadableException {
        return in.flag() ? value(in) : null;
    }
}
