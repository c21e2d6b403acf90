package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.isc.convert.Verdict;
import org.anylease.server.isc.leases.LeaseConversion;
import org.anylease.store.cell.CellId;
import org.anylease.store.lease.Binding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease import leases}. */
@Command(
        name = "leases",
        mixinStandardHelpOptions = true,
        description =
                "Puts the leases of a dhcpd.leases of ISC DHCP into the running cluster, by the configuration that is"
                        + " in force there. Prints its plan; --yes does it. Doing it again changes nothing. Exit code 1"
                        + " when something is malformed, or could not be put in place.")
final class ImportLeasesCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Option(names = "--all", description = "List every entry; otherwise a few of those that are alike.")
    private boolean all;

    @Parameters(paramLabel = "DHCPD.LEASES", description = "The leases of ISC DHCP, whose server is stopped.")
    private String file = "";

    ImportLeasesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        AdminClient client = new AdminClient(terminal, options);
        LeaseImport leases = LeaseImport.of(
                LeaseImport.read(Path.of(file)),
                inForce(client),
                LeaseConversion.Declarations.LEFT_OUT,
                terminal.clock().instant());
        ObjectNode answer = leases.toJson();
        ObjectNode plans = answer.putObject("plans");
        ObjectNode results = answer.putObject("results");
        if (!options.json()) {
            leases.conversion().report(all).forEach(line -> terminal.out().println(Terminal.harmless(line)));
        }
        ExitCode exit = leases.conversion().count(Verdict.MALFORMED) == 0 ? ExitCode.OK : ExitCode.NO;
        for (Map.Entry<CellId, List<Binding>> part :
                leases.conversion().bindings().entrySet()) {
            if (!part.getValue().isEmpty()) {
                ExitCode one = cell(client, leases, part.getKey(), plans, results);
                exit = one == ExitCode.OK ? exit : one;
            }
        }
        if (options.json()) {
            Anylease.print(terminal, answer);
        }
        if (!yes) {
            if (options.json()) {
                return ExitCode.REFUSED.number();
            }
            throw new CliFailure(ExitCode.REFUSED, "nothing was changed", "add --yes to do it");
        }
        return exit.number();
    }

    private static SystemConfig inForce(AdminClient client) {
        String text = client.get("/v1/config").path("text").asText();
        return switch (ConfigFile.system(ConfigSource.of("the configuration in force", text))) {
            case ConfigReading.Accepted<SystemConfig> accepted -> accepted.value();
            case ConfigReading.Refused<SystemConfig> refused ->
                throw new CliFailure(
                        ExitCode.REFUSED,
                        "the configuration in force cannot be read: "
                                + refused.problems().getFirst(),
                        "use the server's own version of anylease");
        };
    }

    private ExitCode cell(AdminClient client, LeaseImport leases, CellId cell, ObjectNode plans, ObjectNode results)
            throws IOException {
        Path backup = Files.createTempFile("anylease-import", ".backup");
        try {
            leases.write(cell, backup);
            RestoreRun run = new RestoreRun(terminal, client, cell.name(), backup);
            JsonNode plan = run.plan();
            plans.set(cell.name(), plan);
            if (!options.json()) {
                terminal.out().println("cell " + cell.name() + ":");
                run.print(plan);
            }
            if (!yes) {
                return ExitCode.OK;
            }
            JsonNode result = run.run();
            results.set(cell.name(), result);
            if (!options.json()) {
                run.printResult(result);
            }
            return RestoreRun.exit(result);
        } finally {
            Files.delete(backup);
        }
    }
}
