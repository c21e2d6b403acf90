package org.anylease.server.config;

import java.time.Duration;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.NetworkPolicy.Identity;
import org.anylease.store.config.NetworkPolicy.Unprobed;
import org.jspecify.annotations.Nullable;

/**
 * What the file, a cell or a network says of how clients are treated; null inherits.
 *
 * @param authoritative whether a client with an address of another network is told so
 * @param identity what identifies a client
 * @param probe whether an address is pinged before it is offered
 * @param probeTimeout how long silence must last
 * @param unprobed what becomes of an address whose probe could not be carried out
 */
public record PolicySettings(
        @Nullable Boolean authoritative,
        @Nullable Identity identity,
        @Nullable Boolean probe,
        @Nullable Duration probeTimeout,
        @Nullable Unprobed unprobed) {
    /** Everything is inherited. */
    public static final PolicySettings NONE = new PolicySettings(null, null, null, null, null);

    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(500);

    /**
     * These settings, and another level's where these say nothing.
     *
     * @param outer the level around this one
     * @return what is said here or there
     */
    public PolicySettings over(PolicySettings outer) {
        return new PolicySettings(
                authoritative != null ? authoritative : outer.authoritative,
                identity != null ? identity : outer.identity,
                probe != null ? probe : outer.probe,
                probeTimeout != null ? probeTimeout : outer.probeTimeout,
                unprobed != null ? unprobed : outer.unprobed);
    }

    /**
     * The policy in force: what is said, else the defaults.
     *
     * @return the policy
     */
    public NetworkPolicy inForce() {
        return new NetworkPolicy(
                authoritative == null || authoritative,
                identity != null ? identity : Identity.CLIENT_IDENTIFIER,
                probe == null || probe,
                probeTimeout != null ? probeTimeout : PROBE_TIMEOUT,
                unprobed != null ? unprobed : Unprobed.OFFER);
    }
}
