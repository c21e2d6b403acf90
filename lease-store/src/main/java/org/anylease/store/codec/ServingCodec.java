package org.anylease.store.codec;

import java.time.Duration;
import org.anylease.store.config.ServingRules;
import org.anylease.store.config.ServingRules.Bootp;
import org.jspecify.annotations.Nullable;

/** How clients are served, as bytes of a configuration, whose version is theirs. */
final class ServingCodec {
    /** Of each rule that is a flag: 0 when nothing is said, else 1 for no and 2 for yes. */
    private static final int NO = 1;

    private static final int YES = 2;

    private ServingCodec() {}

    static void encode(ServingRules rules, ByteWriter out) {
        boolean said = !rules.equals(ServingRules.NONE);
        out.flag(said);
        if (!said) {
            return;
        }
        flag(rules.served(), out);
        flag(rules.broadcast(), out);
        flag(rules.ownRouter(), out);
        flag(rules.declines(), out);
        Duration wait = rules.offerAfter();
        out.varint(wait == null ? 0 : wait.toSeconds() + 1);
        Bootp bootp = rules.bootp();
        out.u8(
                switch (bootp) {
                    case null -> 0;
                    case NONE -> 1;
                    case RESERVED -> 2;
                    case ALL -> 3;
                });
    }

    static ServingRules decode(ByteReader in) throws UnreadableException {
        if (!in.flag()) {
            return ServingRules.NONE;
        }
        Boolean served = flag(in);
        Boolean broadcast = flag(in);
        Boolean ownRouter = flag(in);
        Boolean declines = flag(in);
        long wait = in.varint();
        return new ServingRules(
                served, broadcast, ownRouter, declines, wait == 0 ? null : Duration.ofSeconds(wait - 1), bootp(in));
    }

    private static @Nullable Bootp bootp(ByteReader in) throws UnreadableException {
        int word = in.u8();
        return switch (word) {
            case 0 -> null;
            case 1 -> Bootp.NONE;
            case 2 -> Bootp.RESERVED;
            case 3 -> Bootp.ALL;
            default -> throw in.damaged("BOOTP by rule " + word);
        };
    }

    private static void flag(@Nullable Boolean value, ByteWriter out) {
        out.u8(value == null ? 0 : value ? YES : NO);
    }

    private static @Nullable Boolean flag(ByteReader in) throws UnreadableException {
        int word = in.u8();
        return switch (word) {
            case 0 -> null;
            case NO -> Boolean.FALSE;
            case YES -> Boolean.TRUE;
            default -> throw in.damaged("a rule says " + word);
        };
    }
}
