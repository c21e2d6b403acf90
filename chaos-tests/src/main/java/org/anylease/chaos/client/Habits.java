package org.anylease.chaos.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client behaves.
 *
 * @param identifier whether it sends option 61
 * @param broadcastFlag whether it wants replies by broadcast
 * @param wanted the lease time that it asks for, or null
 * @param remembers whether it asks for the address it had before
 * @param restless how likely it does something else than renewing when it could renew, 0 to 1
 */
public record Habits(
        boolean identifier, boolean broadcastFlag, @Nullable Duration wanted, boolean remembers, double restless) {
    /** Plain and patient. */
    public static final Habits PLAIN = new Habits(false, false, null, true, 0);
}
