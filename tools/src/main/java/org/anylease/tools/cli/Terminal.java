package org.anylease.tools.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where a command writes, and what it may take for granted of it.
 *
 * @param in standard input
 * @param out standard output: the answer
 * @param err standard error: progress and what went wrong
 * @param width in columns; lines of tables fit into it, 0 for as wide as need be
 * @param interactive whether a person watches: colours and progress that overwrites itself
 * @param environment environment variables
 * @param clock for relative times
 */
record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        int width,
        boolean interactive,
        Map<String, String> environment,
        InstantSource clock) {
    static final int WIDTH_DEFAULT = 120;
    private static final int STTY_SECONDS_MAX = 1;

    /** The terminal of this process. */
    // Since JDK 25 there is again no console where there is no terminal.
    @SuppressWarnings("SystemConsoleNull")
    static Terminal ofProcess() {
        Console console = System.console();
        boolean interactive = console != null && console.isTerminal();
        Map<String, String> environment = System.getenv();
        return new Terminal(
                System.in,
                System.out,
                System.err,
                interactive ? width(environment) : 0,
                interactive && !environment.containsKey("NO_COLOR") && !"dumb".equals(environment.get("TERM")),
                environment,
                InstantSource.system());
    }

    private static int width(Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        if (!columns.matches("[1-9][0-9]{1,3}")) {
            columns = sttyColumns();
        }
        return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : WIDTH_DEFAULT;
    }

    /** Shells do not export COLUMNS; the terminal itself knows. */
    private static String sttyColumns() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!stty.waitFor(STTY_SECONDS_MAX, TimeUnit.SECONDS)) {
                stty.destroy();
                return "";
            }
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return size.substring(size.indexOf(' ') + 1);
        } catch (IOException e) {
            return ""; // There is no stty here: the default width serves.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    String bold(String text) {
        return styled("1", text);
    }

    String red(String text) {
        return styled("31", text);
    }

    String yellow(String text) {
        return styled("33", text);
    }

    String green(String text) {
        return styled("32", text);
    }

    private String styled(String code, String text) {
        return interactive ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** A client chooses its names: no control or format character of theirs reaches the terminal. */
    static String harmless(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean harmful = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            shown.appendCodePoint(harmful ? '?' : c);
        });
        return shown.toString();
    }
}
