package org.anylease.store.alone;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.alone.JournalRecord.Born;
import org.anylease.store.alone.JournalRecord.Claim;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.EscrowGrant;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * What one server may promise alone: rules R2 to R4, decided on the state that it has applied and on its journal. Safe
 * at any time, whether the server is cut off or only thinks so. Decides and changes nothing; made for one turn.
 *
 * <ol>
 *   <li>R2: an address that is active for the client, up to MCLT past its <em>committed</em> expiry
 *   <li>R3: an address set aside for this server, up to the end of the grant, unless this server gave it to somebody
 *       whose lease may still run, or has committed or returned it
 *   <li>R4: an address that is kept for the client
 * </ol>
 */
public final class AloneRules {
    /** The latest lease that counts as none. */
    private static final Duration USELESS = Duration.ofSeconds(1);

    private final ServerId self;
    private final LeaseTable view;
    private final PromiseJournal journal;
    private final Instant now;

    /**
     * Looks at a cell.
     *
     * @param self this server
     * @param view its applied state
     * @param journal its journal for the cell
     * @param now its clock; of a request, when it was received
     */
    public AloneRules(ServerId self, LeaseTable view, PromiseJournal journal, Instant now) {
        this.self = self;
        this.view = view;
        this.journal = journal;
        this.now = now;
    }

    /**
     * Why this server may promise nothing now.
     *
     * @param clockTrusted whether its clock has neither stepped nor strayed
     * @return empty when it may
     */
    public Optional<Fence> fence(boolean clockTrusted) {
        return clockTrusted ? fence() : Optional.of(Fence.CLOCK_UNTRUSTED);
    }

    private Optional<Fence> fence() {
        AddressPlan plan = view.plan().orElse(null);
        if (plan == null) {
            return Optional.of(Fence.NOT_CONFIGURED);
        }
        if (plan.siteOf(self) == null) {
            return Optional.of(Fence.NOT_A_MEMBER);
        }
        if (view.declaredDown().containsKey(self)) {
            return Optional.of(Fence.DECLARED_DOWN);
        }
        if (view.appliedIndex().compareTo(journal.reported()) < 0) {
            return Optional.of(Fence.BEHIND_ITS_REPORT);
        }
        return journal.born() == null ? Optional.of(Fence.NEWBORN) : Optional.empty();
    }

    /**
     * What to append to a new journal, once an entry that this server proposed since it has this disk is applied.
     *
     * @return the journal's first record; empty when it has one, or nothing is configured
     */
    public Optional<Born> birth() {
        AddressPlan plan = view.plan().orElse(null);
        if (plan == null || journal.born() != null) {
            return Optional.empty();
        }
        Instant latest = Instant.EPOCH;
        for (NetworkPlan network : plan.networks()) {
            for (Ipv4 address : view.escrowOf(self, network.network().name())) {
                Instant end = view.binding(address).map(Binding::end).orElse(Instant.EPOCH);
                latest = end.isAfter(latest) ? end : latest;
            }
        }
        // One that was declared down came back when what its old disk had promised was over.
        boolean mayRun = view.disksOf(self) > 1 && journal.reported().equals(LogIndex.NONE);
        return Optional.of(new Born(view.appliedIndex(), latest, mayRun ? now.plus(longestPromise()) : Instant.EPOCH));
    }

    /**
     * Which address a DISCOVER would get: the one that the client holds, the one kept for it, the one that this server
     * gave it, or an escrowed one, the longest granted first. Promises nothing yet.
     *
     * @param client the client
     * @param network the shared network it is on
     * @param wanted the address it asks for, if any
     * @param taken addresses that this server has in mind for others, or found in use by a stranger: none of them but
     *     the one that the client holds is chosen
     * @return the promise that {@link #lease} would make now; empty when there is none
     */
    public Optional<AlonePromise> offer(
            LeaseClient client, String network, @Nullable Ipv4 wanted, Predicate<Ipv4> taken) {
        NetworkPlan plan = network(network);
        if (plan == null || fence().isPresent()) {
            return Optional.empty();
        }
        List<Ipv4> candidates = new ArrayList<>();
        for (Binding binding : view.bindingsOf(client.id())) {
            if (binding.state() == BindingState.ACTIVE && binding.isOf(client.id())) {
                candidates.add(binding.address());
            }
        }
        plan.reservationsFor(client).stream()
                .map(Reservation::address)
                .filter(Predicate.not(taken))
                .forEach(candidates::add);
        boolean room = hasRoomFor(client);
        List<Ipv4> unclaimed = new ArrayList<>();
        List<Ipv4> runOut = new ArrayList<>();
        for (EscrowGrant grant : view.escrowGrants(self, network)) {
            Ipv4 address = grant.address();
            Claim claim = journal.claim(address, grant.index());
            if (taken.test(address)) {
                continue;
            }
            if (claim != null && client.id().equals(claim.client())) {
                candidates.add(address);
            } else if (room && (claim == null || isOver(claim)) && plan.permits(address, client)) {
                (claim == null ? unclaimed : runOut).add(address);
            }
        }
        if (wanted != null && unclaimed.remove(wanted)) {
            unclaimed.addFirst(wanted);
        }
        candidates.addAll(unclaimed);
        candidates.addAll(runOut);
        for (Ipv4 candidate : candidates) {
            Optional<AlonePromise> promise = lease(client, network, candidate, null);
            if (promise.isPresent()) {
                return promise;
            }
        }
        return Optional.empty();
    }

