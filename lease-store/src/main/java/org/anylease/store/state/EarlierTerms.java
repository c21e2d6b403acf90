package org.anylease.store.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.ConfigCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.Member;
import org.jspecify.annotations.Nullable;

/**
 * What of earlier configurations still counts, because a server that has not heard of the one in force may promise by
 * it: longer times than now, and servers that are members no longer. All of it is forgotten once every server, those
 * included, has reported to have applied the configuration that took its place.
 */
final class EarlierTerms {
    private static final int VERSION = 1;

    private final MetaRecords meta;
    private final TreeMap<LogIndex, Terms> terms = new TreeMap<>();

    /**
     * What the configuration of one entry took away.
     *
     * @param mclt the one before
     * @param skew the one before
     * @param longestLease the one before
     * @param left the servers that it no longer lists
     */
    private record Terms(Duration mclt, Duration skew, Duration longestLease, List<ServerId> left) {
        /** Of two configurations that one entry superseded. */
        Terms and(Terms other) {
            TreeSet<ServerId> all = new TreeSet<>(left);
            all.addAll(other.left);
            return new Terms(
                    longer(mclt, other.mclt),
                    longer(skew, other.skew),
                    longer(longestLease, other.longestLease),
                    List.copyOf(all));
        }
    }

    EarlierTerms(MetaRecords meta) {
        this.meta = meta;
    }

    /** The times by which reuse goes: of each the longest that a server may still rely on. */
    CellTimers over(CellTimers now) {
        CellTimers longest = now;
        for (Terms earlier : terms.values()) {
            longest = new CellTimers(
                    longer(longest.mclt(), earlier.mclt),
                    longer(longest.skew(), earlier.skew),
                    longer(longest.longestLease(), earlier.longestLease),
                    now.offerHold(),
                    now.quarantine(),
                    now.escrowTerm(),
                    now.commitDeadline());
        }
        return longest;
    }

    /** The servers that are awaited though they are members no longer. */
    SortedSet<ServerId> left() {
        TreeSet<ServerId> all = new TreeSet<>();
        terms.values().forEach(earlier -> all.addAll(earlier.left));
        return all;
    }

    /** Another configuration comes into force. */
    void supersede(@Nullable CellConfig before, CellConfig next, LogIndex index) {
        if (before == null) {
            return;
        }
        CellTimers old = before.timers();
        CellTimers now = next.timers();
        List<ServerId> left = new ArrayList<>();
        for (Member member : before.members()) {
            if (next.members().stream().noneMatch(any -> any.server().equals(member.server()))) {
                left.add(member.server());
            }
        }
        boolean shorter = now.mclt().compareTo(old.mclt()) < 0
                || now.skew().compareTo(old.skew()) < 0
                || now.longestLease().compareTo(old.longestLease()) < 0;
        if (shorter || !left.isEmpty()) {
            Terms earlier = new Terms(old.mclt(), old.skew(), old.longestLease(), left);
            terms.merge(index, earlier, Terms::and);
            meta.put(StoredKeys.earlierTerms(index), encode(terms.getOrDefault(index, earlier)));
        }
    }

    /** Every server has reported up to an entry; returns whether something is forgotten. */
    boolean settle(LogIndex settled) {
        boolean forgotten = false;
        while (!terms.isEmpty() && terms.firstKey().compareTo(settled) <= 0) {
            LogIndex index = terms.firstKey();
            terms.remove(index);
            meta.remove(StoredKeys.earlierTerms(index));
            forgotten = true;
        }
        return forgotten;
    }

    /** The oldest entry whose predecessor still counts, or null. */
    @Nullable
    LogIndex oldest() {
        return terms.isEmpty() ? null : terms.firstKey();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static byte[] encode(Terms earlier) {
        ByteWriter out = new ByteWriter();
        out.u8(VERSION);
        out.varint(earlier.mclt.toMillis());
        out.varint(earlier.skew.toMillis());
        out.varint(earlier.longestLease.toMillis());
        out.varint(earlier.left.size());
        earlier.left.forEach(server -> out.text(server.name()));
        return out.toArray();
    }

    void restore(LogIndex index, ByteReader in) throws UnreadableException {
        in.version(VERSION);
        Duration mclt = Duration.ofMillis(in.varint());
        Duration skew = Duration.ofMillis(in.varint());
        Duration longestLease = Duration.ofMillis(in.varint());
        List<ServerId> left = new ArrayList<>();
        for (int n = in.count(); n > 0; n--) {
            left.add(ConfigCodec.server(in));
        }
        in.end();
        terms.put(index, new Terms(mclt, skew, longestLease, left));
    }
}
