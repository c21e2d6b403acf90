package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease reservation}. */
@Command(
        name = "reservation",
        mixinStandardHelpOptions = true,
        description = "Keeps addresses for clients at run time, beside those that the configuration keeps.")
final class ReservationCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new ReservationCommand())
                .addSubcommand(new CommandLine(new Listing(terminal)))
                .addSubcommand(new CommandLine(new Add(terminal)))
                .addSubcommand(new CommandLine(new Remove(terminal)))
                .addSubcommand(new CommandLine(new Import()).addSubcommand(new CommandLine(new Csv(terminal))));
    }

    private static String key(JsonNode reservation) {
        String hardware = reservation.path("hardware").asText("");
        return hardware.isEmpty() ? "id " + reservation.path("clientId").asText() : hardware;
    }

    private static String described(JsonNode reservation) {
        String name = reservation.path("hostname").asText("");
        return Terminal.harmless(reservation.path("address").asText() + " for " + key(reservation)
                + (name.isEmpty() || name.equals("null") ? "" : " (" + name + ")") + ", cell "
                + reservation.path("cell").asText());
    }

    private static String query(String plan, boolean whenFree, String author) {
        TreeMap<String, List<String>> parameters = new TreeMap<>();
        parameters.put("plan", List.of(plan));
        parameters.put("when-free", List.of(whenFree ? "true" : ""));
        parameters.put("author", List.of(author));
        return AdminClient.query(parameters);
    }

    /** Shows the plan, and carries it out when the operator has said so. */
    private static int run(
            Terminal terminal, ServerOptions options, String path, Asked asked, boolean yes, String would) {
        AdminClient client = new AdminClient(terminal, options);
        String body = asked.body.toString();
        JsonNode plan = client.post(path + query("true", asked.whenFree, asked.author), BodyPublishers.ofString(body));
        if (!yes) {
            if (options.json()) {
                Anylease.print(terminal, plan);
                return ExitCode.REFUSED.number();
            }
            plan.path("reservations").forEach(one -> terminal.out().println(would + described(one)));
            throw new CliFailure(ExitCode.REFUSED, "nothing was changed", "add --yes to do it");
        }
        JsonNode answer = client.post(path + query("", asked.whenFree, asked.author), BodyPublishers.ofString(body));
        if (options.json()) {
            Anylease.print(terminal, answer);
        } else {
            terminal.out()
                    .println(answer.path("changed").asText() + " of "
                            + answer.path("reservations").size() + " reservations changed");
        }
        return ExitCode.OK.number();
    }

    /** A request that changes reservations. */
    private record Asked(ObjectNode body, boolean whenFree, String author) {}

    /** {@code anylease reservation list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists all reservations: those of the configuration, and those made at run time.")
    static final class Listing implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ListOptions options = new ListOptions();

        Listing(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = options.ask(terminal, "/v1/reservations");
            if (options.json()) {
                Anylease.print(terminal, answer);
                return ExitCode.OK.number();
            }
            if (answer.path("reservations").isEmpty()) {
                terminal.out().println("no address is kept for a client");
                return ExitCode.OK.number();
            }
            Instant now = terminal.clock().instant();
            Table table = new Table(terminal, "ADDRESS", "CLIENT", "HOSTNAME", "STATE", "ORIGIN");
            for (JsonNode one : answer.path("reservations")) {
                String name = one.path("hostname").asText("");
                table.row(
                        one.path("address").asText(),
                        key(one),
                        name.equals("null") ? "" : name,
                        state(one, now),
                        origin(one, now));
            }
            table.end();
            return ExitCode.OK.number();
        }

        private static String state(JsonNode one, Instant now) {
            if (!one.path("inForce").asBoolean()) {
                return "not in force: the configuration says otherwise";
            }
            String holder = one.path("holder").path("mac").asText("");
            return one.path("state").asText()
                    + (holder.isEmpty()
                            ? ""
                            : ", " + holder + " until "
                                    + Times.of(one.path("holderUntil").asText(), now));
        }

        private static String origin(JsonNode one, Instant now) {
            return one.path("origin").asText().equals("file")
                    ? "configuration"
                    : one.path("author").asText() + ", "
                            + Times.of(one.path("added").asText(), now);
        }
    }

    /** Whose address it is. */
    static final class Client {
        @Option(names = "--hardware", paramLabel = "MAC", defaultValue = "", description = "Its Ethernet address.")
        private String hardware = "";

        @Option(
                names = "--client-id",
                paramLabel = "ID",
                defaultValue = "",
                description = "Its option 61: octets as 01:02:… or 0x…, anything else as text.")
        private String clientId = "";
    }

    /** {@code anylease reservation add}. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Keeps an address for a client, at once and at every site. Said again, it renames the host.")
    static final class Add implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "ADDRESS", description = "The address.")
        private String address = "";

        @ArgGroup(multiplicity = "1")
        private Client client = new Client();

        @Option(names = "--hostname", paramLabel = "NAME", defaultValue = "", description = "The name to hand out.")
        private String hostname = "";

        @Option(
                names = "--when-free",
                description = "Also when another client has the address: it is kept from when that one can have it no"
                        + " longer, and that one's lease is not extended. Needs --yes.")
        private boolean whenFree;

        @Option(names = "--author", paramLabel = "NAME", defaultValue = "", description = "Who asks (default: $USER).")
        private String author = "";

        @Option(names = "--yes", description = "With --when-free: do it.")
        private boolean yes;

        Add(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            ObjectNode body = AdminClient.MAPPER.createObjectNode();
            ObjectNode one = body.putArray("reservations").addObject().put("address", address);
            put(one, "hardware", client.hardware);
            put(one, "clientId", client.clientId);
            put(one, "hostname", hostname);
            return run(
                    terminal,
                    options,
                    "/v1/reservations/add",
                    new Asked(body, whenFree, author(terminal, author)),
                    yes || !whenFree,
                    "would keep ");
        }
    }

    private static void put(ObjectNode node, String field, String text) {
        if (!text.isEmpty()) {
            node.put(field, text);
        }
    }

    private static String author(Terminal terminal, String author) {
        return author.isEmpty() ? terminal.environment().getOrDefault("USER", "unknown") : author;
    }

    /** {@code anylease reservation remove}. */
    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Keeps addresses no longer. A lease of one runs on; it is nobody else's before every server"
                    + " knows. Prints its plan; --yes does it.")
    static final class Remove implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "ADDRESS", arity = "1..*", description = "The addresses.")
        private List<String> addresses = new ArrayList<>();

        @Option(names = "--yes", description = "Do it.")
        private boolean yes;

        Remove(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            ObjectNode body = AdminClient.MAPPER.createObjectNode();
            addresses.forEach(body.putArray("addresses")::add);
            return run(
                    terminal,
                    options,
                    "/v1/reservations/remove",
                    new Asked(body, false, ""),
                    yes,
                    "would no longer keep ");
        }
    }

    /** {@code anylease reservation import}. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Keeps many addresses, as a file lists them.")
    static final class Import {}

    /** {@code anylease reservation import csv}. */
    @Command(
            name = "csv",
            mixinStandardHelpOptions = true,
            description = "Keeps the addresses of a CSV file whose first line names its columns: address, hardware or"
                    + " client-id (one of them in each line), hostname. Prints its plan; --yes does it. Doing it again"
                    + " changes nothing.")
    static final class Csv implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "FILE", description = "The file.")
        private String file = "";

        @Option(names = "--when-free", description = "Also those that other clients have, from when they cannot.")
        private boolean whenFree;

        @Option(names = "--author", paramLabel = "NAME", defaultValue = "", description = "Who asks (default: $USER).")
        private String author = "";

        @Option(names = "--yes", description = "Do it.")
        private boolean yes;

        Csv(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            return run(
                    terminal,
                    options,
                    "/v1/reservations/add",
                    new Asked(ReservationCsv.read(Path.of(file)), whenFree, author(terminal, author)),
                    yes,
                    "would keep ");
        }
    }
}
