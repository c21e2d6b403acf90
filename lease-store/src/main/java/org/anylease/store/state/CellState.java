package org.anylease.store.state;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/** What the rules read and write: a cell's bindings, its clock, and the configuration in force. */
final class CellState {
    private static final int CLOCK_VERSION = 1;

    final CellId cell;
    final MetaRecords meta = new MetaRecords();
    final DeclaredDown declaredDown = new DeclaredDown(meta);
    final EarlierTerms earlierTerms = new EarlierTerms(meta);
    final Recoveries recoveries = new Recoveries(meta);
    final ConflictLedger conflicts = new ConflictLedger(meta);
    final Bindings bindings = new Bindings(declaredDown, earlierTerms);
    final ExchangeLedger exchanges = new ExchangeLedger();
    final ConfigHistory history = new ConfigHistory();
    final RuntimeReservations reservations = new RuntimeReservations(meta);
    final DnsLedger dns = new DnsLedger(this);

    private LogIndex index = LogIndex.NONE;
    private Instant time = Instant.EPOCH;
    private long idleSequence;
    private @Nullable CellConfig file;
    private @Nullable AddressPlan plan;

    CellState(CellId cell) {
        this.cell = cell;
    }

    /** The entry being applied, or the last one that was. */
    LogIndex index() {
        return index;
    }

    /** The latest stamp so far. */
    Instant time() {
        return time;
    }

    long idleSequence() {
        return idleSequence;
    }

    /** Stores how far the log was applied, the cell's time and the order of idle addresses. */
    void storeClock() {
        ByteWriter out = new ByteWriter();
        out.u8(CLOCK_VERSION);
        out.varint(index.value());
        out.varint(time.toEpochMilli());
        out.varint(idleSequence);
        meta.put(StoredKeys.clock(), out.toArray());
    }

    void restoreClock(ByteReader in) throws UnreadableException {
        in.version(CLOCK_VERSION);
        long applied = in.varint();
        if (applied < 0) {
            throw in.damaged("a log index over 2^63");
        }
        index = new LogIndex(applied);
        time = Instant.ofEpochMilli(in.varint());
        idleSequence = in.varint();
    }

    /** Turns to an entry: its stamp may lag behind an earlier one, the cell's time does not. */
    void turnTo(LogIndex entry, Instant stamp) {
        index = entry;
        if (stamp.isAfter(time)) {
            time = stamp;
        }
    }

    Optional<AddressPlan> plan() {
        return Optional.ofNullable(plan);
    }

    /** The configuration as the operator's file has it, without the reservations made at run time. */
    Optional<CellConfig> file() {
        return Optional.ofNullable(file);
    }

    void configure(CellConfig next) {
        file = next;
        plan = reservations.over(next);
        bindings.replan(plan);
    }

    /** The times in force. */
    CellTimers timers() {
        if (plan == null) {
            throw unconfigured();
        }
        return plan.config().timers();
    }

    /** The times by which reuse goes: longer than those in force while a server may still promise by earlier ones. */
    CellTimers reuseTimers() {
        CellTimers timers = bindings.reuseTimers();
        if (timers == null) {
            throw unconfigured();
        }
        return timers;
    }

    private IllegalStateException unconfigured() {
        return new IllegalStateException("cell " + cell + " has bindings before it has a configuration");
    }

    /** The servers whose reports count: the members, and those that were until all have heard of it. */
    SortedSet<ServerId> awaited() {
        SortedSet<ServerId> servers = earlierTerms.left();
        if (plan != null) {
            plan.config().members().forEach(member -> servers.add(member.server()));
        }
        return servers;
    }

    /** The recovery after which free addresses still go only to clients that claim them. */
    Optional<Recovery> recovery() {
        return plan == null ? Optional.empty() : recoveries.at(time, reuseTimers());
    }

    /** The place behind all addresses that are idle now. */
    long nextIdleSequence() {
        return ++idleSequence;
    }

    /** Whether the configuration keeps an address for a client. */
    boolean isKept(Binding binding) {
        return plan != null && plan.reservationAt(binding.address()) != null;
    }

    /** An escrowed address that nobody is to give out any more. */
    Binding freed(Binding escrowed) {
        Binding free = escrowed.free(index, nextIdleSequence());
        return isKept(escrowed) ? free.reserve(index) : free;
    }

    /** A binding without its offer; a FREE one goes to the end of the idle ones. */
    Binding withoutOffer(Binding binding) {
        return binding.withoutOffer(binding.state() == BindingState.FREE ? nextIdleSequence() : 0);
    }

    /** Takes a binding into quarantine. */
    void abandon(Binding binding) {
        abandon(binding, Instant.EPOCH, ReuseGate.closing(binding, reuseTimers()));
    }

    /** Takes a binding into quarantine that lasts until a certain time at least. */
    void abandon(Binding binding, Instant atLeast, Instant gate) {
        Instant quarantine = time.plus(timers().quarantine());
        bindings.put(binding.abandon(index, ReuseGate.later(quarantine, atLeast), gate));
    }

    /** A committed lease cancels what else the client was offered. */
    void cancelOffers(ClientId client) {
        for (Binding binding : bindings.naming(client)) {
            Offer offer = binding.offer();
            if (offer != null && offer.client().id().equals(client)) {
                bindings.put(withoutOffer(binding));
            }
        }
    }

    /** Whether two servers are known to be at different sites. */
    boolean atOtherSites(ServerId one, ServerId other) {
        var here = plan == null ? null : plan.siteOf(one);
        var there = plan == null ? null : plan.siteOf(other);
        return here != null && there != null && !here.equals(there);
    }

    /** Past this cell time a server declared down is awaited no longer; null when it is not, or nothing is configured. */
    @Nullable
    Instant downOver(ServerId server) {
        return plan == null ? null : declaredDown.over(server, reuseTimers());
    }

    /** The cell time past which nothing can still run that is promised by now, whatever the clocks. */
    Instant promisesOver() {
        return plan == null
                ? time()
                : ReuseGate.pastSkew(time().plus(reuseTimers().longestLease()), reuseTimers());
    }

    /** What every server that may answer for the cell has reported; one declared down, everything once its wait is over. */
    LogIndex settled(Function<ServerId, LogIndex> reported) {
        if (plan == null) {
            return LogIndex.NONE;
        }
        LogIndex settled = index();
        for (ServerId server : awaited()) {
            Instant over = downOver(server);
            LogIndex known = reported.apply(server);
            if ((over == null || !time().isAfter(over)) && known.compareTo(settled) < 0) {
                settled = known;
            }
        }
        return settled;
    }
}
