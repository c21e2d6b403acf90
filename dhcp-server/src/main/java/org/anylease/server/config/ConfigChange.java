package org.anylease.server.config;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One difference between two configurations.
 *
 * @param subject what kind of thing differs
 * @param path where it stands, such as {@code north/office/10.0.0.0/24}
 * @param name which one, such as {@code routers (3)} or a range
 * @param before what it was, or null when it is new
 * @param after what it is, or null when it is gone
 * @param leases how many leases it changes something for; null when it concerns none or none were counted
 * @param effect what happens to these leases; empty where nothing does
 */
public record ConfigChange(
        Subject subject,
        String path,
        String name,
        @Nullable String before,
        @Nullable String after,
        @Nullable Long leases,
        String effect) {
    /** What kind of thing differs. */
    public enum Subject {
        /** A cell. */
        CELL,
        /** The service address or an alias. */
        SERVER_IDENTIFIER,
        /** A server that answers for a cell. */
        MEMBER,
        /** One of the lease protocol's times. */
        TIMER,
        /** How many addresses are set aside for servers, and for how long. */
        ESCROW,
        /** A class of clients. */
        CLASS,
        /** A network. */
        NETWORK,
        /** How a network's clients are treated. */
        POLICY,
        /** A subnet. */
        SUBNET,
        /** A pool. */
        POOL,
        /** Who may have a pool's addresses. */
        ACCESS,
        /** A reservation. */
        RESERVATION,
        /** The order of preference of subnets or pools. */
        ORDER,
        /** Lease times of a subnet, pool or reservation. */
        LEASE_TIMES,
        /** An option at some level. */
        OPTION,
        /** A boot field at some level. */
        BOOT
    }

    /** What happened to it. */
    public enum Kind {
        /** It is new. */
        ADDED,
        /** It is gone. */
        REMOVED,
        /** It is another. */
        CHANGED
    }

    /** Checks that something differs. */
    public ConfigChange {
        if (Objects.equals(before, after)) {
            throw new IllegalArgumentException("a change has a before or an after, and they differ");
        }
    }

    /**
     * What happened.
     *
     * @return whether it was added, removed or changed
     */
    public Kind kind() {
        return before == null ? Kind.ADDED : after == null ? Kind.REMOVED : Kind.CHANGED;
    }

    /** A line for people, such as {@code ~ north/office/10.0.0.0/24 option routers (3): 10.0.0.1 -> 10.0.0.2}. */
    @Override
    public String toString() {
        String sign = switch (kind()) {
            case ADDED -> "+";
            case REMOVED -> "-";
            case CHANGED -> "~";
        };
        String value = before == null || after == null
                ? String.valueOf(before == null ? after : before)
                : before + " -> " + after;
        String word = subject.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return sign + " " + (path.isEmpty() ? "" : path + " ") + word
                + (name.isEmpty() || subject == Subject.POOL ? "" : " " + name)
                + (value.isEmpty() ? "" : ": " + value)
                + (effect.isEmpty() ? "" : "; " + effect);
    }
}
