package org.anylease.server.core;

import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;

/**
 * The images of this server's journals, and who waits until what was appended is durable. An image takes a record at
 * once; what the record allows waits.
 */
final class Journals {
    private final Function<CellId, PromiseJournal> stored;
    private final Tokens tokens;
    private final TreeMap<CellId, PromiseJournal> images = new TreeMap<>();
    private final Long2ObjectOpenHashMap<Consumer<Turn>> waiting = new Long2ObjectOpenHashMap<>();

    Journals(Function<CellId, PromiseJournal> stored, Tokens tokens) {
        this.stored = stored;
        this.tokens = tokens;
    }

    /** A cell's journal, read only: appends go through {@link #append}. */
    PromiseJournal of(CellId cell) {
        return images.computeIfAbsent(cell, stored);
    }

    /**
     * Appends records, all or none.
     *
     * @param basedOn the applied index of the state that they were decided on
     * @param synced hears once they are durable
     * @return false when the journal refuses them: nothing is appended then, and nothing will be heard
     */
    boolean append(
            CellId cell, LogIndex basedOn, List<? extends JournalRecord> records, Consumer<Turn> synced, Turn turn) {
        if (!of(cell).append(basedOn, records)) {
            return false;
        }
        long token = tokens.next();
        waiting.put(token, synced);
        turn.emit(new Effect.AppendJournal(token, cell, basedOn, List.copyOf(records)));
        return true;
    }

    /** What was appended under a token is durable. */
    void synced(long token, Turn turn) {
        Consumer<Turn> next = waiting.remove(token);
        if (next != null) {
            next.accept(turn);
        }
    }
}
