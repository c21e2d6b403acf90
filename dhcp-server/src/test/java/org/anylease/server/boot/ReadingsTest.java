package org.anylease.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anylease.server.admin.Leases;
import org.anylease.server.admin.MemoryCluster;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.telemetry.ServerMetrics;
import org.anylease.store.config.CellConfig;
import org.junit.jupiter.api.Test;

/** The gauges of cells and pools say what the cluster says. */
final class ReadingsTest {
    private static CellConfig config() throws IOException {
        Path file = Path.of("../docs/examples/minimal.yaml");
        return switch (ConfigFile.system(ConfigSource.of("minimal.yaml", Files.readString(file)))) {
            case ConfigReading.Accepted<SystemConfig>(SystemConfig system, var _) ->
                system.slices(1).getFirst();
            case ConfigReading.Refused<SystemConfig> refused -> throw new AssertionError(refused.problems());
        };
    }

    @Test
    void countsEveryAddressOfAPoolOnceAndReadsTheCells() throws IOException {
        CellConfig config = config();
        var range = config.networks()
                .getFirst()
                .subnets()
                .getFirst()
                .pools()
                .getFirst()
                .range();
        MemoryCluster cluster = MemoryCluster.first("a", "site-a");
        MemoryCluster.MemoryCell cell = cluster.hold(config.cell().name());
        cell.configure(config);
        cell.put(Leases.active(range.first().toString(), Leases.client("020000000001", "01", "", "0.0.0.0"), 600, "a"));
        try (ServerMetrics metrics = new ServerMetrics();
                Readings readings = new Readings(cluster, _ -> 3, metrics)) {
            readings.take();
            String scraped = metrics.scrape();
            String name = config.cell().name();
            assertThat(scraped)
                    .contains("anylease_cell_applied_index{cell=\"" + name + "\"} 101.0")
                    .contains("anylease_cell_lag_entries{cell=\"" + name + "\"} 3.0")
                    .contains("anylease_cell_leader_bool{cell=\"" + name + "\"} 1.0")
                    .contains("anylease_cell_quorum_bool{cell=\"" + name + "\"} 1.0");
            double sum = scraped.lines()
                    .filter(line -> line.startsWith("anylease_pool_use_addresses{") && line.contains(range.toString()))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
            assertThat(Math.round(sum)).isEqualTo(range.size());
            assertThat(scraped.lines()
                            .filter(line -> line.startsWith("anylease_pool_use_addresses{")
                                    && line.contains(range.toString())
                                    && line.contains("state=\"active\"")))
                    .singleElement()
                    .asString()
                    .endsWith(" 1.0");
        }
    }
}
