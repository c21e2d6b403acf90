package org.anylease.store.config;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/**
 * What replies carry beside the lease itself, at one level of the configuration.
 *
 * @param options option code to encoded value (RFC 2132), in order of code; immutable
 * @param nextServer siaddr, or null to inherit
 * @param serverName sname, or null to inherit
 * @param bootFile file, or null to inherit
 * @param serving how clients are served
 */
public record ReplySettings(
        SortedMap<Integer, Octets> options,
        @Nullable Ipv4 nextServer,
        @Nullable String serverName,
        @Nullable String bootFile,
        ServingRules serving) {
    /** Nothing set: everything is inherited. */
    public static final ReplySettings NONE = new ReplySettings(new TreeMap<>(), null, null, null, ServingRules.NONE);

    /** Copies the options. */
    public ReplySettings {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /**
     * Settings that say nothing of how clients are served.
     *
     * @param options as in the record, like the further ones
     * @param nextServer siaddr, or null to inherit
     * @param serverName sname, or null to inherit
     * @param bootFile file, or null to inherit
     */
    public ReplySettings(
            SortedMap<Integer, Octets> options,
            @Nullable Ipv4 nextServer,
            @Nullable String serverName,
            @Nullable String bootFile) {
        this(options, nextServer, serverName, bootFile, ServingRules.NONE);
    }

    /**
     * These settings with another level's where these say nothing.
     *
     * @param outer the level around this one
     * @return the settings in force
     */
    public ReplySettings over(ReplySettings outer) {
        TreeMap<Integer, Octets> merged = new TreeMap<>(outer.options);
        merged.putAll(options);
        return new ReplySettings(
                merged,
                nextServer != null ? nextServer : outer.nextServer,
                serverName != null ? serverName : outer.serverName,
                bootFile != null ? bootFile : outer.bootFile,
                serving.over(outer.serving));
    }
}
