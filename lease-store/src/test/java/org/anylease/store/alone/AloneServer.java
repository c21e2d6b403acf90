package org.anylease.store.alone;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.Octets;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.state.Cells;
import org.anylease.store.state.LeaseTable;

/** A server of {@link AloneWorld}: what is in its memory, and what is on its disk. */
final class AloneServer {
    final ServerId id;
    final TreeMap<Octets, byte[]> disk = new TreeMap<>();
    final List<Promise> flushing = new ArrayList<>();
    final List<LeaseCommand> returning = new ArrayList<>();
    /** How far on the disk. */
    long durable;

    LeaseTable view = new LeaseTable(Cells.CELL);
    PromiseJournal journal = new PromiseJournal();
    /** What it reports, and what of it has arrived. */
    LogIndex saying = LogIndex.NONE;

    LogIndex heard = LogIndex.NONE;
    /** Declared down: the operator has switched it off. */
    boolean off;

    AloneServer(String name) {
        id = new ServerId(name);
    }

    boolean append(LogIndex basedOn, List<? extends JournalRecord> records) {
        if (!journal.append(basedOn, records)) {
            return false;
        }
        for (JournalRecord record : records) {
            Octets key = Octets.of(JournalCodec.key(record));
            byte[] value = JournalCodec.value(record);
            if (value == null) {
                disk.remove(key);
            } else {
                disk.put(key, value);
            }
        }
        return true;
    }

    List<JournalRecord> stored() throws Exception {
        List<JournalRecord> records = new ArrayList<>();
        for (var each : disk.entrySet()) {
            records.add(JournalCodec.decode(each.getKey().toArray(), each.getValue()));
        }
        return records;
    }
}
