package org.anylease.server.admin;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.config.LeaseCount;
import org.anylease.store.config.CellConfig;
import org.jspecify.annotations.Nullable;

/** Reads the operator's system configuration. Pure: equal texts give equal answers on every server. */
public interface ConfigCompiler {
    /**
     * Compiles a file into each cell's slice.
     *
     * @param name the file's name, for messages
     * @param text the whole file
     * @param version the version that the slices get
     * @return the slices, or all that is wrong with the file
     */
    Compiled compile(String name, String text, long version);

    /**
     * What differs between two configurations.
     *
     * @param before the slices in force, in order of cell
     * @param after the slices of another file
     * @param leases counts the active leases that a change concerns
     * @return in a stable order; empty when nothing differs
     */
    List<Change> compare(List<CellConfig> before, List<CellConfig> after, LeaseCount leases);

    /**
     * A file that was read.
     *
     * @param cells the slices in order of cell; empty when there is an error among the problems
     * @param problems all that is wrong or doubtful, in order of position
     * @param beside what the file says that is in no slice, by where it stands, such as {@code dns domain}
     */
    record Compiled(List<CellConfig> cells, List<Problem> problems, SortedMap<String, String> beside) {
        /** Copies the collections. */
        public Compiled {
            cells = List.copyOf(cells);
            problems = List.copyOf(problems);
            beside = new TreeMap<>(beside);
        }

        /**
         * A file that says nothing beside its slices.
         *
         * @param cells the slices in order of cell
         * @param problems all that is wrong or doubtful
         */
        public Compiled(List<CellConfig> cells, List<Problem> problems) {
            this(cells, problems, new TreeMap<>());
        }

        /**
         * Whether the file can be applied.
         *
         * @return false when anything is wrong, beside warnings
         */
        public boolean isValid() {
            return problems.stream().noneMatch(Problem::error);
        }
    }

    /**
     * Something wrong in a file.
     *
     * @param error whether the file is refused for it; else it is a warning
     * @param line counted from 1
     * @param column counted from 1
     * @param path the keys that lead there
     * @param what what is wrong
     * @param valid what would be right; empty where {@code what} says it all
     */
    record Problem(boolean error, int line, int column, String path, String what, String valid) {}

    /**
     * A difference.
     *
     * @param text a line for people
     * @param path where it stands, the cell first
     * @param before as it is; empty when it is new
     * @param after as it would be; empty when it goes
     * @param leases how many active leases it changes something for, or null when that says nothing
     * @param effect what happens to them; empty where nothing does
     */
    record Change(
            String text,
            String path,
            String before,
            String after,
            @Nullable Long leases,
            String effect) {}
}
