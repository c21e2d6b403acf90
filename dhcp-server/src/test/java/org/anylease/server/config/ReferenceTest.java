package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private static final Path REFERENCE = Examples.ROOT.resolve("docs/configuration.md");

    @Test
    void everyKeyIsDocumentedWithMeaningDefaultAndExample() throws IOException {
        String text = Files.readString(REFERENCE);
        for (Concept concept : Concept.values()) {
            text = replaced(text, "<!-- keys: " + concept.id() + " -->\n", table(concept));
        }
        text = replaced(text, "<!-- options -->\n", options());
        Examples.sameAsFile(text, REFERENCE);
    }

    @Test
    void everyTypeOfOptionIsDocumented() throws IOException {
        assertThat(Files.readString(REFERENCE))
                .contains(Arrays.stream(OptionType.names())
                        .map(name -> "`" + name + "`")
                        .toList());
    }

    @Test
    void everyExampleOfAKeyIsOneThatTheReaderTakes() {
        for (Concept concept : List.of(Concept.TIMERS, Concept.ESCROW, Concept.PROBE, Concept.BOOT, Concept.DNS)) {
            String keys = concept.keys().stream()
                    .map(key -> key.name() + ": " + key.example())
                    .collect(Collectors.joining(", "));
            String said = concept.id() + ": { " + keys + " }";
            assertThat(Examples.system(Examples.around(said, "")).slices(1))
                    .as(said)
                    .isNotEmpty();
        }
    }

    @Test
    void theExampleOfClassesIsOneThatTheReaderTakes() throws IOException {
        String text = Files.readString(REFERENCE);
        int from = text.indexOf("```yaml\n", text.indexOf("### Classes of clients")) + "```yaml\n".length();
        String example = text.substring(from, text.indexOf("```", from));
        String around = """
            cluster: example
            service-address: 192.0.2.67
            sites: { dc1: { servers: { dc1-a: 10.1.0.2 } } }
            """;
        assertThat(Examples.system(around + example).classes())
                .extracting(each -> each.name())
                .containsExactly("network-boot", "phones", "per-port");
    }

    @Test
    void theExampleOfLeaseQueriesIsOneThatTheReaderTakes() throws IOException {
        String text = Files.readString(REFERENCE);
        int from = text.indexOf("```yaml\n", text.indexOf("### Lease queries")) + "```yaml\n".length();
        String example = text.substring(from, text.indexOf("```", from));
        var reading = ConfigFile.server(ConfigSource.of("server.yaml", "id: dc1-a\n" + example));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading)
                .isInstanceOfSatisfying(
                        ConfigReading.Accepted.class,
                        accepted -> assertThat(((ServerConfig) accepted.value())
                                        .leasequery()
                                        .from())
                                .hasSize(2));
    }

    private static String replaced(String text, String start, String content) {
        int from = text.indexOf(start);
        assertThat(from).as("the reference has a place %s", start.strip()).isNotNegative();
        int to = text.indexOf("<!-- end -->", from);
        return text.substring(0, from) + start + content + text.substring(to);
    }

    private static String table(Concept concept) {
        StringBuilder table =
                new StringBuilder("| key | value | default | meaning | example |\n|---|---|---|---|---|\n");
        for (Key key : concept.keys()) {
            table.append("| `%s` | %s | %s | %s | `%s` |\n"
                    .formatted(
                            key.name(),
                            key.shape().title(),
                            key.required() ? "**required**" : key.standard(),
                            key.meaning(),
                            key.example()));
        }
        return table.toString();
    }

    private static String options() {
        return KnownOptions.all().stream()
                .map(option -> "| %d | `%s` | %s |\n"
                        .formatted(option.code(), option.name(), option.type().word()))
                .collect(Collectors.joining("", "| code | name | type |\n|---|---|---|\n", ""));
    }
}
