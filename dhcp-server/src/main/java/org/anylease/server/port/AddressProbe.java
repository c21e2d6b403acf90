package org.anylease.server.port;

import java.time.Duration;
import org.anylease.store.address.Ipv4;

/** Asks whether anybody uses an address before it is offered (RFC 2131 §2.2, §4.3.1). */
public interface AddressProbe {
    /**
     * Probes an address once.
     *
     * <p>Call on the loop. The listener hears exactly one result, on the loop, never from inside this call; except that
     * after the probe is closed it hears nothing. Results come in any order. The timeout runs from the moment the probe
     * is sent; a probe held back by pacing waits at most as long again before it is sent, and ends in
     * {@link ProbeResult.LocalError} when it could not be. So a result comes within twice the timeout.
     *
     * @param address the address asked about
     * @param timeout how long silence is listened to; more than zero, at most a minute
     * @param listener hears the result
     */
    void probe(Ipv4 address, Duration timeout, ProbeListener listener);
}