    /** Whether an escrowed address that was given out may be given to somebody else by the same grant. */
    private boolean isOver(Claim claim) {
        return !claim.flushed() && !mayRun(claim.until());
    }

    /**
     * What this server may promise a client alone.
     *
     * @param client the client
     * @param network the shared network it is on
     * @param address the address
     * @param wantedTime the lease time it asks for (option 51), or null
     * @return empty when no rule allows it: the client then hears nothing
     */
    public Optional<AlonePromise> lease(
            LeaseClient client, String network, Ipv4 address, @Nullable Duration wantedTime) {
        NetworkPlan plan = network(network);
        Binding binding = view.binding(address).orElse(null);
        if (plan == null || binding == null || !plan.contains(address) || fence().isPresent()) {
            return Optional.empty();
        }
        Ground ground = ground(client, plan, binding);
        Promise pending = journal.promise(address);
        if (ground == null || (pending != null && stands(pending, client, ground))) {
            return Optional.empty();
        }
        Duration longest = view.leaseTime(client, network, address, wantedTime).orElseThrow();
        Duration left = Duration.between(now, ground.limit());
        if (client.speaksBootp() && !ground.lasts(binding, left, longest)) {
            return Optional.empty();
        }
        Duration time = Duration.ofSeconds((left.compareTo(longest) < 0 ? left : longest).toSeconds());
        if (time.compareTo(USELESS) < 0) {
            return Optional.empty();
        }
        Instant until = now.plus(time);
        List<JournalRecord> records = records(client, network, address, ground, until, pending);
        return Optional.of(
                new AlonePromise(address, ground.rule(), until, time, ground.held(), view.appliedIndex(), records));
    }

    /** Whether an earlier promise stands in the way: another client's that may run, or one that its client has ended. */
    private boolean stands(Promise pending, LeaseClient client, Ground ground) {
        boolean another = !pending.client().id().equals(client.id());
        boolean ended =
                pending.ending() != PromiseEnding.HELD && pending.binding().equals(ground.binding());
        return ended || (another && mayRun(pending.until()));
    }

    private List<JournalRecord> records(
            LeaseClient client, String network, Ipv4 address, Ground ground, Instant until, @Nullable Promise pending) {
        boolean again = pending != null && pending.client().id().equals(client.id());
        Instant latest = again && pending != null && pending.until().isAfter(until) ? pending.until() : until;
        List<JournalRecord> records = new ArrayList<>();
        if (ground.rule() == PromiseRule.R3_ESCROW) {
            records.add(new Claim(address, ground.binding(), client.id(), latest, false, false));
        }
        LeaseClient known = again && pending != null ? client.keepingRelayOf(pending.client()) : client;
        records.add(
                new Promise(address, known, network, latest, ground.binding(), ground.rule(), PromiseEnding.HELD, now));
        return records;
    }

    private @Nullable Ground ground(LeaseClient client, NetworkPlan plan, Binding binding) {
        return switch (binding.state()) {
            case ACTIVE -> binding.isOf(client.id()) ? extension(client, plan, binding) : null;
            case ESCROWED -> escrow(client, plan, binding);
            case RESERVED -> {
                Reservation reservation = plan.reservationAt(binding.address());
                yield reservation != null && reservation.isFor(client)
                        ? new Ground(PromiseRule.R4_RESERVATION, Binding.TIME_MAX, binding.index(), false, true)
                        : null;
            }
            case FREE, EXPIRED, RELEASED, ABANDONED -> null;
        };
    }

    /** R2. Of an address that the configuration no longer lets the client have, only what is committed. */
    private Ground extension(LeaseClient client, NetworkPlan plan, Binding binding) {
        boolean leasable = view.isLeasable(client, plan.network().name(), binding.address());
        Instant limit = leasable ? binding.end().plus(timers().mclt()) : binding.end();
        boolean kept = leasable && plan.reservationAt(binding.address()) != null;
        return new Ground(PromiseRule.R2_EXTENSION, limit, binding.index(), true, kept);
    }

