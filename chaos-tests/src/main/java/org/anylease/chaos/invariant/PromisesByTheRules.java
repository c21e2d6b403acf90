package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.config.Member;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * What a server promises alone keeps to R2, R3 or R4 in the state that it has applied, and to what all three need: it is
 * a member and not declared down there, it stands behind no report of its own, and its clock is good. A report says no
 * more than is true.
 */
public final class PromisesByTheRules implements Invariant {
    private final Duration skew;
    private final TreeMap<CellId, TreeMap<ServerId, LogIndex>> reported = new TreeMap<>();
    private final TreeMap<ServerId, TreeMap<Ipv4, Given>> given = new TreeMap<>();
    /** The same of what is being written to a disk, which a crash may lose. */
    private final TreeMap<ServerId, TreeMap<Ipv4, Given>> underWay = new TreeMap<>();

    /** For each report how much was not committed when it was written. */
    private final TreeMap<ServerId, TreeMap<LogIndex, Integer>> unclean = new TreeMap<>();

    private final TreeMap<ServerId, TreeMap<Ipv4, Instant>> told = new TreeMap<>();

    /** To whom a server gave an escrowed address by a grant, and whether it has committed or returned it. */
    private record Given(LogIndex grant, @Nullable ClientId client, Instant until, boolean over) {}

    /**
     * Nothing was promised.
     *
     * @param skew bound on the difference of any two clocks
     */
    public PromisesByTheRules(Duration skew) {
        this.skew = skew;
    }

    @Override
    public String name() {
        return "PromisesByTheRules";
    }

    @Override
    public void on(Fact fact, Instant now) {
        switch (fact) {
            case Fact.Committed entry -> committed(entry);
            case Fact.ReportDurable may -> {
                require(
                        may.index().compareTo(may.applied()) <= 0,
                        may.server() + " means to report entry " + may.index() + " of cell " + may.cell()
                                + ", and has applied " + may.applied());
                unclean.computeIfAbsent(may.server(), _ -> new TreeMap<>()).put(may.index(), may.pending());
            }
            case Fact.Reported said -> reported(said);
            case Fact.PromisedAlone(ServerId server, CellId cell, Promise promise, Fact.View view) -> {
                if (promise.ending() == PromiseEnding.HELD) {
                    fenced(server, cell, view, now);
                    switch (promise.rule()) {
                        case R2_EXTENSION -> extension(server, promise, view);
                        case R3_ESCROW -> escrow(server, promise, view);
                        case R4_RESERVATION -> reservation(server, promise, view);
                    }
                }
                // Of one that was given back too: its client may have been told as much by the cell.
                told.computeIfAbsent(server, _ -> new TreeMap<>()).put(promise.address(), promise.until());
            }
            case Fact.PromiseDurable(ServerId server, CellId _, Promise promise) -> durable(server, promise);
            case Fact.Started(ServerId server) -> underWay.remove(server);
            case Fact.DiskReplaced(ServerId server) -> {
                given.remove(server);
                underWay.remove(server);
                told.remove(server);
                unclean.remove(server);
                reported.values().forEach(ofCell -> ofCell.remove(server));
            }
            default -> {
                // Of no interest here.
            }
        }
    }

    private void committed(Fact.Committed entry) {
        for (Fact.Carried carried : entry.carried()) {
            Ipv4 address = null;
            LogIndex grant = null;
            if (carried.command() instanceof LeaseCommand.CommitPromise promise) {
                address = promise.address();
                grant = promise.binding();
            } else if (carried.command() instanceof LeaseCommand.ReturnEscrow giveBack) {
                address = giveBack.address();
                grant = giveBack.grant();
            }
            if (address != null && grant != null) {
                given.computeIfAbsent(carried.by(), _ -> new TreeMap<>())
                        .put(address, new Given(grant, null, Instant.EPOCH, true));
                underWay.getOrDefault(carried.by(), new TreeMap<>()).remove(address);
            }
        }
    }

    private void reported(Fact.Reported said) {
        require(
                said.index().compareTo(said.durable()) <= 0,
                said.server() + " reported entry " + said.index() + " of cell " + said.cell()
                        + ", and its disk knows of " + said.durable());
        int before = unclean.getOrDefault(said.server(), new TreeMap<>()).getOrDefault(said.index(), 0);
        require(
                before == 0 || said.pending() == 0,
                said.server() + " reported entry " + said.index() + " of cell " + said.cell()
                        + " while promises on older states are not committed");
        reported.computeIfAbsent(said.cell(), _ -> new TreeMap<>())
                .merge(said.server(), said.index(), (one, other) -> one.compareTo(other) >= 0 ? one : other);
    }

