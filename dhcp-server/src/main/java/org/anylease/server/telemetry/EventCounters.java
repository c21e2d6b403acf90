package org.anylease.server.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Objects;

/**
 * A counter for each constant of an enum, such as every kind of event. Counting is an index into an array
 * and allocates nothing; from any thread.
 *
 * @param <E> what is counted
 */
public final class EventCounters<E extends Enum<E>> {
    private final EnumMap<E, Counter> counters;

    EventCounters(MeterRegistry registry, String name, String description, Tags tags, String label, Class<E> kinds) {
        counters = new EnumMap<>(kinds);
        for (E kind : kinds.getEnumConstants()) {
            counters.put(
                    kind,
                    Counter.builder(name)
                            .description(description)
                            .tags(tags)
                            .tag(label, label(kind))
                            .register(registry));
        }
    }

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Counts one.
     *
     * @param kind of this kind
     */
    public void count(E kind) {
        Objects.requireNonNull(counters.get(kind), "every kind was registered").increment();
    }
}