    /** R3. */
    private @Nullable Ground escrow(LeaseClient client, NetworkPlan plan, Binding binding) {
        Claim claim = journal.claim(binding.address(), binding.index());
        boolean own = claim != null && client.id().equals(claim.client());
        boolean free = claim == null || (!claim.flushed() && own) || isOver(claim);
        boolean usable = self.equals(binding.server())
                && plan.isDynamic(binding.address())
                && plan.permits(binding.address(), client)
                && (own || hasRoomFor(client))
                && !journal.isForeign(binding.index(), now, twoSkews());
        return usable && free ? new Ground(PromiseRule.R3_ESCROW, binding.end(), binding.index(), own, false) : null;
    }

    /** Whether its classes let a client have another address, as far as this server knows. */
    private boolean hasRoomFor(LeaseClient client) {
        return view.hasRoomFor(client, membership -> journal.promisedIn(membership, client.id()));
    }

    /**
     * A client gives back (RFC 2131 §4.3.4) or found in use (§4.3.3) what it held by the applied state or by this server's
     * promise when it said so. What it was given since is another lease, and is not ended.
     *
     * @param client the client
     * @param address the address
     * @param meant the index of the binding that is meant
     * @param said when the client said so, by this server's clock
     * @param ending what it said
     * @return what to append; empty when nothing is known here that the client meant
     */
    public Optional<Promise> end(ClientId client, Ipv4 address, LogIndex meant, Instant said, PromiseEnding ending) {
        AddressPlan plan = view.plan().orElse(null);
        NetworkPlan network = plan == null ? null : plan.networkOf(address);
        Binding binding = view.binding(address).orElse(null);
        if (network == null || binding == null || !binding.index().equals(meant) || fence().isPresent()) {
            return Optional.empty();
        }
        LeaseClient holder = binding.state() == BindingState.ACTIVE && binding.isOf(client) ? binding.client() : null;
        Promise pending = journal.promise(address);
        boolean own = pending != null && pending.client().id().equals(client);
        if (pending != null && (own ? isNewer(pending, said) : mayRun(pending.until()))) {
            return Optional.empty();
        }
        if (holder != null) {
            Instant until =
                    own && pending != null && pending.until().isAfter(binding.end()) ? pending.until() : binding.end();
            return Optional.of(new Promise(
                    address,
                    holder,
                    network.network().name(),
                    until,
                    binding.index(),
                    PromiseRule.R2_EXTENSION,
                    ending,
                    now));
        }
        return !own || pending == null
                ? Optional.empty()
                : Optional.of(new Promise(
                        address,
                        pending.client(),
                        pending.network(),
                        pending.until(),
                        pending.binding(),
                        pending.rule(),
                        ending,
                        now));
    }

    /**
     * A probe of an escrowed address was answered by a stranger: it is given to nobody, and goes back.
     *
     * @param address the address
     * @return what to append; empty when the address is not set aside for this server, or is given to a client
     */
    public Optional<Claim> inUse(Ipv4 address) {
        Binding binding = view.binding(address).orElse(null);
        boolean own = binding != null && binding.state() == BindingState.ESCROWED && self.equals(binding.server());
        if (binding == null || !own) {
            return Optional.empty();
        }
        Claim claim = journal.claim(address, binding.index());
        return claim != null && (claim.flushed() || mayRun(claim.until()))
                ? Optional.empty()
                : Optional.of(new Claim(address, binding.index(), null, binding.end(), true, true));
    }

    /**
     * The index that this server may report now: all it promised on older states is committed. It appends {@link
     * JournalRecord.Reported}, durably, before it says so. One that is a member no longer is awaited until it has reported
     * that, and has nothing more to promise.
     *
     * @return empty when something is still to be committed, or an earlier disk's promises may still run, or nothing is new
     */
    public Optional<LogIndex> mayReport() {
        Fence fence = fence().orElse(null);
        boolean left = fence == Fence.NOT_A_MEMBER && journal.born() != null;
        boolean settled = (fence == null || left) && journal.pendingCount() == 0 && !isQuiet();
        LogIndex applied = view.appliedIndex();
        return settled && applied.compareTo(journal.reported()) > 0 ? Optional.of(applied) : Optional.empty();
    }

    /**
     * What a server that was declared down, and is back, has to append, durably, before it proposes UndoDeclareDown: it
     * can then not fall back to a state in which it knew nothing of that.
     *
     * @return empty when the applied state does not say that it is declared down; and while this disk is new and what the
     *     old one's journal held, which nobody knows, may still run
     */
    public Optional<JournalRecord.Reported> comeback() {
        boolean down = view.declaredDown().containsKey(self);
        return down && (journal.born() != null || isOver())
                ? Optional.of(new JournalRecord.Reported(view.appliedIndex()))
                : Optional.empty();
    }

    /** Whether an earlier disk of this server may have promised something that still runs and that nobody has on record. */
    private boolean isQuiet() {
        Born born = journal.born();
        return born != null && !now.isAfter(born.quietUntil());
    }

