package org.anylease.server.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Holds the reference of the language to the language. */
final class LanguageReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/configuration.md");

    private static List<String> rows() throws IOException {
        String text = Files.readString(REFERENCE);
        int from = text.indexOf("<!-- expressions -->");
        String table = text.substring(from, text.indexOf("<!-- end -->", from));
        return table.lines().filter(line -> line.startsWith("| `")).toList();
    }

    @Test
    void everyExampleIsAConditionAndHasWhatItsRowIsAbout() throws Exception {
        OptionNames names = new OptionNames() {
            @Override
            public OptionalInt code(String name) {
                return name.equals("client-architecture") ? OptionalInt.of(93) : OptionalInt.empty();
            }

            @Override
            public List<String> all() {
                return List.of();
            }
        };
        assertThat(rows()).hasSizeGreaterThan(30);
        for (String row : rows()) {
            String[] cells = row.split(" \\| ", -1);
            String example = cells[2].substring(1, cells[2].lastIndexOf('`'));
            Expression expression = Expression.compileForReply(example, names);
            assertThat(expression.isCondition()).as(example).isTrue();
            boolean _ = expression.test(new Evaluation(ExpressionTest.view()));
        }
    }

    @Test
    void everyNameIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        String first = String.join("\n", rows());
        for (String name : Functions.names()) {
            String bare = name.replaceAll("\\[.*", "[");
            if (!first.contains("`" + bare)) {
                missing.add(name);
            }
        }
        for (String word : Comparison.WORDS) {
            if (!first.contains("`" + word + "`")) {
                missing.add(word);
            }
        }
        assertThat(missing).isEmpty();
    }
}
