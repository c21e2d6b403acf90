package org.anylease.store.state;

import java.util.List;
import org.anylease.store.cell.LogIndex;
import org.jspecify.annotations.Nullable;

/**
 * What one or more entries changed, as it is stored: written in one batch, together with the index.
 *
 * @param upTo the last entry included
 * @param changes the keys that changed, each once
 */
public record StateChanges(LogIndex upTo, List<Change> changes) {
    /**
     * A stored key's new value. The arrays are not copied: nobody changes them.
     *
     * @param key the key
     * @param value the value, or null when the key is gone
     */
    @SuppressWarnings("ArrayRecordComponent") // A million of these are written; equality is never asked.
    public record Change(byte[] key, byte @Nullable [] value) {}
}