    /** How long a promise of any server can run after it was made, whatever the clocks: as long as one declared down. */
    private Duration longestPromise() {
        return Duration.between(view.time(), view.awaitedIfDeclaredDown());
    }

    /** Whether nothing that this server promised before it was declared down can still run. */
    private boolean isOver() {
        LogIndex applied = view.appliedIndex();
        return view.settled(server -> server.equals(self) ? LogIndex.NONE : applied)
                .equals(applied);
    }

    /**
     * What to append, durably, before the commit of a promise is proposed: from then on the escrowed address is given
     * to nobody more by that grant, not even to the same client, as the commit may be done before this server hears of
     * it.
     *
     * @param promise one of {@link PromiseJournal#pending()}
     * @return empty when nothing is needed
     */
    public List<JournalRecord> beforeFlush(Promise promise) {
        Claim claim =
                promise.rule() == PromiseRule.R3_ESCROW ? journal.claim(promise.address(), promise.binding()) : null;
        return claim == null || claim.flushed()
                ? List.of()
                : List.of(
                        new Claim(claim.address(), claim.grant(), claim.client(), claim.until(), true, claim.inUse()));
    }

    /**
     * What to append once the commit of a promise is applied, whatever became of it.
     *
     * @param promise what was committed
     * @return empty when more was promised meanwhile, which is to be committed as well
     */
    public List<JournalRecord> afterFlush(Promise promise) {
        return promise.equals(journal.promise(promise.address()))
                ? List.of(new JournalRecord.PromiseGone(promise.address()))
                : List.of();
    }

    /**
     * The claims that are of no use any more: their grant is over in a state that survives a crash.
     *
     * @param durable how far the applied state is durable
     * @return what to append
     */
    public List<JournalRecord> collect(LogIndex durable) {
        List<JournalRecord> gone = new ArrayList<>();
        LogIndex applied = view.appliedIndex();
        for (Claim claim : journal.claims()) {
            Binding binding = view.binding(claim.address()).orElse(null);
            boolean stands = binding != null
                    && binding.state() == BindingState.ESCROWED
                    && binding.index().equals(claim.grant());
            boolean over = !stands && applied.compareTo(claim.grant()) >= 0;
            if (over && journal.seenOver(claim, applied).compareTo(durable) <= 0) {
                gone.add(new JournalRecord.ClaimGone(claim.address(), claim.grant()));
            }
        }
        return gone;
    }

    /**
     * The escrow of a network that this server is to give back: what it found in use or is giving back already, addresses
     * that are dynamic no longer, those that are recalled, and all it has not given out of pools where less than a quarter
     * of what nobody uses is left for everybody.
     *
     * @param name the shared network
     * @param recalled addresses that the cell wants back; one that is given out stays
     * @return one for each address; empty when there is no such network
     */
    public List<EscrowReturn> returns(String name, Predicate<Ipv4> recalled) {
        NetworkPlan network = network(name);
        if (network == null) {
            return List.of();
        }
        List<EscrowReturn> returns = new ArrayList<>();
        for (EscrowGrant grant : view.escrowGrants(self, name)) {
            Claim claim = journal.claim(grant.address(), grant.index());
            int group = network.groupOf(grant.address());
            boolean low = group >= 0 && view.isScarce(network, group);
            boolean wanted = claim == null
                    ? (low || !network.isDynamic(grant.address()) || recalled.test(grant.address()))
                            && !journal.isForeign(grant.index(), now, twoSkews())
                    : claim.client() == null;
            if (wanted) {
                returns.add(giveBack(view.binding(grant.address()).orElseThrow(), claim));
            }
        }
        return returns;
    }

    /** Puts an address out of this server's own reach, and gives it back. */
    EscrowReturn giveBack(Binding binding, @Nullable Claim claim) {
        Claim returned =
                claim != null ? claim : new Claim(binding.address(), binding.index(), null, binding.end(), true, false);
        return new EscrowReturn(
                claim != null ? List.of() : List.of(returned),
                new LeaseCommand.ReturnEscrow(self, binding.address(), binding.index(), returned.inUse()));
    }

    private @Nullable NetworkPlan network(String name) {
        return view.plan().map(plan -> plan.network(name)).orElse(null);
    }

    private CellTimers timers() {
        return view.plan().orElseThrow().config().timers();
    }

    private Duration twoSkews() {
        return timers().skew().multipliedBy(2);
    }

    /** Whether it was promised after its client said that it is over; or is over already. */
    private static boolean isNewer(Promise promise, Instant said) {
        return promise.ending() != PromiseEnding.HELD || promise.promised().isAfter(said);
    }

    /** Whether a client that was promised something until a time may still hold it (clocks within skew). */
    private boolean mayRun(Instant until) {
        return !until.plus(twoSkews()).isBefore(now);
    }
}
