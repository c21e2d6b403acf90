package org.anylease.server.isc.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was read, with those it includes.
 *
 * @param name its name
 * @param statements what it says, in order
 */
public record IscFile(String name, List<Statement> statements) {
    /** No more files are included, so that two that include each other twice do not go on for ever. */
    private static final int INCLUDED_MAX = 1000;

    /** Copies the statements. */
    public IscFile {
        statements = List.copyOf(statements);
    }

    /**
     * Reads a file.
     *
     * @param name its name
     * @param text its octets, each as the character of the same number (ISO 8859-1)
     * @param includes finds the files that it includes
     * @return what it says
     */
    public static IscFile parse(String name, String text, Includes includes) {
        List<Statement> statements = new ArrayList<>();
        forEach(name, text, includes, statements::add);
        return new IscFile(name, statements);
    }

    /**
     * Reads a file that may be too large to be kept.
     *
     * @param name its name
     * @param text its octets, each as the character of the same number (ISO 8859-1)
     * @param includes finds the files that it includes
     * @param consumer takes each statement that stands in no block
     */
    public static void forEach(String name, String text, Includes includes, Consumer<Statement> consumer) {
        Including including = new Including(includes);
        including.read(name, text, 0, consumer);
    }

    /** Reads included files, and counts them. */
    private static final class Including implements StatementReader.Inclusion {
        private final Includes includes;
        private int included;

        Including(Includes includes) {
            this.includes = includes;
        }

        void read(String name, String text, int depth, Consumer<Statement> consumer) {
            StatementReader reader = new StatementReader(name, text, depth, this);
            for (Statement next = reader.next(); next != null; next = reader.next()) {
                consumer.accept(next);
            }
        }

        @Override
        public @Nullable List<Statement> read(String file, int depth) {
            Optional<String> text = ++included > INCLUDED_MAX ? Optional.empty() : includes.text(file);
            List<Statement> statements = new ArrayList<>();
            text.ifPresent(found -> read(file, found, depth, statements::add));
            return text.isPresent() ? statements : null;
        }
    }

    /**
     * What could not be understood, here and in included files.
     *
     * @return the problems in order
     */
    public List<SyntaxProblem> problems() {
        List<SyntaxProblem> problems = new ArrayList<>();
        Statement.walk(statements, statement -> {
            if (statement instanceof Statement.Broken broken) {
                problems.add(broken.problem());
            }
        });
        return problems;
    }
}
