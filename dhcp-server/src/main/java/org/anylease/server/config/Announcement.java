package org.anylease.server.config;

import java.util.Locale;

/** What a site tells its routers of the service address, the best first. */
public enum Announcement {
    /** Clients nearby are to come here. */
    PREFERRED,
    /** Only those are to come that find no other site: a high MED or cost, GRACEFUL_SHUTDOWN (RFC 8326). */
    INFERIOR,
    /** Nobody is to come. */
    WITHDRAWN;

    /**
     * The less attractive of two.
     *
     * @param other another announcement
     * @return this or the other
     */
    public Announcement orWorse(Announcement other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /**
     * As files and messages write it.
     *
     * @return such as {@code preferred}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
