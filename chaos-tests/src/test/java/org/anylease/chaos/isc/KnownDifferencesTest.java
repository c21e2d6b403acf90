package org.anylease.chaos.isc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the list of differences covers, and what it does not. */
class KnownDifferencesTest {
    private static final String TABLE = """
        Words | with | bars.

        | field | dhcpd | Anylease | scenarios | why |
        |---|---|---|---|---|
        | hops | 1 | 0 | everywhere | because |
        | option 61 | absent | sent | one, two | because |
        | option 51 | sent | `ffffffff` | one | because |
        """;

    @TempDir
    private Path directory;

    private KnownDifferences known() throws IOException {
        return KnownDifferences.read(Files.writeString(directory.resolve("differences.md"), TABLE));
    }

    private static Difference difference(String scenario, String field, String dhcpd, String ours) {
        return new Difference(scenario, "discover c1 (line 2)", field, dhcpd, ours);
    }

    @Test
    void coversWhatItSaysAndNothingElse() throws IOException {
        KnownDifferences known = known();
        assertThat(known.covers(difference("nine", "hops", "1", "0"))).isTrue();
        assertThat(known.covers(difference("nine", "hops", "2", "0"))).isFalse();
        assertThat(known.covers(difference("two", "option 61", "absent", "01"))).isTrue();
        assertThat(known.covers(difference("three", "option 61", "absent", "01")))
                .isFalse();
        assertThat(known.covers(difference("two", "option 61", "01", "absent"))).isFalse();
        assertThat(known.covers(difference("one", "option 51", "00000001", "ffffffff")))
                .isTrue();
        assertThat(known.covers(difference("one", "option 51", "absent", "ffffffff")))
                .isFalse();
    }

    @Test
    void tellsWhatIsListedAndDidNotHappen() throws IOException {
        KnownDifferences known = known();
        assertThat(known.unmet()).hasSize(4);
        assertThat(known.covers(difference("two", "option 61", "absent", "01"))).isTrue();
        assertThat(known.covers(difference("nine", "hops", "1", "0"))).isTrue();
        assertThat(known.unmet())
                .containsExactly(
                        "option 61: dhcpd absent, Anylease sent: not met in one",
                        "option 51: dhcpd sent, Anylease ffffffff: not met in one");
    }
}
