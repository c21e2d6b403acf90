package org.anylease.server.isc.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.isc.IscResources;
import org.anylease.server.isc.syntax.IscFile;
import org.anylease.server.isc.syntax.Statement;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every input of ISC's own migration assistant is understood, and every statement of it is accounted for. */
final class KeamaCorpusTest {
    private static List<Path> inputs() {
        return IscResources.files("keama", ".*\\.in[46]");
    }

    @Test
    void thereIsTheWholeCorpus() {
        assertThat(inputs()).hasSize(103);
    }

    @TestFactory
    Stream<DynamicTest> isUnderstoodAndReportedWholly() {
        return inputs().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    IscFile parsed = IscResources.parsed(file);
                    assertThat(parsed.problems()).isEmpty();
                    List<Statement> statements = new ArrayList<>();
                    Statement.walk(parsed.statements(), statements::add);
                    Conversion conversion = Conversion.of(parsed.statements(), Conversion.Wishes.NONE);
                    assertThat(conversion.findings().stream()
                                    .map(finding -> finding.at().line()))
                            .containsExactlyElementsOf(statements.stream()
                                    .map(statement -> statement.origin().at().line())
                                    .toList());
                    // That one sets an option of 16 bits to 100000, which dhcpd refuses as well.
                    boolean refused = file.getFileName().toString().equals("ifxsc4.in4");
                    assertThat(conversion.count(Verdict.MALFORMED)).isEqualTo(refused ? 1 : 0);
                    assertThat(conversion.findings())
                            .allMatch(finding -> finding.verdict() == Verdict.CONVERTED
                                    || !finding.what().isEmpty());
                    if (!conversion.system().isEmpty()) {
                        ConfigReading<?> reading =
                                ConfigFile.system(ConfigSource.of("anylease.yaml", conversion.system()));
                        assertThat(reading).as("%s", reading.problems()).isInstanceOf(ConfigReading.Accepted.class);
                    }
                }));
    }
}
