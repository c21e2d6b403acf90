package org.anylease.chaos.sim;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happened: a hash over all of it, which two runs of a seed have in common, and the last lines as text. */
public final class Trace {
    private static final int LINES_KEPT = 60;
    private static final long PRIME = 0x100_0000_01b3L;

    private final ArrayDeque<String> last = new ArrayDeque<>(LINES_KEPT);
    private final @Nullable Consumer<String> out;
    private long hash = 0xcbf2_9ce4_8422_2325L;
    private long micros;

    /**
     * An empty trace.
     *
     * @param out takes each line as it comes, or null
     */
    public Trace(@Nullable Consumer<String> out) {
        this.out = out;
    }

    void event(long atMicros, long order) {
        micros = atMicros;
        mix(atMicros);
        mix(order);
    }

    /**
     * Adds a line.
     *
     * @param who whose doing
     * @param what the story
     */
    public void line(Object who, String what) {
        String text = who + " " + what;
        mix(text.hashCode());
        if (last.size() == LINES_KEPT) {
            last.removeFirst();
        }
        String line = null;
        if (out != null) {
            line = stamped(micros, text);
            out.accept(line);
        }
        last.addLast(line != null ? line : micros + "\t" + text);
    }

    private static String stamped(long micros, String text) {
        return String.format(Locale.ROOT, "%10.3f s  %s", micros / 1e6, text);
    }

    private void mix(long value) {
        hash = (hash ^ value) * PRIME;
        hash ^= hash >>> 29;
    }

    /**
     * The hash over everything so far.
     *
     * @return equal for equal runs
     */
    public long hash() {
        return hash;
    }

    /**
     * The end of the story.
     *
     * @return the last lines
     */
    public List<String> last() {
        return last.stream()
                .map(line -> {
                    int tab = line.indexOf('\t');
                    return tab < 0 ? line : stamped(Long.parseLong(line.substring(0, tab)), line.substring(tab + 1));
                })
                .toList();
    }
}
