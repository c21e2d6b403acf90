package org.anylease.server.boot;

import java.time.Duration;
import org.anylease.server.port.AddressProbe;
import org.anylease.server.port.ProbeListener;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.port.Timers;
import org.anylease.store.address.Ipv4;

/** Stands in where this machine cannot probe and the operator allows that: nothing is ever known of an address. */
final class NoProbe implements AddressProbe {
    private final Timers timers;
    private final String reason;

    NoProbe(Timers timers, String reason) {
        this.timers = timers;
        this.reason = reason;
    }

    @Override
    public void probe(Ipv4 address, Duration timeout, ProbeListener listener) {
        timers.after(Duration.ZERO, () -> listener.finished(address, new ProbeResult.LocalError(reason)));
    }
}
