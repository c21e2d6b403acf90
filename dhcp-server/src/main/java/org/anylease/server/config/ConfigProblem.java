package org.anylease.server.config;

import java.util.Comparator;

/**
 * Something wrong in an operator's file, and where.
 *
 * @param severity whether the file is refused for it
 * @param file the file's name, as the operator gave it
 * @param line counted from 1
 * @param column counted from 1, in characters
 * @param path the keys that lead there, such as {@code timers.mclt}; empty for the file itself
 * @param what what is wrong
 * @param valid what would be right, or a question such as {@code did you mean 'mclt'?}; empty
 *     where {@code what} says it all
 */
public record ConfigProblem(
        Severity severity, String file, int line, int column, String path, String what, String valid)
        implements Comparable<ConfigProblem> {
    private static final Comparator<ConfigProblem> IN_ORDER = Comparator.comparing(ConfigProblem::file)
            .thenComparingInt(ConfigProblem::line)
            .thenComparingInt(ConfigProblem::column)
            .thenComparing(ConfigProblem::severity)
            .thenComparing(ConfigProblem::path)
            .thenComparing(ConfigProblem::what)
            .thenComparing(ConfigProblem::valid);

    /** Whether a file is refused. */
    public enum Severity {
        /** The file is refused. */
        ERROR,
        /** The file is taken, but the operator most likely wants something else. */
        WARNING
    }

    /** Checks the position. */
    public ConfigProblem {
        if (line < 1 || column < 1 || what.isEmpty()) {
            throw new IllegalArgumentException("a problem says what is wrong, and where, counting from 1");
        }
    }

    /** By file, line and column, then by content, so that the order never depends on how the file was read. */
    @Override
    public int compareTo(ConfigProblem other) {
        return IN_ORDER.compare(this, other);
    }

    /** One line that editors and terminals can jump to, such as {@code anylease.yaml:3:7: error: timers.mclt: …}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (severity == Severity.ERROR ? "error" : "warning") + ": "
                + (path.isEmpty() ? "" : path + ": ") + what
                + (valid.isEmpty() ? "" : valid.endsWith("?") ? " (" + valid + ")" : " (expected " + valid + ")");
    }
}
