package org.anylease.store.state;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Entry;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/** The state of one cell. (The contract; being written.) */
public interface LeaseTable {
    CellId cell();

    LogIndex appliedIndex();

    Instant time();

    /** Empty until the first ApplyConfig. */
    Optional<CellConfig> config();

    Optional<Binding> binding(Ipv4 address);

    /** Bindings whose client is this one (any state) or that carry an unexpired offer for it, in order of address. */
    List<Binding> bindingsOf(ClientId client);

    /** What OfferAddress would choose now for the client, leaving out addresses the proposer has in mind for others. */
    Optional<Ipv4> wouldOffer(LeaseClient client, String network, Optional<Ipv4> requested, Predicate<Ipv4> taken);

    /** When the next ExpireDue has something to do, if ever. */
    Optional<Instant> nextDue();

    Applied apply(LogIndex index, Entry entry);
}
