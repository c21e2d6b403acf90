package org.anylease.server.core;

import java.time.Duration;
import org.anylease.store.config.LeaseTimes;
import org.jspecify.annotations.Nullable;

/**
 * What a client gets with an address.
 *
 * @param template what its replies carry
 * @param times how long its lease may be
 */
record Terms(ReplyTemplate template, LeaseTimes times) {
    /** The lease time for a client that asks for one, or for none (RFC 2131 §4.3.1). */
    Duration leaseTime(@Nullable Duration wanted) {
        if (wanted == null) {
            return times.standard();
        }
        if (wanted.compareTo(times.minimum()) < 0) {
            return times.minimum();
        }
        return wanted.compareTo(times.maximum()) > 0 ? times.maximum() : wanted;
    }
}
