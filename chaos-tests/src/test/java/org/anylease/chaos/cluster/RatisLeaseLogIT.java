package org.anylease.chaos.cluster;

import java.nio.file.Path;
import org.anylease.chaos.sim.LeaseLogContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The log over Ratis does what every log does: three servers in this process, on loopback. */
class RatisLeaseLogIT extends LeaseLogContract {
    @TempDir
    private Path directory;

    private @Nullable RatisBench bench;

    @Override
    protected Bench bench() {
        RatisBench made = new RatisBench(directory);
        bench = made;
        made.start();
        return made;
    }

    @AfterEach
    void close() throws Exception {
        if (bench != null) {
            bench.close();
        }
    }
}
