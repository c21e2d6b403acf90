package org.anylease.store.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.ConfigCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Batch;
import org.anylease.store.command.BatchApplied;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/**
 * The state of one cell: a fold over the entries of its log. Equal logs give equal outcomes, equal stored records and
 * equal digests on every replica, whether it applied the whole log or was restored in between.
 *
 * <p>Confined to one thread. Reading, too, may tidy an index.
 */
public final class LeaseTable {
    private static final int CLOCK_VERSION = 1;

    private final CellState state;
    private final MetaRecords meta = new MetaRecords();
    private final OfferRules offerRules;
    private final CommitRules commitRules;
    private final ReturnRules returnRules;
    private final ExpiryRules expiryRules;
    private final ConfigRules configRules;
    private final RestoreRules restoreRules;

    /**
     * A cell before its first entry.
     *
     * @param cell its name
     */
    public LeaseTable(CellId cell) {
        state = new CellState(cell);
        Leasability leasability = new Leasability(state);
        offerRules = new OfferRules(state, leasability);
        commitRules = new CommitRules(state, leasability);
        returnRules = new ReturnRules(state);
        expiryRules = new ExpiryRules(state);
        configRules = new ConfigRules(state, meta);
        restoreRules = new RestoreRules(state);
    }

    /**
     * The state that was stored.
     *
     * @param cell the cell
     * @param stored all keys and values that {@link #takeChanges()} gave and that are still there, each once;
     *     revisions in order of key
     * @return the same state
     * @throws UnreadableException when a record is damaged or of a version that this program does not know
     */
    public static LeaseTable restore(CellId cell, Iterable<StateChanges.Change> stored) throws UnreadableException {
        LeaseTable table = new LeaseTable(cell);
        CellConfig config = null;
        for (StateChanges.Change record : stored) {
            byte[] key = record.key();
            byte[] value = record.value();
            if (value == null || key.length == 0) {
                throw new UnreadableException("stored state is damaged: a record without a key or a value");
            }
            ByteReader in = new ByteReader("stored state", value, 0, value.length);
            switch (key[0]) {
                case StoredKeys.BINDING -> table.state.bindings.restore(StoredKeys.address(key), value);
                case StoredKeys.CLOCK -> table.restoreClock(in);
                case StoredKeys.CONFIG -> config = ConfigCodec.decode(in);
                case StoredKeys.REVISION -> table.state.history.add(ConfigCodec.decodeRevision(in));
                case StoredKeys.EXCHANGES -> table.state.exchanges.restore(StoredKeys.origin(key), value);
                default ->
                    throw new UnreadableException("stored state has a record of kind " + key[0]
                            + "; this program knows kinds 1 to 5 (was it written by a newer one?)");
            }
            if (key[0] != StoredKeys.BINDING) {
                table.meta.restore(key, value);
            }
        }
        if (config != null) {
            table.state.plan(new AddressPlan(config));
        }
        return table;
    }

    /**
     * The cell.
     *
     * @return its name
     */
    public CellId cell() {
        return state.cell;
    }

    /**
     * How far the log was applied.
     *
     * @return the last entry applied
     */
    public LogIndex appliedIndex() {
        return state.index();
    }

    /**
     * The cell's time: the latest stamp.
     *
     * @return the epoch before the first entry
     */
    public Instant time() {
        return state.time();
    }

    /**
     * The configuration in force.
     *
     * @return empty until the first ApplyConfig
     */
    public Optional<CellConfig> config() {
        return state.plan().map(AddressPlan::config);
    }

    /**
     * The last revisions of the configuration.
     *
     * @return at most 50, oldest first
     */
    public List<ConfigRevision> history() {
        return state.history.revisions();
    }

    /**
     * The binding of an address.
     *
     * @param address any address
     * @return empty when it was never offered, bound or reserved
     */
    public Optional<Binding> binding(Ipv4 address) {
        return Optional.ofNullable(state.bindings.get(address));
    }

    /**
     * How many addresses have a binding, in whatever state.
     *
     * @return the number of records
     */
    public int bindingCount() {
        return state.bindings.count();
    }

    /**
     * The bindings whose client is this one, in any state, or that carry an unexpired offer for it.
     *
     * @param client a client's identity
     * @return in order of address
     */
    public List<Binding> bindingsOf(ClientId client) {
        List<Binding> found = new ArrayList<>();
        for (Binding binding : state.bindings.naming(client)) {
            Offer offer = binding.offerAt(state.time());
            if (binding.isOf(client) || (offer != null && offer.client().id().equals(client))) {
                found.add(binding);
            }
        }
        return found;
    }

    /**
     * What OfferAddress would choose now.
     *
     * @param client the client
     * @param network the shared network it is on
     * @param requested the address it asks for, if any
     * @param taken addresses that the proposer has in mind for others: left out, unless they are reserved for the
     *     client, held by it or offered to it
     * @return empty when the network has no address left for the client, or is not configured
     */
    public Optional<Ipv4> wouldOffer(
            LeaseClient client, String network, @Nullable Ipv4 requested, Predicate<Ipv4> taken) {
        return Optional.ofNullable(offerRules.wouldOffer(client, network, requested, taken));
    }

