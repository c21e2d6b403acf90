package org.anylease.server.core;

import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.Member;

/** A cell as the service sees it: its name, its times, and by which identifiers clients may name its servers. */
final class ServedCell {
    private final CellId id;
    private final Ipv4 serverIdentifier;
    private final CellTimers timers;
    private final ServedClasses classes;
    private final Computing computing = new Computing();
    private final IntOpenHashSet identifiers = new IntOpenHashSet();

    ServedCell(CellConfig config) {
        id = config.cell();
        serverIdentifier = config.serverIdentifier();
        timers = config.timers();
        classes = new ServedClasses(config);
        identifiers.add(serverIdentifier.bits());
        for (Ipv4 alias : config.aliases()) {
            identifiers.add(alias.bits());
        }
        for (Member member : config.members()) {
            for (Ipv4 address : member.addresses()) {
                identifiers.add(address.bits());
            }
        }
    }

    CellId id() {
        return id;
    }

    /** Option 54 at every site: the anycast service address. */
    Ipv4 serverIdentifier() {
        return serverIdentifier;
    }

    CellTimers timers() {
        return timers;
    }

    ServedClasses classes() {
        return classes;
    }

    /** The expressions of what is computed for replies. */
    Computing computing() {
        return computing;
    }

    /**
     * Whether a server identifier is ours: the service address, any member's own, or an alias. All members decide
     * alike, so a REQUEST that names one of them may be answered by any.
     */
    boolean answersTo(Ipv4 identifier) {
        return identifiers.contains(identifier.bits());
    }
}
