package org.anylease.server.event;

/** How loudly an event is told. */
public enum Level {
    /** Part of every day: a counter moves, the log stays quiet. */
    COUNTED,
    /** A change of role or mode. */
    INFO,
    /** Somebody should look into it at leisure: clients are served worse than they could be. */
    WARNING,
    /** Somebody should look now: clients are not served. */
    ERROR
}
