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
 * @param computed what is worked out for each reply instead
 */
public record ReplySettings(
        SortedMap<Integer, Octets> options,
        @Nullable Ipv4 nextServer,
        @Nullable String serverName,
        @Nullable String bootFile,
        ServingRules serving,
        ComputedSettings computed) {
    /** Nothing set: everything is inherited. */
    public static final ReplySettings NONE = new ReplySettings(new TreeMap<>(), null, null, null);

    /** Copies the options. */
    public ReplySettings {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /**
     * Settings that say nothing of how clients are served, and of which nothing is computed.
     *
     * @param options option code to encoded value
     * @param nextServer siaddr, or null to inherit
     * @param serverName sname, or null to inherit
     * @param bootFile file, or null to inherit
     */
    public ReplySettings(
            SortedMap<Integer, Octets> options,
            @Nullable Ipv4 nextServer,
            @Nullable String serverName,
            @Nullable String bootFile) {
        this(options, nextServer, serverName, bootFile, ServingRules.NONE, ComputedSettings.NONE);
    }

    /**
     * These settings with another level's where these say nothing.
     *
     * @param outer the level around this one
     * @return the settings in force
     */
    public ReplySettings over(ReplySettings outer) {
        TreeMap<Integer, Octets> merged = new TreeMap<>(outer.options);
        merged.keySet().removeAll(computed.options().keySet());
        merged.putAll(options);
        TreeMap<Integer, ComputedValue> worked = new TreeMap<>(outer.computed.options());
        worked.keySet().removeAll(options.keySet());
        worked.putAll(computed.options());
        boolean next = nextServer != null || computed.nextServer() != null;
        boolean name = serverName != null || computed.serverName() != null;
        boolean file = bootFile != null || computed.bootFile() != null;
        return new ReplySettings(
                merged,
                next ? nextServer : outer.nextServer,
                name ? serverName : outer.serverName,
                file ? bootFile : outer.bootFile,
                serving.over(outer.serving),
                new ComputedSettings(
                        worked,
                        next ? computed.nextServer() : outer.computed.nextServer(),
                        name ? computed.serverName() : outer.computed.serverName(),
                        file ? computed.bootFile() : outer.computed.bootFile()));
    }
}
