package org.anylease.tools.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code anylease} command, from which all others hang. */
@Command(name = "anylease", version = "anylease 0.1.0-SNAPSHOT", mixinStandardHelpOptions = true)
public final class Anylease implements Runnable {
    private Anylease() {}

    /**
     * Runs one command and exits with its code.
     *
     * @param arguments what was typed after {@code anylease}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Anylease()).execute(arguments));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
