package org.anylease.store.alone;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.Pool;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.state.Cells;
import org.anylease.store.state.LeaseTable;

/** The log of {@link AloneWorld}, and the cell that has applied all of it. */
final class AloneLog {
    final LeaseTable cell = new LeaseTable(Cells.CELL);
    private final List<Entry> log = new ArrayList<>();
    private final int mutant;
    private final int escrowTerm;
    private long sequence;

    AloneLog(int mutant, int escrowTerm) {
        this.mutant = mutant;
        this.escrowTerm = escrowTerm;
    }

    long size() {
        return log.size();
    }

    LeaseCommand configuration(long version, int lease, int mclt, boolean reserved) {
        LeaseTimes times = new LeaseTimes(Duration.ofSeconds(1), Duration.ofSeconds(lease), Duration.ofSeconds(lease));
        Subnet plain = Cells.subnet("10.0.0.0/24", List.of("10.0.0.1-10.0.0.8"));
        Reservation like = Cells.reservation("10.0.0.1", Cells.client(0));
        Subnet subnet = new Subnet(
                plain.prefix(),
                plain.pools().stream()
                        .map(pool -> new Pool(pool.range(), pool.settings(), times))
                        .toList(),
                reserved
                        ? List.of(new Reservation(like.address(), like.key(), null, like.settings(), times))
                        : List.of(),
                ReplySettings.NONE,
                times);
        SharedNetwork lan = Cells.network("lan", true, subnet);
        CellConfig config = new CellConfig(
                Cells.CELL,
                version,
                Ipv4.parse("192.0.2.1"),
                List.of(),
                List.of(
                        new Member(new ServerId("s1"), new SiteId("dc1"), List.of()),
                        new Member(new ServerId("s2"), new SiteId("dc2"), List.of())),
                timers(lease, mclt, AloneWorld.SKEW),
                ReplySettings.NONE,
                List.of(lan));
        return new LeaseCommand.ApplyConfig(config, version - 1, "operator", Octets.EMPTY);
    }

    private CellTimers timers(int lease, int mclt, int skew) {
        return new CellTimers(
                Duration.ofSeconds(mclt),
                Duration.ofSeconds(skew),
                Duration.ofSeconds(lease),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(escrowTerm),
                Duration.ofMillis(300));
    }

    /** Commits an entry. A mutant that gets a wait of the cell wrong has other times there than the servers have. */
    Outcome commit(String by, Instant stamp, LeaseCommand command) {
        Batch batch = new Batch(new Incarnation(new ServerId(by), 1), ++sequence, List.of(command));
        log.add(new Entry(stamp, List.of(batch)));
        LeaseCommand there = command;
        if (command instanceof LeaseCommand.ApplyConfig apply) {
            CellTimers timers = apply.config().timers();
            int lease = (int) timers.longestLease().toSeconds();
            int mclt = (int) timers.mclt().toSeconds();
            CellTimers broken = timers(lease, mutant == 2 ? 0 : mclt, mutant == 7 ? 0 : AloneWorld.SKEW);
            CellConfig config = apply.config();
            there = new LeaseCommand.ApplyConfig(
                    new CellConfig(
                            config.cell(),
                            config.version(),
                            config.serverIdentifier(),
                            config.aliases(),
                            config.members(),
                            broken,
                            config.settings(),
                            config.networks(),
                            config.escrow()),
                    apply.basedOn(),
                    apply.author(),
                    apply.source());
        }
        Batch same = new Batch(batch.origin(), batch.sequence(), List.of(there));
        return cell.apply(new LogIndex(log.size()), new Entry(stamp, List.of(same)))
                .batches()
                .getFirst()
                .outcomes()
                .getFirst();
    }

    /** The server applies what it has not. */
    void apply(AloneServer server, long upTo) {
        for (long i = server.view.appliedIndex().value(); i < upTo; i++) {
            server.view.apply(new LogIndex(i + 1), log.get((int) i));
        }
    }
}
