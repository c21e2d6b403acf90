package org.anylease.server.core;

import java.util.LinkedHashMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * Leases that were committed for this server's clients a moment ago and that its own copy may not show yet: the outcome
 * is learnt from the leader, and the copy may lag behind. So that a RELEASE or DECLINE right after the ACK names the
 * binding that the client means.
 *
 * <p>Bounded, oldest first; forgetting one costs what it cost before: the late word does nothing, and the lease runs out.
 */
final class OwnCommits {
    /** How many are remembered: what a busy server commits while its copy lags by a second or so. */
    static final int COMMITS_MAX = 16_384;

    private final LinkedHashMap<Place, Committed> commits = new LinkedHashMap<>();

    private record Place(CellId cell, Ipv4 address) {}

    private record Committed(ClientId client, LogIndex binding) {}

    /** A lease was committed; remembered when the copy has not applied it. */
    void bound(CellId cell, ClientId client, Ipv4 address, LogIndex binding, LogIndex applied) {
        if (binding.compareTo(applied) <= 0) {
            return;
        }
        Place place = new Place(cell, address);
        commits.remove(place);
        if (commits.size() >= COMMITS_MAX) {
            commits.pollFirstEntry();
        }
        commits.put(place, new Committed(client, binding));
    }

    /** The index of a binding that is newer than the copy shows, or null. */
    @Nullable
    LogIndex ahead(CellId cell, ClientId client, Ipv4 address, LogIndex applied) {
        Committed committed = commits.get(new Place(cell, address));
        return committed != null
                        && committed.binding().compareTo(applied) > 0
                        && committed.client().equals(client)
                ? committed.binding()
                : null;
    }

    /** Forgets what the copies show by now. */
    void forgetApplied(CellViews cells) {
        var known = cells.cells();
        commits.entrySet().removeIf(each -> {
            CellId cell = each.getKey().cell();
            return !known.contains(cell)
                    || each.getValue().binding().compareTo(cells.table(cell).appliedIndex()) <= 0;
        });
    }

    int size() {
        return commits.size();
    }
}
