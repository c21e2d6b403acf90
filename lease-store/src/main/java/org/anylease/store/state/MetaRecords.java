package org.anylease.store.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/** The stored records that are no bindings, by key, with their share of the digest and those that have changed. */
final class MetaRecords {
    private final TreeMap<Octets, byte[]> records = new TreeMap<>();
    private final TreeSet<Octets> dirty = new TreeSet<>();
    private long digest;

    long digest() {
        return digest;
    }

    void put(byte[] key, byte[] value) {
        if (restore(key, value)) {
            dirty.add(Octets.of(key));
        }
    }

    byte @Nullable [] get(byte[] key) {
        return records.get(Octets.of(key));
    }

    /** At most so many records of a kind, from a key on. */
    List<Map.Entry<Octets, byte[]>> tail(byte[] first, byte kind, int most) {
        return records.tailMap(Octets.of(first), true).entrySet().stream()
                .takeWhile(record -> record.getKey().at(0) == kind)
                .limit(most)
                .toList();
    }

    void remove(byte[] key) {
        Octets name = Octets.of(key);
        byte[] before = records.remove(name);
        if (before != null) {
            digest -= StateHash.ofRecord(key, before);
            dirty.add(name);
        }
    }

    /** Takes a stored record in; returns whether it is another than before. */
    boolean restore(byte[] key, byte[] value) {
        byte[] before = records.put(Octets.of(key), value);
        if (before != null && Arrays.equals(before, value)) {
            return false;
        }
        if (before != null) {
            digest -= StateHash.ofRecord(key, before);
        }
        digest += StateHash.ofRecord(key, value);
        return true;
    }

    List<StateChanges.Change> takeChanges() {
        List<StateChanges.Change> changes = new ArrayList<>();
        for (Octets key : dirty) {
            changes.add(new StateChanges.Change(key.toArray(), records.get(key)));
        }
        dirty.clear();
        return changes;
    }
}
