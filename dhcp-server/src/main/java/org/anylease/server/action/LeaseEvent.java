package org.anylease.server.action;

import java.util.Locale;

/** What happens to a lease. */
public enum LeaseEvent {
    /** A client is told that it has the lease, or has it for longer. */
    COMMIT,
    /** A client gives its lease back. */
    RELEASE,
    /** A lease ran out. */
    EXPIRY;

    /**
     * Its name in files.
     *
     * @return such as {@code commit}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
