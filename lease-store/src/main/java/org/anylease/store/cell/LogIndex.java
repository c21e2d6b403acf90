package org.anylease.store.cell;

/**
 * A position in a cell's log.
 *
 * @param value counted as Raft counts; 0 stands before the first entry
 */
public record LogIndex(long value) implements Comparable<LogIndex> {
    /** Before the first entry. */
    public static final LogIndex NONE = new LogIndex(0);

    /** Checks the sign. */
    public LogIndex {
        if (value < 0) {
            throw new IllegalArgumentException("log index " + value + " is negative");
        }
    }

    @Override
    public int compareTo(LogIndex other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
