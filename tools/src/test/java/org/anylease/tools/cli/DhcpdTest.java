package org.anylease.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code anylease dhcpd} says of its arguments and files, beside what dhcpd itself says of them. */
final class DhcpdTest {
    private static final String GOOD = "subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.20; }\n";
    private static final Path RESOURCES = Path.of("..", "dhcp-server", "src", "test", "resources", "isc");
    private static final String DHCPD = "/usr/sbin/dhcpd";

    /** Files that dhcpd refuses for what they refer to, which is not looked at here. */
    private static final Map<String, String> STRICTER = Map.of(
            "configdata4.in4", "a key that is not there",
            "classes.conf", "a collection of classes",
            "notbx4.in4", "a collection of classes",
            "optionspace4.in4", "lengths of four octets in an option space",
            "switchxsc4.in4", "a class that is not there",
            "zone4.in4", "a key that is not there: dhcpd itself falls",
            "process.conf", "DHCPv6, which dhcpd refuses unless started for it",
            "shared-networks.conf", "a range that two pools have");

    @TempDir
    private Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static CommandRun run(String... words) {
        List<String> all = new ArrayList<>(List.of("dhcpd"));
        all.addAll(List.of(words));
        return CommandRun.of("http://127.0.0.1:9", "", all.toArray(String[]::new));
    }

    private static int dhcpd(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(DHCPD));
        all.addAll(List.of(words));
        Process process = new ProcessBuilder(all)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static void needsDhcpd() {
        boolean there = Files.isExecutable(Path.of(DHCPD));
        if (!there) {
            System.out.println("SKIPPED DhcpdTest: isc-dhcp-server is not installed; .ci/run installs it");
        }
        assumeTrue(there, "isc-dhcp-server is not installed");
    }

    @Test
    void endsLikeDhcpdForArgumentsAndFilesOfAllKinds() throws Exception {
        needsDhcpd();
        String good = file("good.conf", GOOD).toString();
        String bad = file("bad.conf", "subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 }\n")
                .toString();
        String wrong = file("wrong.conf", "option boot-size 100000;\n" + GOOD).toString();
        String empty = file("empty.conf", "").toString();
        String leases = file("dhcpd.leases", ImportTest.LEASES).toString();
        String corrupt = file("corrupt.leases", "lease 10.0.0.12 { starts 4 2026/11/26 10:00:00; ends")
                .toString();
        String missing = directory.resolve("missing").toString();
        List<List<String>> all = List.of(
                List.of("-t", "-cf", good),
                List.of("-t", "-q", "-4", "-cf", good, "eth9"),
                List.of("-t", "-cf", bad),
                List.of("-t", "-q", "-cf", wrong),
                List.of("-t", "-cf", empty),
                List.of("-t", "-cf", missing),
                List.of("-T", "-cf", good, "-lf", leases),
                List.of("-T", "-cf", good, "-lf", corrupt),
                List.of("-T", "-cf", good, "-lf", missing),
                List.of("-T", "-cf", bad, "-lf", leases),
                List.of("-t", "-cf", good, "-p", "abc"),
                List.of("-t", "-cf", good, "-p", "99999"),
                List.of("-t", "-cf", good, "-p", "1067"),
                List.of("-t", "-4", "-6", "-cf", good),
                List.of("-t", "-cf"),
                List.of("-zz"),
                List.of("--version"),
                List.of("--help"));
        for (List<String> words : all) {
            String[] arguments = words.toArray(String[]::new);
            assertThat(run(arguments).exit()).as("%s", words).isEqualTo(dhcpd(arguments));
        }
    }

    /** ISC's own corpus and ours, of which some files are wrong. */
    @Test
    void acceptsAndRefusesTheFilesThatDhcpdDoes() throws Exception {
        needsDhcpd();
        TreeMap<String, Integer> stricter = new TreeMap<>();
        int refused = 0;
        for (Path file : files()) {
            String name = file.getFileName().toString();
            int theirs = dhcpd("-t", "-cf", file.toString()) == 0 ? 0 : 1;
            int ours = run("-t", "-cf", file.toString()).exit();
            if (STRICTER.containsKey(name)) {
                assertThat(ours).as(name).isLessThan(theirs);
                stricter.put(name, theirs);
            } else {
                assertThat(ours).as(name).isEqualTo(theirs);
            }
            refused += theirs;
        }
        assertThat(stricter.keySet()).containsExactlyInAnyOrderElementsOf(STRICTER.keySet());
        assertThat(refused).isGreaterThan(STRICTER.size());
    }

    private static List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String folder : List.of("keama", "golden")) {
            try (Stream<Path> files = Files.list(RESOURCES.resolve(folder))) {
                files.filter(file -> file.toString().matches(".*\\.(in4|conf)"))
                        // Its included files are looked for beside it here, and in the working directory by dhcpd.
                        .filter(file -> !file.endsWith("includes.conf"))
                        .sorted()
                        .forEach(all::add);
            }
        }
        return all;
    }

    @Test
    void saysWhereAFileIsWrong() throws IOException {
        Path bad = file("bad.conf", GOOD + "option boot-size 100000;\n");
        assertThat(run("-t", "-cf", bad.toString()).err())
                .contains(bad + " line 2: ")
                .contains("Configuration file errors encountered -- exiting");
    }

    @Test
    void refusesDhcpv6AndOptionsWithoutCounterpart() throws IOException {
        String good = file("good.conf", GOOD).toString();
        assertThat(run("-6", "-t", "-cf", good)).satisfies(run -> {
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("Only DHCPv4 is served");
        });
        assertThat(run("-chroot", "/", "-t", "-cf", good).exit()).isEqualTo(1);
    }

    @Test
    void doesNotStartWhereNoInterfaceIsOnASubnet() throws IOException {
        String good = file("good.conf", "subnet 203.0.113.0 netmask 255.255.255.0 { }\n")
                .toString();
        CommandRun run =
                run("-cf", good, "-lf", directory.resolve("dhcpd.leases").toString(), "--no-pid");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("Not configured to listen on any interfaces!");
        assertThat(directory.resolve("dhcpd.leases.anylease")).doesNotExist();
    }
}
