package org.anylease.store.state;

import java.util.BitSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;

/**
 * Which batches were applied: for each proposer a floor, up to which all count as applied, and those above it within
 * a window. A batch more than {@link #WINDOW} behind the highest one of its proposer counts as applied, whether it
 * was or not; a proposer keeps fewer than that in flight.
 */
final class ExchangeLedger {
    /** How far apart the batches that a proposer has in flight may be. */
    static final int WINDOW = 4096;

    static final int VERSION = 1;

    private final TreeMap<Incarnation, Window> windows = new TreeMap<>();
    private final TreeSet<Incarnation> changed = new TreeSet<>();

    /** What is known of one proposer; a bit stands for a sequence above the floor, bit 0 for the next one. */
    private static final class Window {
        private long floor;
        private BitSet above = new BitSet();
    }

    /** Whether a batch is new; from now on it counts as applied. */
    boolean enter(Incarnation origin, long sequence) {
        Window window = windows.computeIfAbsent(origin, _ -> new Window());
        if (sequence <= window.floor) {
            return false;
        }
        if (sequence - window.floor > WINDOW) {
            raise(window, sequence - WINDOW);
        }
        int bit = (int) (sequence - window.floor - 1);
        if (window.above.get(bit)) {
            return false;
        }
        window.above.set(bit);
        raise(window, window.floor + window.above.nextClearBit(0));
        changed.add(origin);
        return true;
    }

    private static void raise(Window window, long floor) {
        long by = floor - window.floor;
        window.floor = floor;
        window.above = by >= window.above.length() ? new BitSet() : window.above.get((int) by, window.above.length());
        int contiguous = window.above.nextClearBit(0);
        if (contiguous > 0) {
            raise(window, floor + contiguous);
        }
    }

    /** How many disks of a server the cell has heard of: a new one for each data directory that it started with. */
    int disksOf(ServerId server) {
        return windows.subMap(new Incarnation(server, 0), true, new Incarnation(server, -1), true)
                .size();
    }

    /** Visits the proposers whose entries have changed since the last call, with their encoded form. */
    void drainChanged(BiConsumer<Incarnation, byte[]> visitor) {
        for (Incarnation origin : changed) {
            visitor.accept(origin, encode(windows.computeIfAbsent(origin, _ -> new Window())));
        }
        changed.clear();
    }

    void restore(Incarnation origin, byte[] value) throws UnreadableException {
        ByteReader in = new ByteReader("exchange ledger", value, 0, value.length);
        in.version(VERSION);
        Window window = new Window();
        window.floor = in.varint();
        window.above = BitSet.valueOf(in.octets().toArray());
        in.end();
        windows.put(origin, window);
    }

    private static byte[] encode(Window window) {
        ByteWriter out = new ByteWriter();
        out.u8(VERSION);
        out.varint(window.floor);
        out.block(window.above.toByteArray());
        return out.toArray();
    }
}