    private void fenced(ServerId server, CellId cell, Fact.View view, Instant now) {
        LogIndex said = reported.getOrDefault(cell, new TreeMap<>()).getOrDefault(server, LogIndex.NONE);
        require(
                view.applied().compareTo(said) >= 0,
                server + " promised on entry " + view.applied() + " of cell " + cell + ", and has reported " + said);
        boolean member = view.config().members().stream().map(Member::server).anyMatch(server::equals);
        require(member && !view.declaredDown(), server + " promised, and knows that it may not: it is down or out");
        Duration astray = Duration.between(now, view.clock()).abs();
        require(
                astray.compareTo(skew) <= 0,
                server + " promised with a clock that is off by " + Duration.between(now, view.clock()));
    }

    private void extension(ServerId server, Promise promise, Fact.View view) {
        Binding binding = view.binding();
        require(
                binding != null
                        && binding.state() == BindingState.ACTIVE
                        && binding.isOf(promise.client().id()),
                server + " extended by R2 what is not the client's: " + binding + ", " + promise);
        if (binding != null) {
            within(server, promise, binding.end().plus(view.config().timers().mclt()), "R2", view);
        }
    }

    private void escrow(ServerId server, Promise promise, Fact.View view) {
        Binding binding = view.binding();
        require(
                binding != null && binding.state() == BindingState.ESCROWED && server.equals(binding.server()),
                server + " gave out by R3 what is not its own: " + binding + ", " + promise);
        if (binding == null) {
            return;
        }
        within(server, promise, binding.end(), "R3", view);
        TreeMap<Ipv4, Given> writing = underWay.computeIfAbsent(server, _ -> new TreeMap<>());
        Given before = writing.get(promise.address());
        if (before == null) {
            before = given.getOrDefault(server, new TreeMap<>()).get(promise.address());
        }
        ClientId client = promise.client().id();
        if (before != null && before.grant.equals(binding.index())) {
            boolean mayRun = !client.equals(before.client)
                    && !before.until.plus(skew.multipliedBy(2)).isBefore(view.clock());
            require(
                    !before.over && !mayRun,
                    server + " gave out by R3 what it had given to " + before.client + " until " + before.until
                            + (before.over ? ", or has committed or given back" : "") + ": " + promise);
        }
        writing.put(promise.address(), new Given(binding.index(), client, promise.until(), false));
    }

    private void durable(ServerId server, Promise promise) {
        Given written = underWay.getOrDefault(server, new TreeMap<>()).get(promise.address());
        if (written != null
                && promise.client().id().equals(written.client)
                && promise.until().equals(written.until)) {
            given.computeIfAbsent(server, _ -> new TreeMap<>()).put(promise.address(), written);
        }
    }

    private void reservation(ServerId server, Promise promise, Fact.View view) {
        Binding binding = view.binding();
        boolean kept = false;
        for (SharedNetwork network : view.config().networks()) {
            for (Subnet subnet : network.subnets()) {
                for (Reservation reservation : subnet.reservations()) {
                    kept |= reservation.address().equals(promise.address()) && reservation.isFor(promise.client());
                }
            }
        }
        require(
                binding != null && binding.state() == BindingState.RESERVED && kept,
                server + " promised by R4 what is not kept for the client: " + binding + ", " + promise);
        within(server, promise, Instant.MAX, "R4", view);
    }

    /** A promise made again keeps the latest time that its client was told. */
    private void within(ServerId server, Promise promise, Instant limit, String rule, Fact.View view) {
        Instant before = told.getOrDefault(server, new TreeMap<>()).getOrDefault(promise.address(), Instant.EPOCH);
        Instant longest = view.clock().plus(view.config().timers().longestLease());
        boolean kept = !promise.until().isAfter(before);
        require(
                kept || (!promise.until().isAfter(limit) && !promise.until().isAfter(longest)),
                server + " promised by " + rule + " until " + promise.until() + ", past " + limit + " or the longest"
                        + " lease, " + longest + ": " + promise);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new InvariantBroken(name(), otherwise);
        }
    }
}
