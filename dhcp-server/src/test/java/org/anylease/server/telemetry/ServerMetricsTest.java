package org.anylease.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.telemetry.ServerMetrics.CellReading;
import org.anylease.server.telemetry.ServerMetrics.EscrowReading;
import org.anylease.server.telemetry.ServerMetrics.PoolReading;
import org.anylease.server.telemetry.ServerMetrics.Stage;
import org.junit.jupiter.api.Test;

final class ServerMetricsTest {
    private static String scrape() {
        try (ServerMetrics metrics = new ServerMetrics()) {
            metrics.happened(ServerEvent.QUORUM_LOST);
            metrics.packet(PacketKind.DISCOVER, PacketOutcome.OFFERED);
            metrics.took(Stage.COMMIT, 3_000_000);
            metrics.cells(List.of(new CellReading("east", 12, 3, 1, 2, true, true, Instant.ofEpochSecond(99))));
            metrics.pools(List.of(new PoolReading("east", "10.0.0.0/24", "10.0.0.1-10.0.0.9", 9, Map.of("free", 4L))));
            metrics.escrows(List.of(new EscrowReading("east", "office", 5)));
            metrics.names(List.of(new ServerMetrics.NameReading(
                    "east",
                    Map.of("present", 7L),
                    2,
                    new TreeMap<>(Map.of("example.net", Instant.ofEpochSecond(1_800_000_000L))))));
            return metrics.scrape();
        }
    }

    @Test
    void countsTimesAndGauges() {
        assertThat(scrape())
                .contains("anylease_packets_total{kind=\"discover\",outcome=\"offered\"} 1.0")
                .contains("anylease_packets_total{kind=\"discover\",outcome=\"silent\"} 0.0")
                .contains("anylease_events_total{event=\"quorum-lost\"} 1.0")
                .contains("anylease_stage_seconds_bucket{stage=\"commit\",le=\"0.0025\"} 0")
                .contains("anylease_stage_seconds_bucket{stage=\"commit\",le=\"0.005\"} 1")
                .contains("anylease_dns_zone_failing_since_seconds{zone=\"example.net\"} 1.8E9")
                .contains("anylease_cell_lag_entries{cell=\"east\"} 3.0")
                .contains(
                        "anylease_pool_use_addresses{cell=\"east\",pool=\"10.0.0.1-10.0.0.9\",state=\"free\",subnet=\"10.0.0.0/24\"}"
                            + " 4.0");
    }

    @Test
    void forgetsCellsAndPoolsThatAreGone() {
        try (ServerMetrics metrics = new ServerMetrics()) {
            metrics.cells(List.of(new CellReading("east", 12, 3, 1, 2, true, true, Instant.EPOCH)));
            metrics.cells(List.of(new CellReading("west", 12, 3, 1, 2, true, true, Instant.EPOCH)));
            assertThat(metrics.scrape()).contains("cell=\"west\"").doesNotContain("cell=\"east\"");
        }
    }

    @Test
    void theManualListsEveryMetricAndNoOther() throws IOException {
        TreeSet<String> listed = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("../docs/operations/metrics.md"))) {
            Matcher name = Pattern.compile("^\\| `([a-z0-9_]+)` .*").matcher(line);
            if (name.matches()) {
                listed.add(name.group(1));
            }
        }
        TreeSet<String> told = new TreeSet<>();
        for (String line : scrape().lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                told.add(line.split(" ", -1)[2]);
            }
        }
        // What the JVM tells depends on its collector; everything of this server is listed, whatever the JVM.
        TreeSet<String> own = new TreeSet<>(told);
        own.removeIf(name -> !name.startsWith("anylease_"));
        listed.removeIf(name -> !name.startsWith("anylease_") && !told.contains(name));
        told.removeIf(name -> !name.startsWith("anylease_") && name.startsWith("jvm_gc_"));
        listed.removeIf(name -> name.startsWith("jvm_gc_"));
        assertThat(own).isNotEmpty();
        assertThat(listed).isEqualTo(told);
    }
}