    /**
     * When the next ExpireDue has something to do.
     *
     * @return in cell time, not before {@link #time()}; empty when nothing will ever be due
     */
    public Optional<Instant> nextDue() {
        return expiryRules.nextDue();
    }

    /**
     * A digest of the whole state.
     *
     * @return equal at the same applied index on every replica
     */
    public LeaseDigest digest() {
        return new LeaseDigest(state.bindings.digest() + meta.digest());
    }

    /**
     * A digest of the bindings of some addresses, to find where two replicas differ.
     *
     * @param range the addresses
     * @return equal when their bindings are
     */
    public LeaseDigest digest(AddressRange range) {
        return new LeaseDigest(state.bindings.digest(range));
    }

    /**
     * How much memory the records take, without indexes.
     *
     * @return in bytes
     */
    public long recordBytes() {
        return state.bindings.slabBytes();
    }

    /**
     * Applies the next entry.
     *
     * @param index its place in the log; entries of the log that carry no commands are skipped
     * @param entry the entry
     * @return what it did
     * @throws IllegalStateException naming the invariant, when the entry cannot be applied; the table is then not to
     *     be used any more
     */
    public Applied apply(LogIndex index, Entry entry) {
        if (index.compareTo(state.index()) <= 0) {
            throw new IllegalStateException("AppliedInOrder: entry " + index + " of cell " + state.cell
                    + " comes after entry " + state.index() + " was applied");
        }
        long versionBefore = configVersion();
        state.turnTo(index, entry.stamp());
        state.bindings.beginEntry();
        List<BatchApplied> batches = new ArrayList<>(entry.batches().size());
        for (Batch batch : entry.batches()) {
            boolean first = state.exchanges.enter(batch.origin(), batch.sequence());
            List<Outcome> outcomes = new ArrayList<>(batch.commands().size());
            for (LeaseCommand command : batch.commands()) {
                ServerId by = batch.origin().server();
                outcomes.add(first ? carryOut(command, by) : outcomeNow(command, by));
            }
            batches.add(new BatchApplied(batch.origin(), batch.sequence(), outcomes));
        }
        state.exchanges.drainChanged((origin, value) -> meta.put(StoredKeys.exchanges(origin), value));
        storeClock();
        return new Applied(index, state.time(), batches, configVersion() != versionBefore);
    }

    /**
     * The addresses whose bindings the last entry changed. Worked out when it is asked for, so that it costs nothing
     * while nobody does; good until the next entry.
     *
     * @return each once, in the order in which they changed
     */
    public List<Ipv4> changedByLastEntry() {
        return state.bindings.changedByEntry();
    }

    /**
     * What has changed since the last call, to be stored.
     *
     * @return each changed key once, in order of key within bindings and within the rest
     */
    public StateChanges takeChanges() {
        List<StateChanges.Change> changes = state.bindings.takeChanges();
        changes.addAll(meta.takeChanges());
        return new StateChanges(state.index(), changes);
    }

    private Outcome carryOut(LeaseCommand command, ServerId by) {
        return switch (command) {
            case LeaseCommand.OfferAddress offer -> offerRules.offer(offer, by);
            case LeaseCommand.CommitLease commit -> commitRules.commit(commit, by);
            case LeaseCommand.ReleaseLease release -> returnRules.release(release);
            case LeaseCommand.DeclineAddress decline -> returnRules.decline(decline);
            case LeaseCommand.CancelOffer cancel -> returnRules.cancel(cancel);
            case LeaseCommand.ExpireDue expire -> expiryRules.expire(expire);
            case LeaseCommand.ApplyConfig apply -> configRules.apply(apply);
            case LeaseCommand.RestoreBindings restore -> restoreRules.restore(restore);
        };
    }

    /** The outcome of a command that was applied before: what the state says now, changing nothing. */
    private Outcome outcomeNow(LeaseCommand command, ServerId by) {
        return switch (command) {
            case LeaseCommand.OfferAddress offer -> offerRules.offeredNow(offer);
            case LeaseCommand.CommitLease commit -> commitRules.boundNow(commit, by);
            case LeaseCommand.ApplyConfig apply -> configRules.appliedNow(apply);
            case LeaseCommand.ReleaseLease _,
                    LeaseCommand.DeclineAddress _,
                    LeaseCommand.CancelOffer _,
                    LeaseCommand.ExpireDue _,
                    LeaseCommand.RestoreBindings _ -> new Outcome.Done(0);
        };
    }

    private long configVersion() {
        return state.plan().map(plan -> plan.config().version()).orElse(0L);
    }

    private void storeClock() {
        ByteWriter out = new ByteWriter();
        out.u8(CLOCK_VERSION);
        out.varint(state.index().value());
        out.varint(state.time().toEpochMilli());
        out.varint(state.idleSequence());
        meta.put(StoredKeys.clock(), out.toArray());
    }

    private void restoreClock(ByteReader in) throws UnreadableException {
        in.version(CLOCK_VERSION);
        long applied = in.varint();
        if (applied < 0) {
            throw in.damaged("a log index over 2^63");
        }
        state.restoreClock(new LogIndex(applied), Instant.ofEpochMilli(in.varint()), in.varint());
    }
}
