package org.anylease.server.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/**
 * A counter for each constant of an enum, such as every kind of event. Counting looks nothing up and allocates
 * nothing; from any thread.
 *
 * @param <E> what is counted
 */
public final class EventCounters<E extends Enum<E>> {
    private final Counter[] counters;

    EventCounters(MeterRegistry registry, String name, String description, String label, Class<E> kinds) {
        E[] constants = kinds.getEnumConstants();
        counters = new Counter[constants.length];
        for (E constant : constants) {
            counters[constant.ordinal()] = Counter.builder(name)
                    .description(description)
                    .tag(label, label(constant))
                    .register(registry);
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
        counters[kind.ordinal()].increment();
    }
}
