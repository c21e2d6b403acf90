package org.anylease.store.config;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What replies carry that is worked out for each of them, at one level of the configuration. What is computed takes the
 * place of the same that is said plainly further out, and the other way round.
 *
 * @param options option code to what computes its value; immutable
 * @param nextServer siaddr, or null
 * @param serverName sname, or null
 * @param bootFile file, or null
 */
public record ComputedSettings(
        SortedMap<Integer, ComputedValue> options,
        @Nullable ComputedValue nextServer,
        @Nullable ComputedValue serverName,
        @Nullable ComputedValue bootFile) {
    /** Nothing is computed. */
    public static final ComputedSettings NONE = new ComputedSettings(new TreeMap<>(), null, null, null);

    /** Copies the options. */
    public ComputedSettings {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /**
     * Whether nothing is computed.
     *
     * @return true when all is said plainly, or not at all
     */
    public boolean isNothing() {
        return options.isEmpty() && nextServer == null && serverName == null && bootFile == null;
    }
}
