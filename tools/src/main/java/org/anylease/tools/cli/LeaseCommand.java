package org.anylease.tools.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease lease}. */
@Command(name = "lease", mixinStandardHelpOptions = true, description = "Lists, shows, explains and watches leases.")
final class LeaseCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new LeaseCommand())
                .addSubcommand(new CommandLine(new Listing(terminal)))
                .addSubcommand(new CommandLine(new Show(terminal)))
                .addSubcommand(new CommandLine(new ExplainCommand(terminal)))
                .addSubcommand(new CommandLine(new Watch(terminal)));
    }

    /** {@code anylease lease list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists leases of all cells, each once, in order of address. Any server can be asked.")
    static final class Listing implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Mixin
        private LeaseOptions filter = new LeaseOptions();

        @Option(names = "--csv", description = "Print CSV, a header first.")
        private boolean csv;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "0",
                description = "At most N leases (default: all).")
        private long limit;

        @Option(names = "--after", paramLabel = "A", defaultValue = "", description = "Only those after this address.")
        private String after = "";

        @Option(names = "--partial", description = "With --csv: go on when a cell cannot be read.")
        private boolean partial;

        Listing(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            Map<String, List<String>> parameters = filter.parameters();
            parameters.put("limit", List.of(Long.toString(limit)));
            parameters.put("after", List.of(after));
            parameters.put("format", List.of(csv ? "csv" : "json"));
            parameters.put("partial", List.of(partial ? "true" : ""));
            AdminClient client = new AdminClient(terminal, options);
            try (InputStream body = client.getStream("/v1/leases" + AdminClient.query(parameters))) {
                if (csv || options.json()) {
                    body.transferTo(terminal.out());
                    terminal.out().print(csv ? "" : System.lineSeparator());
                    terminal.out().flush();
                    return ExitCode.OK.number();
                }
                return table(body).number();
            } catch (IOException e) {
                throw client.brokenOff(e);
            }
        }

        /** Prints leases as they come. */
        private ExitCode table(InputStream body) throws IOException {
            ObjectNode rest = AdminClient.MAPPER.createObjectNode();
            LeaseTable table = new LeaseTable(terminal);
            try (JsonParser json = AdminClient.MAPPER.createParser(body)) {
                json.nextToken();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    json.nextToken();
                    if (field.equals("leases")) {
                        while (json.nextToken() == JsonToken.START_OBJECT) {
                            table.add(json.readValueAsTree());
                        }
                    } else {
                        rest.set(field, json.readValueAsTree());
                    }
                }
            }
            table.end();
            Findings.read(terminal, rest);
            if (rest.hasNonNull("next")) {
                terminal.err()
                        .println("there are more: --after " + rest.path("next").asText());
            }
            return rest.path("unread").isEmpty() ? ExitCode.OK : ExitCode.NO;
        }
    }

    /** {@code anylease lease show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows everything known of the leases with an address, MAC, client id or host name.")
    static final class Show implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "ADDRESS|MAC|CLIENT|HOSTNAME", description = "What to look for, or part of it.")
        private String of = "";

        Show(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = new AdminClient(terminal, options)
                    .get("/v1/leases/show" + AdminClient.query(Map.of("of", List.of(of))));
            if (options.json()) {
                Anylease.print(terminal, answer);
                return ExitCode.OK.number();
            }
            String gap = "";
            for (JsonNode lease : answer.path("leases")) {
                terminal.out().print(gap);
                LeaseTable.describe(terminal, lease);
                gap = System.lineSeparator();
            }
            Findings.read(terminal, answer);
            if (answer.path("more").asBoolean()) {
                terminal.err().println("there are more: anylease lease list shows them all");
            }
            return ExitCode.OK.number();
        }
    }

    /** {@code anylease lease watch}. */
    @Command(
            name = "watch",
            mixinStandardHelpOptions = true,
            description = "Prints leases as they change, until interrupted.")
    static final class Watch implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Mixin
        private LeaseOptions filter = new LeaseOptions();

        @Option(names = "--count", paramLabel = "N", defaultValue = "0", description = "Stop after N changes.")
        private long count;

        Watch(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            AdminClient client = new AdminClient(terminal, options);
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                    client.getStream("/v1/leases/watch" + AdminClient.query(filter.parameters())),
                    StandardCharsets.UTF_8))) {
                long changes = 0;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonNode event = AdminClient.MAPPER.readTree(line);
                    changes += event.has("address") ? 1 : 0;
                    print(line, event);
                    if (count > 0 && changes == count) {
                        return ExitCode.OK.number();
                    }
                }
            } catch (IOException e) {
                throw client.brokenOff(e);
            }
            throw new CliFailure(
                    ExitCode.UNREACHABLE, "the server ended the watch", "start it again, or ask another server");
        }

        private void print(String line, JsonNode event) {
            if (options.json()) {
                terminal.out().println(line);
            } else if (event.has("address")) {
                terminal.out().println(LeaseTable.line(terminal, event));
            } else if (event.has("missed")) {
                terminal.out()
                        .println(terminal.yellow("missed "
                                + event.path("missed").asText() + " changes that came faster than they were read"));
            } else if (event.has("from")) {
                terminal.err()
                        .println("watching " + event.at("/from/server").asText()
                                + (event.path("unwatched").isEmpty()
                                        ? ""
                                        : "; it has no copy of: " + event.path("unwatched")));
            }
            terminal.out().flush();
        }
    }
}
