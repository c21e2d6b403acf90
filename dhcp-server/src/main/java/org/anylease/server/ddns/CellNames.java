package org.anylease.server.ddns;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.dns.DnsDecision;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand.NoteDns;
import org.anylease.store.command.Outcome;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Phase;
import org.anylease.store.replication.Proposal;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * The names of one cell while this server leads it. An address that may need something is {@code due}; one under way is
 * {@code busy}, and looked at again afterwards; one whose update failed waits, ever longer. Confined to the loop.
 */
final class CellNames {
    /** How many updates are under way at a time. */
    private static final int SENT_MAX = 16;

    /** How many changes are proposed and not yet committed at a time. */
    private static final int NOTED_MAX = 256;

    private static final int LOOKS_PER_TURN = 250;
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofMinutes(5);
    private static final Duration REFUSED_AGAIN = Duration.ofHours(1);
    private static final Duration RECHECK = Duration.ofMinutes(10);
    private static final Duration HASTE_PERIOD = Duration.ofSeconds(10);

    private final CellId cell;
    private final DnsUpkeep upkeep;
    private final LinkedHashSet<Ipv4> due = new LinkedHashSet<>();
    private final TreeSet<Ipv4> busy = new TreeSet<>();
    private final TreeMap<Ipv4, Waiting> waiting = new TreeMap<>();
    private int sent;
    private @Nullable Ipv4 lookFrom = Ipv4.UNSPECIFIED;
    private Instant lookAgain;
    private Ipv4 retryFrom = Ipv4.UNSPECIFIED;
    private Instant answered = Instant.EPOCH;

    /** An update that failed. */
    private record Waiting(Instant since, int attempts, Instant last, Instant next, String why) {}

    CellNames(CellId cell, DnsUpkeep upkeep, Instant now) {
        this.cell = cell;
        this.upkeep = upkeep;
        this.lookAgain = now.plus(RECHECK);
    }

    CellId cell() {
        return cell;
    }

    /** These addresses may need something. */
    void look(List<Ipv4> addresses) {
        for (Ipv4 address : addresses) {
            if (busy.contains(address) || !(decide(address) instanceof DnsDecision.Settled)) {
                due.add(address);
            }
        }
    }

    /** Looks at everything on record again. */
    void lookAtAll() {
        lookFrom = Ipv4.UNSPECIFIED;
    }

    void tick(Instant now) {
        if (!now.isBefore(lookAgain)) {
            lookAgain = now.plus(RECHECK);
            lookAtAll();
        }
        lookFurther();
        retryFurther(now);
        List<Ipv4> turn = new ArrayList<>();
        for (Iterator<Ipv4> each = due.iterator(); each.hasNext() && turn.size() < LOOKS_PER_TURN; ) {
            Ipv4 address = each.next();
            if (busy.contains(address)) {
                continue;
            }
            each.remove();
            turn.add(address);
        }
        turn.forEach(address -> step(address, now));
    }

    /** A part of what is on record. */
    private void lookFurther() {
        Ipv4 first = lookFrom;
        if (first == null) {
            return;
        }
        List<DnsEntry> part = table().dns().from(first, LOOKS_PER_TURN);
        look(part.stream().map(DnsEntry::address).toList());
        boolean more = part.size() == LOOKS_PER_TURN && part.getLast().address().bits() != -1;
        lookFrom = more ? new Ipv4(part.getLast().address().bits() + 1) : null;
    }

    /** A part of what waits, round and round: there may be very much of it while no name server answers. */
    private void retryFurther(Instant now) {
        int left = LOOKS_PER_TURN;
        for (Map.Entry<Ipv4, Waiting> each : waiting.tailMap(retryFrom, true).entrySet()) {
            if (left-- == 0) {
                retryFrom = each.getKey();
                return;
            }
            if (isOver(each.getValue(), now)) {
                due.add(each.getKey());
            }
        }
        retryFrom = Ipv4.UNSPECIFIED;
    }

    private boolean isOver(Waiting wait, Instant now) {
        return !now.isBefore(wait.next) || wait.last.isBefore(answered);
    }

