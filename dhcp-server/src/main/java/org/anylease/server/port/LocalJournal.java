package org.anylease.server.port;

import java.util.List;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;

/**
 * What this server promised alone, durably: one journal for each cell.
 *
 * <p>Confined to the server's loop; no method blocks. Appends become durable in the order of the calls. When one fails,
 * nothing is heard of it nor of any later one, and the server ends: nobody knows what is on the disk then.
 */
public interface LocalJournal {
    /**
     * The journal of a cell as the disk held it when this process began. Asked once for each cell, by whoever keeps the
     * image up to date with what it appends.
     *
     * @param cell the cell
     * @return its image; an empty one for a cell that nothing was appended for
     */
    PromiseJournal load(CellId cell);

    /**
     * Appends records, all or none.
     *
     * @param cell whose journal they are for
     * @param records what to append; when there are none, the answer says that all before is durable
     * @param synced heard once, later and on the loop, when they are durable
     */
    void append(CellId cell, List<JournalRecord> records, Runnable synced);
}
