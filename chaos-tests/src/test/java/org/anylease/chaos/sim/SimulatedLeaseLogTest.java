package org.anylease.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.junit.jupiter.api.Test;

/** The simulated log does what every log does. */
class SimulatedLeaseLogTest extends LeaseLogContract {
    private static SimulatedCluster settled(long seed) {
        SimulatedCluster cluster =
                new SimulatedCluster(new Terrain(3), new Dice(seed), new Trace(null), Conditions.FAIR, Tampering.NONE);
        cluster.start();
        cluster.queue().run(Duration.ofSeconds(5));
        return cluster;
    }

    /** What a proposer hears, and when: as a text, for one seed. */
    private static String story(long seed) {
        SimulatedCluster cluster = settled(seed);
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            ServerId server = cluster.terrain().servers().get(i % 3);
            cluster.log(server)
                    .propose(
                            Terrain.CELL,
                            new LeaseCommand.ExpireDue(1, LogIndex.NONE),
                            proposal -> heard.add(number + " " + cluster.queue().elapsed() + " " + proposal));
        }
        cluster.queue().run(Duration.ofSeconds(5));
        return String.join("\n", heard);
    }

    @Test
    void happensAlikeToTheMomentForOneSeedAndOtherwiseForAnother() {
        String once = story(1);
        assertThat(once.lines()).hasSize(20);
        assertThat(story(1)).isEqualTo(once);
        assertThat(story(2)).isNotEqualTo(once);
    }

    @Override
    protected Bench bench() {
        SimulatedCluster cluster = settled(1);
        return new Bench() {
            @Override
            public List<ServerId> servers() {
                return cluster.terrain().servers();
            }

            @Override
            public void on(ServerId server, LogTask task) {
                task.run(cluster.log(server));
            }

            @Override
            public void pass(Duration span) {
                cluster.queue().run(span);
            }

            @Override
            public void cut(ServerId server) {
                cluster.cut(List.of(server));
            }

            @Override
            public void heal() {
                cluster.heal();
            }
        };
    }
}
