package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.List;
import org.anylease.store.cell.ServerId;

/** The simulated log does what every log does. */
class SimulatedLeaseLogTest extends LeaseLogContract {
    @Override
    protected Bench bench() {
        SimulatedCluster cluster =
                new SimulatedCluster(new Terrain(3), new Dice(1), new Trace(null), Conditions.FAIR, Tampering.NONE);
        cluster.start();
        cluster.queue().run(Duration.ofSeconds(5));
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
