package org.anylease.server.net;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.anylease.server.port.Endpoint;

/** The running counts of one endpoint: written on the loop, read on any thread. */
final class TrafficCount {
    final LongAdder received = new LongAdder();
    final LongAdder truncated = new LongAdder();
    final LongAdder sent = new LongAdder();

    // Filled in the constructor and never changed after, so reading it from any thread is safe.
    private final Map<SendFailure, LongAdder> failures = new EnumMap<>(SendFailure.class);

    TrafficCount() {
        for (SendFailure reason : SendFailure.values()) {
            failures.put(reason, new LongAdder());
        }
    }

    void failed(SendFailure reason) {
        Objects.requireNonNull(failures.get(reason)).increment();
    }

    EndpointCounters read(Endpoint endpoint, long receiveBufferDrops) {
        Map<SendFailure, Long> counts = new EnumMap<>(SendFailure.class);
        failures.forEach((reason, count) -> counts.put(reason, count.sum()));
        return new EndpointCounters(endpoint, received.sum(), truncated.sum(), receiveBufferDrops, sent.sum(), counts);
    }
}
