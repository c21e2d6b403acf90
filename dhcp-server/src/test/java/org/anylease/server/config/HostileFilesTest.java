package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anylease.server.config.ConfigReading.Accepted;
import org.anylease.server.config.ConfigReading.Refused;
import org.anylease.store.address.Octets;
import org.junit.jupiter.api.Test;

/** Whatever a file holds, reading it ends soon and with a value. */
class HostileFilesTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int MUTATIONS = Integer.getInteger("mutations", 1500);

    private static List<ConfigProblem> refused(String text) {
        ConfigReading<SystemConfig> reading =
                assertTimeoutPreemptively(SOON, () -> ConfigFile.system(ConfigSource.of("hostile.yaml", text)));
        assertThat(reading).isInstanceOf(Refused.class);
        return reading.problems();
    }

    @Test
    void aBillionLaughsAreRefusedUnexpanded() {
        String text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
                + IntStream.range('b', 'z')
                        .mapToObj(c -> "%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c]\n"
                                .formatted(c, c, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1))
                        .collect(Collectors.joining());
        assertThat(refused(text).getFirst().what()).isEqualTo("the file holds too many values");
    }

    @Test
    void aLongTextRepeatedByAliasesCountsEachTime() {
        String text = "options: { domain-name: &a \"" + "x".repeat(1_000_000) + "\", routers: ["
                + "*a ,".repeat(1_000_000) + "] }\n";
        assertThat(refused(text).getFirst().what()).isEqualTo("the file holds too many values");
    }

    @Test
    void depthIsBoundedAlsoThroughAliases() {
        assertThat(refused("[".repeat(100_000)).getFirst().what()).isEqualTo("nested too deeply");
        assertThat(refused("{a: ".repeat(100_000)).getFirst().what()).isEqualTo("nested too deeply");
        assertThat(refused("- ".repeat(100_000)).getFirst().what()).isEqualTo("nested too deeply");
        String deep = "a: &a " + "[".repeat(20) + "]".repeat(20) + "\nb: " + "[".repeat(20) + "*a" + "]".repeat(20);
        assertThat(refused(deep).getFirst().what()).isEqualTo("nested too deeply");
    }

    @Test
    void anAliasInsideItsOwnAnchorIsRefused() {
        assertThat(refused("a: &a [*a]\n").getFirst().what()).startsWith("'*a' names no finished value");
    }

    @Test
    void aFileThatIsTooLongOrNoTextIsRefused() {
        ConfigSource tooLong = new ConfigSource("long", Octets.of(new byte[ConfigSource.LENGTH_MAX + 1]));
        assertThat(ConfigFile.system(tooLong).problems().getFirst().what()).isEqualTo("the file is too long");
        ConfigSource binary = new ConfigSource("binary", Octets.of((byte) 0xc3, (byte) 0x28));
        assertThat(ConfigFile.system(binary).problems().getFirst().what()).isEqualTo("the file is not UTF-8 text");
        assertThat(refused("a: \u0000b").getFirst().what()).startsWith("not YAML");
    }

    @Test
    void thousandsOfMistakesAreCountedButNotAllShown() {
        String unknown =
                IntStream.range(0, 50_000).mapToObj(i -> "kye" + i + ": 1\n").collect(Collectors.joining());
        List<ConfigProblem> problems = refused(unknown);
        assertThat(problems).hasSize(Problems.SHOWN_MAX + 1);
        assertThat(problems.getLast().what()).startsWith("further problems are not shown: 49");
    }

    @Test
    void overlapsAndRepetitionsInGreatNumberAreFoundSoon() {
        String pools = "[" + "10.0.0.1-10.255.255.254, ".repeat(20_000) + "]";
        String reservations = "[" + "{ hardware: 02:00:00:00:00:01, address: 10.0.0.5 }, ".repeat(5_000) + "]";
        String text = Examples.around("", "")
                .replace("10.0.0.0/24", "10.0.0.0/8")
                .replace("[10.0.0.10-10.0.0.20]", pools + "\n        reservations: " + reservations);
        assertThat(refused(text)).hasSize(Problems.SHOWN_MAX + 1);
    }

    @Test
    void eightThousandReservationsAreReadSoon() {
        String reservations = IntStream.range(0, 8000)
                .mapToObj(i -> "- { hardware: 02:00:00:00:%02x:%02x, address: 10.0.%d.%d, hostname: h%d }%n"
                        .formatted(i >> 8, i & 255, 1 + i / 200, 1 + i % 200, i))
                .collect(Collectors.joining());
        String text = Examples.around("", "reservations:\n" + reservations).replace("10.0.0.0/24", "10.0.0.0/16");
        SystemConfig config = assertTimeoutPreemptively(SOON, () -> Examples.system(text));
        assertThat(config.cells()
                        .getFirst()
                        .networks()
                        .getFirst()
                        .subnets()
                        .getFirst()
                        .reservations())
                .hasSize(8000);
    }

    @Test
    void mutatedFilesGiveValuesOnly() throws IOException {
        List<String> seeds =
                List.of("minimal.yaml", "three-sites.yaml", "many-features.yaml", "server-many-features.yaml");
        int accepted = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] base = Examples.example(seeds.get(random.nextInt(seeds.size())))
                    .octets()
                    .toArray();
            ConfigSource source = new ConfigSource("seed-" + seed, Octets.of(mutated(base, random)));
            int said = seed;
            for (ConfigReading<?> reading : assertTimeoutPreemptively(
                    SOON, () -> List.of(ConfigFile.system(source), ConfigFile.server(source)), () -> "seed " + said)) {
                if (reading instanceof Accepted<?>(SystemConfig config, List<ConfigProblem> _)) {
                    assertThat(config.slices(1)).as("seed %s", seed).isNotEmpty();
                    accepted++;
                }
                assertThat(reading.problems()).as("seed %s", seed).isSorted();
            }
        }
        assertThat(accepted).as("mutations so wild test the parser only").isGreaterThan(MUTATIONS / 100);
    }

    private static byte[] mutated(byte[] base, SplittableRandom random) {
        List<String> lines = new ArrayList<>(List.of(new String(base, StandardCharsets.UTF_8).split("\n")));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            int column = random.nextInt(line.length() + 1);
            switch (random.nextInt(9)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(random.nextInt(lines.size()), line);
                case 2 -> lines.set(at, " ".repeat(random.nextInt(6)) + line);
                case 3 -> lines.set(at, line.substring(0, column));
                case 4 ->
                    lines.set(
                            at,
                            line.substring(0, column)
                                    + "[]{}:,-&*!|>'\"%@`#?~\t".charAt(random.nextInt(21))
                                    + line.substring(column));
                case 5 -> lines.set(at, line.replaceFirst("[0-9]+", Integer.toString(random.nextInt(-2, 300))));
                case 6 ->
                    lines.set(at, line.substring(0, column) + (char) random.nextInt(0x3000) + line.substring(column));
                case 7 ->
                    lines.set(
                            at,
                            line.replaceFirst(
                                    ": .*",
                                    ": "
                                            + List.of("", "[]", "{}", "null", "a", "-1", "&x", "*x")
                                                    .get(random.nextInt(8))));
                default -> lines.set(at, line.replaceFirst("[a-z]{2,}", "routers"));
            }
            if (lines.isEmpty()) {
                lines.add("");
            }
        }
        return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    }
}
