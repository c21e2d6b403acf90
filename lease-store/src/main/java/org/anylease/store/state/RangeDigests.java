package org.anylease.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;

/**
 * Digests of a stored state, one for each range of addresses that has bindings and one for everything else, to find
 * where two replicas at the same entry differ. Ranges are of 256 addresses, or larger when there would be too many.
 *
 * <p>Not safe for several threads.
 */
public final class RangeDigests {
    private static final int VERSION = 1;
    private static final int HOST_BITS = 8;
    private static final int COARSER_BITS = 4;

    /** Above so many ranges they are joined, sixteen at a time. */
    static final int RANGES_MAX = 1 << 16;

    private final TreeMap<Integer, Long> sums = new TreeMap<>(Integer::compareUnsigned);
    private int hostBits = HOST_BITS;
    private long rest;

    /** Digests of nothing. */
    public RangeDigests() {}

    /**
     * Takes a stored record in.
     *
     * @param record a key with its value, each key once
     * @throws UnreadableException when it is no record of a state
     */
    public void add(StateChanges.Change record) throws UnreadableException {
        byte[] value = record.value();
        if (value == null || record.key().length == 0) {
            throw new UnreadableException("stored state is damaged: a record without a key or a value");
        }
        long digest = StateHash.ofRecord(record.key(), value);
        if (record.key()[0] == StoredKeys.BINDING) {
            sums.merge(StoredKeys.address(record.key()).bits() >>> hostBits, digest, Long::sum);
            if (sums.size() > RANGES_MAX) {
                coarsen(hostBits + COARSER_BITS);
            }
        } else {
            rest += digest;
        }
    }

    private void coarsen(int bits) {
        if (bits > hostBits) {
            Map<Integer, Long> finer = new TreeMap<>(sums);
            int shift = bits - hostBits;
            sums.clear();
            finer.forEach((range, sum) -> sums.merge(range >>> shift, sum, Long::sum));
            hostBits = bits;
        }
    }

    /**
     * The ranges whose bindings are not the same in two states.
     *
     * @param other digests of the other state
     * @return in order of address
     */
    public List<AddressRange> differences(RangeDigests other) {
        coarsen(other.hostBits);
        other.coarsen(hostBits);
        TreeSet<Integer> ranges = new TreeSet<>(Integer::compareUnsigned);
        ranges.addAll(sums.keySet());
        ranges.addAll(other.sums.keySet());
        List<AddressRange> differing = new ArrayList<>();
        for (int range : ranges) {
            if (!Objects.equals(sums.get(range), other.sums.get(range))) {
                int first = range << hostBits;
                differing.add(new AddressRange(new Ipv4(first), new Ipv4(first | ((1 << hostBits) - 1))));
            }
        }
        return differing;
    }

    /**
     * Whether everything that is no binding is the same in two states.
     *
     * @param other digests of the other state
     * @return true when time, configuration, exchanges and the like are equal
     */
    public boolean restEquals(RangeDigests other) {
        return rest == other.rest;
    }

    /**
     * Writes the digests.
     *
     * @param out behind what it holds already
     */
    public void encode(ByteWriter out) {
        out.u8(VERSION);
        out.u8(hostBits);
        out.u64(rest);
        out.varint(sums.size());
        sums.forEach((range, sum) -> {
            out.u32(range);
            out.u64(sum);
        });
    }

    /**
     * Reads digests.
     *
     * @param in at what {@link #encode} has written
     * @return the digests
     * @throws UnreadableException when they are damaged or of another version
     */
    public static RangeDigests decode(ByteReader in) throws UnreadableException {
        in.version(VERSION);
        RangeDigests digests = new RangeDigests();
        digests.hostBits = in.u8();
        if (digests.hostBits < HOST_BITS || digests.hostBits >= Integer.SIZE) {
            throw in.damaged("ranges of 2^" + digests.hostBits + " addresses");
        }
        digests.rest = in.u64();
        int count = in.count();
        for (int i = 0; i < count; i++) {
            digests.sums.put(in.u32(), in.u64());
        }
        return digests;
    }
}
