package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.jspecify.annotations.Nullable;

/**
 * What one who hears everything knows of a cell's reuse rule: who may answer for the cell, what each has reported, who
 * is declared down, and by which times a server may still promise. A report counts from when it is said.
 */
final class ReportsModel {
    private final Duration skew;
    private final TreeMap<ServerId, LogIndex> reported = new TreeMap<>();
    private final TreeMap<ServerId, Instant> down = new TreeMap<>();
    private final TreeSet<ServerId> calledOff = new TreeSet<>();
    private final List<Config> configs = new ArrayList<>();
    private long inForce;

    private record Config(LogIndex index, CellTimers timers, TreeSet<ServerId> members) {}

    ReportsModel(Duration skew) {
        this.skew = skew;
    }

    /** Takes a report in, if the fact is one. A leader reports to itself without a word. */
    static void hear(Fact fact, Function<CellId, ReportsModel> models) {
        if (fact instanceof Fact.Reported said) {
            models.apply(said.cell()).reported(said.server(), said.index());
        } else if (fact instanceof Fact.ReportDurable may && may.pending() == 0) {
            models.apply(may.cell()).reported(may.server(), may.index());
        }
    }

    private void reported(ServerId server, LogIndex index) {
        reported.merge(server, index, (one, other) -> one.compareTo(other) >= 0 ? one : other);
    }

    void committed(Fact.Committed entry) {
        // Within an entry the wait may have ended before it was called off.
        calledOff.forEach(down::remove);
        calledOff.clear();
        for (Fact.Carried carried : entry.carried()) {
            boolean done = carried.outcome() instanceof Outcome.Done(int changed) && changed > 0;
            if (carried.command() instanceof LeaseCommand.ApplyConfig(CellConfig config, var _, var _, var _)
                    && carried.outcome() instanceof Outcome.Done
                    && config.version() > inForce) {
                // A command that is carried again is told the same, and changes nothing.
                inForce = config.version();
                TreeSet<ServerId> members = new TreeSet<>();
                config.members().forEach(member -> members.add(member.server()));
                configs.add(new Config(entry.index(), config.timers(), members));
            } else if (done && carried.command() instanceof LeaseCommand.DeclareDown(ServerId server, var _)) {
                down.put(server, entry.time());
                calledOff.remove(server);
            } else if (done && carried.command() instanceof LeaseCommand.UndoDeclareDown(ServerId server, var _)) {
                calledOff.add(server);
                if (isOver(server, entry.time())) {
                    // From now on it promises on states that hold all before; and what it promised before is over.
                    reported(server, new LogIndex(entry.index().value() - 1));
                }
            }
        }
        while (configs.size() > 1 && settled(configs.get(1).index(), entry.time())) {
            configs.removeFirst();
        }
    }

    /**
     * Whether nobody that may answer can promise any more on a state before an entry. Who joined later cannot: it
     * promises only in states that list it.
     */
    boolean settled(LogIndex index, Instant time) {
        TreeSet<ServerId> awaited = new TreeSet<>();
        configs.stream()
                .filter(config -> config.index().compareTo(index) <= 0)
                .forEach(config -> awaited.addAll(config.members()));
        for (ServerId server : awaited) {
            boolean said = reported.getOrDefault(server, LogIndex.NONE).compareTo(index) >= 0;
            if (!said && !isOver(server, time)) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing that a server declared down has promised can still run. */
    boolean isOver(ServerId server, Instant time) {
        Instant over = over(server);
        return over != null && time.isAfter(over);
    }

    /** What is known of a server declared down, for a finding's text; empty for any other. */
    String wait(ServerId server) {
        Instant over = over(server);
        return over == null ? "" : "; declared down at " + down.get(server) + ", awaited until " + over;
    }

    private @Nullable Instant over(ServerId server) {
        Instant since = down.get(server);
        Duration longest = Duration.ZERO;
        for (Config config : configs) {
            Duration lease = config.timers().longestLease();
            longest = lease.compareTo(longest) > 0 ? lease : longest;
        }
        return since == null ? null : since.plus(longest).plus(twoSkews());
    }

    /** The longest lead that a server may still give on a state before an entry; what that entry itself brings is none. */
    Duration mclt(LogIndex before) {
        Duration longest = Duration.ZERO;
        for (Config config : configs) {
            Duration mclt = config.timers().mclt();
            boolean known = config.index().compareTo(before) < 0;
            longest = known && mclt.compareTo(longest) > 0 ? mclt : longest;
        }
        return longest;
    }

    Duration twoSkews() {
        return skew.multipliedBy(2);
    }
}
