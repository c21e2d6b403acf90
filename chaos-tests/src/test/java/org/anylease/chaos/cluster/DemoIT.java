package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.anylease.chaos.lab.Command;
import org.junit.jupiter.api.Test;

/** What the README tells a reader to run, as a process of its own. */
class DemoIT {
    private static final int CLIENTS = 40;
    private static final int NEWCOMERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final Path DEMO = Path.of("..", "tools", "bin", "demo");

    @Test
    void demonstrationEndsWellAndShowsThatNoPromiseWasBroken() {
        Command.Result demo = Command.run(PATIENCE, List.of(DEMO.toString(), "--clients", Integer.toString(CLIENTS)));
        assertThat(demo.exit()).as(demo.output()).isZero();
        List<String> digests = IntStream.rangeClosed(1, 3)
                .mapToObj(site -> digestOf(site, demo.output()))
                .distinct()
                .toList();
        assertThat(digests).as("one digest at three sites").hasSize(1);
        assertThat(demo.output())
                .contains("leads the database; it is killed (SIGKILL)")
                .contains("is cut off from the others")
                .contains("requests never answered, on either side: 0")
                .containsPattern("all three copies are the same after")
                .contains("clients whose lease is missing from a list: 0; addresses promised twice: 0");
        demo.output()
                .lines()
                .filter(line -> line.contains("longest time") || line.contains("alone"))
                .forEach(System.out::println);
    }

    private static String digestOf(int site, String output) {
        var line = Pattern.compile("dc" + site + ": " + (CLIENTS + NEWCOMERS) + " active leases, digest ([0-9a-f]+)")
                .matcher(output);
        assertThat(line.find()).as("dc%d in %s", site, output).isTrue();
        return line.group(1);
    }
}
