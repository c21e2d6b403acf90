package org.anylease.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImportTest {
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
    void refusesWhatCannotBeUnderstood() {
        assertThat(run("import", "isc", "/no/such/file").exit()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("import", "isc", golden("failover.conf"), "--site", "dc1=nowhere")
                        .exit())
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(run("import", "isc", golden("failover.conf"), "--cluster", "a b")
                        .exit())
                .isEqualTo(ExitCode.USAGE.number());
    }
}