    private LeaseTable table() {
        return upkeep.table(cell);
    }

    private DnsDecision decide(Ipv4 address) {
        LeaseTable table = table();
        DnsEntry entry = table.dns().of(address).orElse(null);
        Optional<DnsRecord> wanted = upkeep.wanted(table, address);
        boolean again = entry != null && !upkeep.now().isBefore(entry.since().plus(REFUSED_AGAIN));
        return DnsDecision.of(entry == null ? null : entry.record(), wanted.orElse(null), again);
    }

    private void step(Ipv4 address, Instant now) {
        Waiting wait = waiting.get(address);
        switch (decide(address)) {
            case DnsDecision.Settled() -> waiting.remove(address);
            case DnsDecision.Note(var record) -> {
                if (busy.size() - sent >= NOTED_MAX) {
                    due.add(address);
                } else {
                    note(address, indexOf(address), record);
                }
            }
            case DnsDecision.Send(DnsRecord record) -> {
                if (wait != null && !isOver(wait, now)) {
                    return;
                }
                if (sent >= SENT_MAX) {
                    due.add(address);
                } else {
                    send(address, record);
                }
            }
        }
    }

    private LogIndex indexOf(Ipv4 address) {
        return table().dns().of(address).map(DnsEntry::index).orElse(LogIndex.NONE);
    }

    /** Changes what is on record, unless it is something else by then than it was at an entry. */
    private void note(Ipv4 address, LogIndex basedOn, @Nullable DnsRecord record) {
        busy.add(address);
        upkeep.propose(cell, new NoteDns(address, basedOn, record), proposal -> {
            if (!upkeep.isCurrent(cell, this)) {
                return;
            }
            busy.remove(address);
            if (proposal instanceof Proposal.Committed committed && committed.outcome() instanceof Outcome.Done) {
                due.add(address);
            } else {
                failed(address, "the cell did not commit it");
            }
        });
    }

    private void send(Ipv4 address, DnsRecord record) {
        // Another server may lead by the time of the answer, and have put something else on record.
        LogIndex index = indexOf(address);
        busy.add(address);
        sent++;
        upkeep.send(this, address, record, result -> {
            sent--;
            busy.remove(address);
            switch (result) {
                case NameUpdates.Result.Done() -> {
                    note(address, index, record.phase() == Phase.REMOVING ? null : record.in(Phase.PRESENT));
                    waiting.remove(address);
                    hasten();
                }
                case NameUpdates.Result.Conflict() -> {
                    note(address, index, record.in(Phase.REFUSED));
                    waiting.remove(address);
                }
                case NameUpdates.Result.Failed(String _, String why) -> failed(address, why);
            }
        });
    }

    private void failed(Ipv4 address, String why) {
        Instant now = upkeep.now();
        Waiting before = waiting.get(address);
        int attempts = before == null ? 1 : before.attempts + 1;
        Duration pause = RETRY_MIN.multipliedBy(1L << Math.min(attempts - 1, 20));
        Duration bounded = pause.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : pause;
        waiting.put(address, new Waiting(before == null ? now : before.since, attempts, now, now.plus(bounded), why));
    }

    /** A name server answers again: what waits for one is tried now, though not at every answer. */
    private void hasten() {
        Instant now = upkeep.now();
        if (!waiting.isEmpty() && !now.isBefore(answered.plus(HASTE_PERIOD))) {
            answered = now;
        }
    }

    /** What failed so far, at most so many. */
    List<DnsUpkeep.Failure> failures(int most) {
        List<DnsUpkeep.Failure> failures = new ArrayList<>();
        for (Map.Entry<Ipv4, Waiting> each : waiting.entrySet()) {
            if (failures.size() == most) {
                break;
            }
            Waiting wait = each.getValue();
            failures.add(new DnsUpkeep.Failure(each.getKey(), wait.since, wait.attempts, wait.next, wait.why));
        }
        return failures;
    }

    int failing() {
        return waiting.size();
    }

    int pending() {
        return due.size() + busy.size();
    }
}
