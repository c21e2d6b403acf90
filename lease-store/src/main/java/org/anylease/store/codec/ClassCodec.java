package org.anylease.store.codec;

import java.time.Duration;
import java.util.List;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.PoolAccess;
import org.jspecify.annotations.Nullable;

/** Classes of clients, and what pools say of them, as bytes of a configuration, whose version is theirs. */
final class ClassCodec {
    private ClassCodec() {}

    static void encode(List<ClientClass> classes, ByteWriter out) {
        out.varint(classes.size());
        for (ClientClass each : classes) {
            out.text(each.name());
            ConfigCodec.optionalText(each.match(), out);
            ConfigCodec.optionalText(each.key(), out);
            out.flag(each.open());
            out.varint(each.limit());
            out.varint(each.members().size());
            for (ClientClass.Member member : each.members()) {
                out.octets(member.value());
                out.varint(member.limit());
                ConfigCodec.settings(member.settings(), out);
            }
            ConfigCodec.settings(each.settings(), out);
            time(each.times().minimum(), out);
            time(each.times().standard(), out);
            time(each.times().maximum(), out);
        }
    }

    static List<ClientClass> decode(ByteReader in, int version) throws UnreadableException {
        return ConfigCodec.list(in, each -> one(each, version));
    }

    private static ClientClass one(ByteReader in, int version) throws UnreadableException {
        return new ClientClass(
                in.text(),
                ConfigCodec.optionalText(in),
                ConfigCodec.optionalText(in),
                in.flag(),
                (int) in.varint(),
                ConfigCodec.list(in, each -> member(each, version)),
                ConfigCodec.settings(in, version),
                new ClassTimes(time(in), time(in), time(in)));
    }

    private static ClientClass.Member member(ByteReader in, int version) throws UnreadableException {
        return new ClientClass.Member(in.octets(), (int) in.varint(), ConfigCodec.settings(in, version));
    }

    private static void time(@Nullable Duration time, ByteWriter out) {
        out.flag(time != null);
        if (time != null) {
            ConfigCodec.duration(time, out);
        }
    }

    private static @Nullable Duration time(ByteReader in) throws UnreadableException {
        return in.flag() ? ConfigCodec.duration(in) : null;
    }

    static void access(PoolAccess access, ByteWriter out) {
        texts(access.allow(), out);
        texts(access.deny(), out);
    }

    static PoolAccess access(ByteReader in) throws UnreadableException {
        return new PoolAccess(ConfigCodec.list(in, ByteReader::text), ConfigCodec.list(in, ByteReader::text));
    }

    private static void texts(List<String> texts, ByteWriter out) {
        out.varint(texts.size());
        texts.forEach(out::text);
    }
}
