package org.anylease.tools.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.anylease.server.admin.MemoryCluster;

/** What a command printed, and its exit code. */
record CommandRun(int exit, String out, String err) {
    static CommandRun of(String server, String input, String... arguments) {
        return of(server, input, 0, arguments);
    }

    static CommandRun of(String server, String input, int width, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                width,
                false,
                Map.of(ServerOptions.VARIABLE, server, "USER", "kim"),
                InstantSource.fixed(MemoryCluster.NOW));
        int exit = Anylease.run(terminal, new ServerStart(), arguments);
        return new CommandRun(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
