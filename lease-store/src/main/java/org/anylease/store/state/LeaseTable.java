package org.anylease.store.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Batch;
import org.anylease.store.command.BatchApplied;
import org.anylease.store.command.Conflict;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClassMembership;
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
    final CellState state;
    private final MetaRecords meta;
    private final Leasability leasability;
    private final CommandRules rules;
    private final LeaseLengths lengths;

    /**
     * A cell before its first entry.
     *
     * @param cell its name
     */
    public LeaseTable(CellId cell) {
        state = new CellState(cell);
        meta = state.meta;
        leasability = new Leasability(state);
        rules = new CommandRules(state, leasability);
        lengths = new LeaseLengths(state);
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
        new StoredState(table.state).restore(stored);
        return table;
    }

    /** {@return the cell's name} */
    public CellId cell() {
        return state.cell;
    }

    /** {@return the last entry applied} */
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
     * {@return the configuration in force, with the reservations made at run time that it has room for: empty until the
     * first ApplyConfig}
     */
    public Optional<CellConfig> config() {
        return state.plan().map(AddressPlan::config);
    }

    /** {@return the configuration as the operator's file has it, without the reservations made at run time} */
    public Optional<CellConfig> file() {
        return state.file();
    }

    /** {@return the reservations made at run time, in order of address} */
    public List<ReservationStatus> reservations() {
        return state.reservations.statuses();
    }

    /**
     * What stands against keeping addresses for clients, as the cell is now.
     *
     * @param command what would be asked for
     * @return for each of its reservations that could not be, why; empty when all of them could
     */
    public List<Outcome.NotReserved> obstacles(LeaseCommand.ReserveAddresses command) {
        return rules.reservations().obstacles(command);
    }

    /** {@return the last revisions of the configuration: at most 50, oldest first} */
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

    /** {@return how many addresses have a binding, in whatever state} */
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
        return Optional.ofNullable(rules.offers().wouldOffer(client, network, requested, taken));
    }

    /**
     * When the next ExpireDue has something to do, also for a server declared down whose wait ends.
     *
     * @return in cell time, not before {@link #time()}; empty when nothing will ever be due
     */
    public Optional<Instant> nextDue() {
        return rules.expiry().nextDue();
    }

    /**
     * The oldest entry that something waits on: an address that may be given to anyone, or a shorter time that takes
     * effect, once every server has reported to have applied it.
     *
     * @return empty when nothing waits for reports
     */
    public Optional<LogIndex> waitingSince() {
        return Optional.ofNullable(rules.expiry().waitingSince());
    }

    /**
     * How many addresses wait for reports. Looks at each that does: for display.
     *
     * @return how many, and until when at the latest
     */
    public Waiting waiting() {
        return state.bindings.waiting();
    }

    /**
     * The servers whose reports count: the members, and those that were until everybody has heard that they are none.
     *
     * @return in order of name
     */
    public List<ServerId> awaited() {
        return List.copyOf(state.awaited());
    }

    /**
     * What every server has reported that may answer for the cell: the entry up to which nothing waits any longer, for
     * {@link LeaseCommand.ExpireDue}. A server declared down counts as having reported everything once its wait is over.
     *
     * @param reported the highest index that a server has reported, {@link LogIndex#NONE} for one not heard of
     * @return at most the applied index; {@link LogIndex#NONE} before the first configuration
     */
    public LogIndex settled(Function<ServerId, LogIndex> reported) {
        return state.settled(reported);
    }

    /**
     * The servers that were declared down.
     *
     * @return each with the cell time at which it was, in order of name
     */
    public SortedMap<ServerId, Instant> declaredDown() {
        return state.declaredDown.all();
    }

    /**
     * Until when a server that was declared down is awaited all the same.
     *
     * @param server a server
     * @return the cell time past which it counts as having reported; empty when it is not declared down
     */
    public Optional<Instant> awaitedDespiteDown(ServerId server) {
        return Optional.ofNullable(state.downOver(server));
    }

    /**
     * {@return until when a server would be awaited that is declared down now: a cell time past the longest lease, and
     * twice the skew; the cell's time before the first configuration}
     */
    public Instant awaitedIfDeclaredDown() {
        return state.promisesOver();
    }

    /**
     * How many disks of a server commands came from. With each but the last, a journal of promises was lost.
     *
     * @param server a server
     * @return 0 before its first command
     */
    public int disksOf(ServerId server) {
        return state.exchanges.disksOf(server);
    }

    /**
     * The recovery of the cell from one survivor, as long as what the lost servers promised may still run: until then
     * free addresses go only to clients that claim them.
     *
     * @return empty at all other times
     */
    public Optional<Recovery> recovery() {
        return state.recovery();
    }

    /** {@return the double promises that nobody has seen to yet: at most 1,000, oldest first} */
    public List<Conflict> conflicts() {
        return state.conflicts.all();
    }

    /** {@return how many conflicts were dropped to make room for later ones, since the cell began} */
    public long conflictsDropped() {
        return state.conflicts.dropped();
    }

    /**
     * What the cell has on record about DNS.
     *
     * @return a view; read it, never keep it past a call of the loop
     */
    public DnsLedger dns() {
        return state.dns;
    }

    /**
     * What is set aside for a server.
     *
     * @param owner the server
     * @param network a shared network
     * @return what was granted longest ago first; empty when there is no such network
     */
    public List<EscrowGrant> escrowGrants(ServerId owner, String network) {
        return plan(network)
                .map(plan -> state.bindings.escrow().of(owner, plan))
                .orElse(List.of());
    }

    /**
     * The addresses of {@link #escrowGrants}.
     *
     * @param owner the server
     * @param network a shared network
     * @return in the same order
     */
    public List<Ipv4> escrowOf(ServerId owner, String network) {
        return escrowGrants(owner, network).stream().map(EscrowGrant::address).toList();
    }

    /**
     * How many addresses of a network are set aside, for whichever server.
     *
     * @param network a shared network
     * @return 0 when it is not configured
     */
    public int escrowCount(String network) {
        return plan(network).map(state.bindings.occupancy()::escrowed).orElse(0);
    }

    /**
     * Whether less than a quarter of what nobody uses in a group of pools is left for everybody.
     *
     * @param network a network of the plan
     * @param group one of its groups
     * @return true when most of it is set aside
     */
    public boolean isScarce(NetworkPlan network, int group) {
        long idle = state.bindings.occupancy().idle(network, group);
        return 4 * idle < idle + state.bindings.occupancy().escrowed(network, group);
    }

    /**
     * How many addresses of a network anybody may be given: dynamic, free and not offered.
     *
     * @param network a shared network
     * @return 0 when it is not configured
     */
    public long idleCount(String network) {
        return plan(network).map(state.bindings.occupancy()::idle).orElse(0L);
    }

    /**
     * The configuration in force, arranged for looking up.
     *
     * @return empty until the first ApplyConfig
     */
    public Optional<AddressPlan> plan() {
        return state.plan();
    }

    private Optional<NetworkPlan> plan(String network) {
        return state.plan().map(plan -> plan.network(network));
    }

    /**
     * Whether the limits of its classes let a client have another address.
     *
     * @param client the client
     * @param promised how many addresses of a class are promised besides what is applied
     * @return false when one of its classes has as many as it may
     */
    public boolean hasRoomFor(LeaseClient client, ToIntFunction<ClassMembership> promised) {
        return leasability.hasRoomFor(client, promised);
    }

    /**
     * Whether the configuration lets a client have an address, whoever has it now.
     *
     * @param client the client
     * @param network the shared network it is on
     * @param address the address
     * @return true for the one that is kept for it, and for a dynamic one unless another is kept for it and can be had
     */
    public boolean isLeasable(LeaseClient client, String network, Ipv4 address) {
        return plan(network)
                .map(plan -> leasability.isLeasable(address, client, plan))
                .orElse(false);
    }

    /**
     * How long a lease would be that is committed now.
     *
     * @param client whose
     * @param network the shared network it is on
     * @param address the address
     * @param wanted the lease time that it asks for (option 51), or null
     * @return whole seconds; empty when the address is in no such network
     */
    public Optional<Duration> leaseTime(LeaseClient client, String network, Ipv4 address, @Nullable Duration wanted) {
        return plan(network)
                .filter(plan -> plan.contains(address))
                .map(plan -> lengths.of(state.bindings.getOrUnused(address), client, plan, wanted));
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
     * From now on counts the leases of each circuit of a relay. Looks at every binding once; nothing when it does already.
     */
    public void countCircuits() {
        if (!state.bindings.circuits().countsLeases()) {
            state.bindings.countCircuits();
        }
    }

    /**
     * How many leases run on a client's circuit (RFC 3046 §3.1), once {@link #countCircuits} was called.
     *
     * @param client a client
     * @return 0 when it is on none
     */
    public int leasesBeside(LeaseClient client) {
        return state.bindings.circuits().leasesBeside(client);
    }

    /** {@return how much memory the records take, without indexes, in bytes} */
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
        AddressPlan planBefore = state.plan().orElse(null);
        state.turnTo(index, entry.stamp());
        state.bindings.beginEntry();
        List<BatchApplied> batches = new ArrayList<>(entry.batches().size());
        for (Batch batch : entry.batches()) {
            boolean first = state.exchanges.enter(batch.origin(), batch.sequence());
            boolean isVoid = first && batch.voidAfter() != null && state.time().isAfter(batch.voidAfter());
            List<Outcome> outcomes = new ArrayList<>(batch.commands().size());
            for (LeaseCommand command : batch.commands()) {
                ServerId by = batch.origin().server();
                outcomes.add(
                        isVoid
                                ? new Outcome.Lapsed()
                                : first ? rules.carryOut(command, by) : rules.outcomeNow(command, by));
            }
            batches.add(new BatchApplied(batch.origin(), batch.sequence(), outcomes));
        }
        state.exchanges.drainChanged((origin, value) -> meta.put(StoredKeys.exchanges(origin), value));
        state.storeClock();
        return new Applied(index, state.time(), batches, state.plan().orElse(null) != planBefore);
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
}
