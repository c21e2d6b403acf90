package org.anylease.server.config;

import java.util.List;

/**
 * What became of reading a file.
 *
 * @param <T> what the file describes
 */
public sealed interface ConfigReading<T> {
    /**
     * Everything that is wrong or doubtful, in order of position.
     *
     * @return the problems; of an accepted file, warnings only
     */
    List<ConfigProblem> problems();

    /**
     * The file is valid.
     *
     * @param <T> what the file describes
     * @param value what it says
     * @param problems warnings
     */
    record Accepted<T>(T value, List<ConfigProblem> problems) implements ConfigReading<T> {
        /** Copies the warnings. */
        public Accepted {
            problems = List.copyOf(problems);
        }
    }

    /**
     * The file is refused.
     *
     * @param <T> what the file should have described
     * @param problems at least one error
     */
    record Refused<T>(List<ConfigProblem> problems) implements ConfigReading<T> {
        /** Copies the problems. */
        public Refused {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a file is not refused without a reason");
            }
        }
    }
}
