package org.anylease.store.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Entry;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/** The state of one cell. (The contract; being written.) */
public final class LeaseTable {
    private static final String BEING_WRITTEN = "being written";

    public LeaseTable(CellId cell) {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    public CellId cell() {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    public LogIndex appliedIndex() {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** The cell's time: the latest stamp. */
    public Instant time() {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** Empty until the first ApplyConfig. */
    public Optional<CellConfig> config() {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** The last revisions, oldest first. */
    public List<ConfigRevision> history() {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    public Optional<Binding> binding(Ipv4 address) {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** Bindings whose client is this one (any state), or that carry an unexpired offer for it, in order of address. */
    public List<Binding> bindingsOf(ClientId client) {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** What OfferAddress would choose now, leaving out addresses that the proposer has in mind for others. */
    public Optional<Ipv4> wouldOffer(
            LeaseClient client, String network, Optional<Ipv4> requested, Predicate<Ipv4> taken) {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** When the next ExpireDue has something to do (cell time), if ever. */
    public Optional<Instant> nextDue() {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    public LeaseDigest digest() {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** Applies the next entry. @throws IllegalStateException naming the invariant when the entry cannot be applied. */
    public Applied apply(LogIndex index, Entry entry) {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** What has changed since the last call, to be stored. */
    public StateChanges takeChanges() {
        throw new IllegalStateException(BEING_WRITTEN);
    }
}
