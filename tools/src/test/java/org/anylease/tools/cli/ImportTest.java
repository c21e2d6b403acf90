package org.anylease.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.anylease.server.admin.AdminHttp;
import org.anylease.server.admin.MemoryCluster;
import org.anylease.server.admin.SystemConfigCompiler;
import org.anylease.server.admin.WatchHub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImportTest {
    static final String LEASES = """
        lease 10.0.0.150 {
          starts 0 2026/03/01 11:00:00;
          ends 1 2026/03/02 11:00:00;
          cltt 0 2026/03/01 11:30:00;
          binding state active;
          next binding state free;
          hardware ethernet 02:00:00:00:00:96;
          uid "\\001\\002\\000\\000\\000\\000\\226";
          client-hostname "imported";
        }
        lease 10.0.0.151 {
          starts 0 2026/03/01 09:00:00;
          ends 0 2026/03/01 10:00:00;
          cltt 0 2026/03/01 09:00:00;
          binding state free;
          hardware ethernet 02:00:00:00:00:97;
        }
        """;

    private static final Path GOLDEN = Path.of("../dhcp-server/src/test/resources/isc/golden");

    @TempDir
    private Path directory;

    private static CommandRun run(String... arguments) {
        return CommandRun.of("http://127.0.0.1:1", "", arguments);
    }

    private static String golden(String name) {
        return GOLDEN.resolve(name).toString();
    }

    @Test
    void writesWhatItsOwnCheckAccepts() throws IOException {
        Path out = directory.resolve("imported");
        CommandRun run = run("import", "isc", golden("failover.conf"), "--out", out.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("converted with a difference: split 128").contains(" statements: ");
        assertThat(run("config", "check", out.resolve("anylease.yaml").toString())
                        .exit())
                .isZero();
        assertThat(out.resolve("server-site-1-a.yaml")).exists();
        assertThat(Files.readString(out.resolve("report.txt"))).contains(": converted: mclt 1800");
        CommandRun again = run("import", "isc", golden("failover.conf"), "--out", out.toString());
        assertThat(again.exit()).isEqualTo(ExitCode.REFUSED.number());
        assertThat(again.err()).contains("exists already");
    }

    @Test
    void takesWhatTheOperatorKnows() throws IOException {
        Path out = directory.resolve("decided");
        CommandRun run = run(
                "import",
                "isc",
                golden("failover.conf"),
                "--cluster",
                "campus",
                "--service-address",
                "192.0.2.9",
                "--site",
                "dc1=10.1.0.2,10.1.0.3",
                "--site",
                "dc2=10.2.0.2",
                "--out",
                out.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).doesNotContain("to decide");
        assertThat(Files.readString(out.resolve("anylease.yaml")))
                .contains("cluster: campus", "service-address: 192.0.2.9", "dc1-b: 10.1.0.3")
                .contains("aliases: [10.0.0.2, 10.9.0.1, 10.9.0.2]")
                .doesNotContain("TO DECIDE");
    }

    @Test
    void saysInJsonWhatBecameOfEachStatement() throws IOException {
        CommandRun run = run("import", "isc", golden("includes.conf"), "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.path("statements").asInt()).isEqualTo(6);
        assertThat(report.path("counts").path("converted").asInt()).isEqualTo(6);
        assertThat(report.path("findings").get(1).path("file").asText()).isEqualTo("included.inc");
        assertThat(report.path("valid").asBoolean()).isTrue();
        assertThat(report.path("configuration").asText()).contains("10.0.0.10-10.0.0.19");
    }

    @Test
    void makesNothingOfAMalformedFile() {
        Path out = directory.resolve("none");
        CommandRun run = run("import", "isc", golden("malformed.conf"), "--out", out.toString());
        assertThat(run.exit()).isEqualTo(ExitCode.NO.number());
        assertThat(run.out()).contains("malformed.conf:2:19: malformed").contains("no configuration was made");
        assertThat(out).doesNotExist();
    }

    @Test
    void writesLeasesForEachCellOfTheNewConfiguration() throws IOException {
        Path leases = Files.writeString(directory.resolve("dhcpd.leases"), LEASES + """
            lease 10.7.7.7 {
              ends 1 2026/03/02 11:00:00;
              binding state active;
              hardware ethernet 02:00:00:00:00:98;
            }
            host made {
              dynamic;
              hardware ethernet 02:00:00:00:00:31;
              fixed-address 10.0.0.5;
            }
            """);
        Path out = directory.resolve("imported");
        CommandRun run = run("import", "isc", golden("failover.conf"), leases.toString(), "--out", out.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("dhcpd.leases:18:1: not supported: lease 10.7.7.7: no subnet of the configuration")
                .contains("3 entries of " + leases + ": 2 converted, 0 converted with a difference, 1 not supported")
                .contains("bindings: 1 active, 1 free");
        assertThat(Files.readString(out.resolve("leases-report.txt")))
                .contains("dhcpd.leases:1:1: converted: lease 10.0.0.150");
        assertThat(Files.readString(out.resolve("anylease.yaml"))).contains("10.0.0.5");
        assertThat(out.resolve("leases-default.backup")).exists();
        JsonNode json = new ObjectMapper()
                .readTree(run("import", "isc", golden("failover.conf"), leases.toString(), "--json")
                        .out());
        assertThat(json.at("/leases/states/active").asInt()).isEqualTo(1);
        assertThat(json.at("/leases/counts/unsupported").asInt()).isEqualTo(1);
        assertThat(json.at("/leases/cells/default").asInt()).isEqualTo(2);
    }

    @Test
    void saysWhichLeaseIsMalformedAndConvertsTheOthers() throws IOException {
        Path leases = Files.writeString(
                directory.resolve("dhcpd.leases"), LEASES + "lease 10.0.0.152 {\n  ends sometimes;\n");
        CommandRun run = run("import", "isc", golden("failover.conf"), leases.toString());
        assertThat(run.exit()).isEqualTo(ExitCode.NO.number());
        assertThat(run.out())
                .contains("dhcpd.leases:19:3: malformed: lease 10.0.0.152: 'sometimes' is no date")
                .contains("bindings: 1 active, 1 free");
        CommandRun none = run("import", "isc", golden("malformed.conf"), leases.toString());
        assertThat(none.exit()).isEqualTo(ExitCode.NO.number());
        assertThat(none.out()).contains("the leases were not looked at");
    }

    @Test
    void putsLeasesIntoTheRunningClusterOnce() throws IOException {
        MemoryCluster cluster = MemoryCluster.first("a1", "dc1");
        Path file = Files.writeString(directory.resolve("anylease.yaml"), ManualTest.FILE);
        Path leases = Files.writeString(directory.resolve("dhcpd.leases"), LEASES);
        try (AdminHttp http = AdminHttp.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                cluster,
                new SystemConfigCompiler(),
                new WatchHub(2, 16),
                () -> "",
                InstantSource.fixed(MemoryCluster.NOW))) {
            MemoryCluster.MemoryCell east = cluster.hold("east");
            String server = "http://127.0.0.1:" + http.address().getPort();
            CommandRun applied = CommandRun.of(server, "", "config", "apply", file.toString(), "--yes");
            assertThat(applied.exit()).as(applied.err()).isZero();
            CommandRun plan = CommandRun.of(server, "", "import", "leases", leases.toString());
            assertThat(plan.exit()).isEqualTo(ExitCode.REFUSED.number());
            assertThat(plan.out()).contains("cell east:").contains("2 bindings would be put in place");
            assertThat(plan.err()).contains("nothing was changed");
            assertThat(east.bindings()).isEmpty();
            CommandRun run = CommandRun.of(server, "", "import", "leases", leases.toString(), "--yes");
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out()).contains("restored cell east: 2 of 2 bindings changed");
            assertThat(east.bindings()).hasSize(2);
            assertThat(CommandRun.of(server, "", "lease", "show", "imported").out())
                    .contains("10.0.0.150  active")
                    .contains("02:00:00:00:00:96");
            JsonNode again = new ObjectMapper()
                    .readTree(CommandRun.of(server, "", "import", "leases", leases.toString(), "--json", "--yes")
                            .out());
            assertThat(again.at("/results/east/changed").asInt(-1)).isZero();
            assertThat(again.at("/results/east/unchanged").asInt()).isEqualTo(2);
        }
    }

    /** What stands under "Cut-over, step by step" is typed by IscMigrationIT. */
    @Test
    void everyCommandOfTheMigrationManualsFirstPartDoesWhatItSays() throws IOException {
        String manual = Files.readString(Path.of("../docs/migration/isc.md"));
        String part =
                manual.substring(manual.indexOf("## The configuration"), manual.indexOf("## Cut-over, step by step"));
        Files.copy(GOLDEN.resolve("failover.conf"), directory.resolve("dhcpd.conf"));
        Files.writeString(directory.resolve("dhcpd.leases"), LEASES);
        int typed = 0;
        for (String line : part.lines().map(String::strip).toList()) {
            if (line.startsWith("$ anylease ")) {
                String[] words = Stream.of(
                                line.substring("$ anylease ".length()).split(" ", -1))
                        .map(word -> word.matches("dhcpd.conf|dhcpd.leases|decided|imported.*")
                                ? directory.resolve(word).toString()
                                : word)
                        .toArray(String[]::new);
                CommandRun run = run(words);
                assertThat(run.exit()).as("%s: %s", line, run.err()).isZero();
                typed++;
            }
        }
        assertThat(typed).isEqualTo(8);
        assertThat(directory.resolve("decided").resolve("server-dc3-a.yaml")).exists();
    }

    @Test
    void refusesWhatCannotBeUnderstood() {
        assertThat(run("import", "isc", "/no/such/file").exit()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("import", "isc", golden("failover.conf"), "--site", "dc1=nowhere")
                        .exit())
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(run("import", "isc", golden("failover.conf"), "--cluster", "a b")
                        .exit())
                .isEqualTo(ExitCode.USAGE.number());
    }

    private static final String OFFICE = """
        default-lease-time 600; max-lease-time 7200;
        option domain-name "example.net";
        subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.99; option routers 10.0.0.1; }
        host printer { hardware ethernet 02:00:00:00:00:0a; fixed-address 10.0.0.5; filename "printer.0"; }
        """;

    private String office(String more) throws IOException {
        return Files.writeString(directory.resolve("dhcpd.conf"), OFFICE + more).toString();
    }

    @Test
    void showsFieldByFieldWhatAClientIsToldByBoth() throws IOException {
        CommandRun run = run(
                "import",
                "isc",
                office(""),
                "--diff",
                "--subnet",
                "10.0.0.0/24",
                "--mac",
                "02:00:00:00:00:0a",
                "--request",
                "1,3,15");
        assertThat(run.exit()).as(run.err() + run.out()).isZero();
        assertThat(run.out())
                .containsPattern("option 3 routers +10\\.0\\.0\\.1 +\\S+dhcpd.conf:3 +10\\.0\\.0\\.1"
                        + " +networks\\.\\S+options.routers")
                .containsPattern("yiaddr +10\\.0\\.0\\.5 +\\S+dhcpd.conf:4 +10\\.0\\.0\\.5")
                .containsPattern(
                        "file +printer.0 +\\S+dhcpd.conf:4 +printer.0 +\\S+reservations\\[10.0.0.5\\].boot.file");
    }

    @Test
    void countsWhatDiffersForAllSubnetsAndHosts() throws IOException {
        Path out = directory.resolve("compared");
        String file = office("");
        assertThat(run("import", "isc", file, "--out", out.toString()).exit()).isZero();
        Path system = out.resolve("anylease.yaml");
        Files.writeString(system, Files.readString(system).replace("example.net", "example.org"));
        CommandRun run = run("import", "isc", file, "--diff", system.toString());
        assertThat(run.exit()).as(run.err()).isEqualTo(1);
        assertThat(run.out())
                .contains("host printer", "an unknown client", "\"example.org\"", "2 clients of 1 subnets")
                .contains(" 2 different");
        JsonNode json = new ObjectMapper()
                .readTree(run("import", "isc", file, "--diff", "--json").out());
        assertThat(json.path("different").asInt()).isZero();
        assertThat(json.path("clients")).hasSize(2);
        CommandRun fewer = run("import", "isc", file, "--diff", "--hosts", "0");
        assertThat(fewer.out()).contains("1 more hosts were not asked for");
    }

    @Test
    void asksForHostsInEverySubnetThatTheyHaveAnAddressIn() throws IOException {
        String file = office("""
            subnet 10.0.1.0 netmask 255.255.255.0 { range 10.0.1.10 10.0.1.99; }
            host mobile { hardware ethernet 02:00:00:00:00:0b; fixed-address 10.0.0.6, 10.0.1.6; }
            host gone { hardware ethernet 02:00:00:00:00:0c; fixed-address 10.9.0.6; }
            """);
        CommandRun run = run("import", "isc", file, "--diff");
        assertThat(run.out()).contains("1 hosts have no address in a subnet", "5 clients of 2 subnets");
        JsonNode json = new ObjectMapper()
                .readTree(run("import", "isc", file, "--diff", "--json").out());
        assertThat(json.path("hosts-without-subnet").asInt()).isEqualTo(1);
        assertThat(json.path("clients").findValuesAsText("client"))
                .containsExactly(
                        "an unknown client", "an unknown client", "host printer", "host mobile", "host mobile");
    }

    @Test
    void asksAsTheClientIsDescribed() throws IOException {
        String file = office("""
            class "ports" { match if option agent.circuit-id = "7" and exists pxe-system-type; filename "seven"; }
            """);
        String[] plain = {"import", "isc", file, "--diff", "--subnet", "10.0.0.1"};
        assertThat(run(plain).out()).doesNotContain("seven");
        CommandRun described = run(
                Stream.concat(Stream.of(plain), Stream.of("--circuit", "7", "--remote", "sw1", "--option", "93=0007"))
                        .toArray(String[]::new));
        assertThat(described.exit()).as(described.err() + described.out()).isZero();
        assertThat(described.out()).containsPattern("file +seven +\\S+dhcpd.conf:5 +seven +classes.ports.boot.file");
        assertThat(run("import", "isc", file, "--diff", "--subnet", "10.0.0.1", "--option", "0=00")
                        .exit())
                .isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void saysWhichStatementsWereNotEvaluated() throws IOException {
        CommandRun run = run("import", "isc", office("option root-path = gethostname();\n"), "--diff");
        assertThat(run.out()).contains("not evaluated: ", "dhcpd.conf:5", "'gethostname' is not worked out");
        assertThat(run("import", "isc", office(""), "--diff", "--subnet", "10.9.0.1")
                        .err())
                .contains("no subnet of the file has 10.9.0.1");
    }
}
