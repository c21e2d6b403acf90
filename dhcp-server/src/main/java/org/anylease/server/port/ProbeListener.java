package org.anylease.server.port;

import org.anylease.store.address.Ipv4;

/** Hears how a probe ended. */
@FunctionalInterface
public interface ProbeListener {
    /**
     * The probe ended. Called on the loop, once per probe.
     *
     * @param address the address asked about
     * @param result how it ended
     */
    void finished(Ipv4 address, ProbeResult result);
}
