package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.anylease.tools.cli.Anylease;

/** The command line, asking one server. */
final class Cli {
    private final URI server;

    private static final List<List<String>> ASKS_NO_SERVER =
            List.of(List.of("config", "check"), List.of("cell", "recover"), List.of("import", "isc"));

    Cli(URI server) {
        this.server = server;
    }

    /** What a command printed, and its exit code. */
    record Run(int exit, String out, String err) {
        Run exits(int code) {
            assertThat(exit).as(out + err).isEqualTo(code);
            return this;
        }

        /** What is wrong and what to do, both on standard error. */
        Run says(String what, String remedy) {
            assertThat(err).contains(what).contains(remedy);
            return this;
        }

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    Run run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of(words));
        if (!ASKS_NO_SERVER.contains(all.subList(0, 2))) {
            all.addAll(List.of("--server", server.toString()));
        }
        int exit = Anylease.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                all.toArray(String[]::new));
        return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A command that must do what it is told. */
    Run ok(String... words) {
        return run(words).exits(0);
    }

    /** How many leases a list shows with these conditions. */
    int leases(String... conditions) throws IOException {
        List<String> words = new ArrayList<>(List.of("lease", "list", "--json"));
        words.addAll(List.of(conditions));
        return ok(words.toArray(String[]::new)).json().path("leases").size();
    }
}
