package org.anylease.chaos.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.Octets;
import org.anylease.store.alone.JournalCodec;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.codec.UnreadableException;

/** What a server remembers beside its copies when it crashes. */
final class ServerDisk {
    private final Incarnation incarnation;
    private final Tampering tampering;

    /** The highest batch number used. A server writes a bound ahead of it; that it loses none is what counts here. */
    private final TreeMap<CellId, Long> sequences = new TreeMap<>();

    private final TreeMap<CellId, TreeMap<Octets, byte[]>> journals = new TreeMap<>();

    private int starts;

    ServerDisk(Incarnation incarnation, Tampering tampering) {
        this.incarnation = incarnation;
        this.tampering = tampering;
    }

    Incarnation incarnation() {
        return incarnation;
    }

    /** How often the server has started. */
    int starts() {
        return starts;
    }

    void started() {
        if (starts++ > 0) {
            sequences.replaceAll((_, highest) -> tampering.sequenceAfterRestart(highest) - 1);
        }
    }

    /** Writes records of a cell's journal, at once. */
    void journal(CellId cell, List<JournalRecord> records) {
        TreeMap<Octets, byte[]> stored = journals.computeIfAbsent(cell, _ -> new TreeMap<>());
        for (JournalRecord record : records) {
            Octets key = Octets.of(JournalCodec.key(record));
            byte[] value = JournalCodec.value(record);
            if (value == null) {
                stored.remove(key);
            } else {
                stored.put(key, value);
            }
        }
    }

    /** The journal as the disk has it. */
    PromiseJournal journal(CellId cell) {
        List<JournalRecord> records = new ArrayList<>();
        try {
            for (var each : journals.getOrDefault(cell, new TreeMap<>()).entrySet()) {
                records.add(JournalCodec.decode(each.getKey().toArray(), each.getValue()));
            }
        } catch (UnreadableException e) {
            throw new IllegalStateException("the journal of " + incarnation + " cannot be read", e);
        }
        return PromiseJournal.restore(records);
    }

    long nextSequence(CellId cell) {
        return sequences.merge(cell, 1L, Long::sum);
    }
}
