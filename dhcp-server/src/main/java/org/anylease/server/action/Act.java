package org.anylease.server.action;

import java.util.List;
import org.anylease.server.event.Level;

/** One thing to do. */
public sealed interface Act {
    /**
     * Whose it is.
     *
     * @return the action's name
     */
    String action();

    /**
     * A line is logged.
     *
     * @param action whose it is
     * @param level how loudly
     * @param text printable ASCII
     */
    record Line(String action, Level level, String text) implements Act {}

    /**
     * A command is not run, as one of its arguments comes to nothing.
     *
     * @param action whose it is
     * @param command the command's name
     */
    record Incomplete(String action, String command) implements Act {}

    /**
     * A command is run.
     *
     * @param action whose it is
     * @param command the command's name
     * @param arguments printable ASCII
     */
    record Run(String action, String command, List<String> arguments) implements Act {
        /** Copies the arguments. */
        public Run {
            arguments = List.copyOf(arguments);
        }
    }
}
