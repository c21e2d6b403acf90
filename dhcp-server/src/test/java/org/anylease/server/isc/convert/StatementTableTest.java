package org.anylease.server.isc.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.anylease.server.isc.syntax.Settings;
import org.junit.jupiter.api.Test;

/** docs/migration/isc.md says what becomes of every parameter; {@code -Dbless=true} writes its second table anew. */
final class StatementTableTest {
    private static final Path PAGE = Path.of("../docs/migration/isc.md");
    private static final String START = "<!-- parameters -->\n";
    private static final String END = "<!-- end -->";

    private static String table() {
        StringBuilder table = new StringBuilder(
                "| parameter | dhcpd does the same with | otherwise | instead |\n|---|---|---|---|\n");
        StatementRules.all().forEach((name, rule) -> {
            String alike = rule.alike().pattern().equals("(?!)")
                    ? ""
                    : "`" + rule.alike().pattern().replace("\\", "") + "`";
            table.append("| `" + name + "` | " + alike + " | " + rule.verdict().shown() + ": " + rule.what() + " | "
                    + rule.instead() + " |\n");
        });
        return table.toString();
    }

    @Test
    void thePageHasTheTable() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf(START) + START.length();
        int end = page.indexOf(END, start);
        if (Boolean.getBoolean("bless")) {
            Files.writeString(PAGE, page.substring(0, start) + table() + page.substring(end));
            return;
        }
        assertThat(page.substring(start, end)).as("-Dbless=true rewrites it").isEqualTo(table());
    }

    @Test
    void everyParameterOfAConfigurationIsThere() throws IOException {
        String page = Files.readString(PAGE);
        SortedSet<String> missing = new TreeSet<>(Settings.inConfigurations());
        missing.removeIf(name -> page.contains("`" + name + "`"));
        assertThat(missing).isEmpty();
    }
}
