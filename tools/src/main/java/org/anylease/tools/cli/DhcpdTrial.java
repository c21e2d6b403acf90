package org.anylease.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.isc.convert.Conversion;
import org.anylease.server.isc.convert.Verdict;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import picocli.CommandLine;

/**
 * One server on this machine that serves what a dhcpd.conf says. All that it keeps is in a directory beside dhcpd's lease
 * file, which is only read: at the first start, before clients are heard.
 */
final class DhcpdTrial {
    private static final String ADMIN = ServerOptions.DEFAULT;
    private static final String SITE = "here";
    private static final String SERVER = "here-a";
    private static final String LOOPBACK = "127.0.0.1";

    /** Where a server that is being prepared hears nobody. */
    private static final String NOBODY = "{ service: 127.0.0.67, own: 127.0.0.1, port: 6767 }";

    private final Terminal terminal;
    private final Consumer<String> inform;
    private final ServerStart start;
    private final Path configuration;
    private final Path leases;
    private final Path directory;

    DhcpdTrial(Terminal terminal, ServerStart start, Consumer<String> inform, Path configuration, Path leases) {
        this.terminal = terminal;
        this.start = start;
        this.inform = inform;
        this.configuration = configuration;
        this.leases = leases.toAbsolutePath();
        this.directory = this.leases.resolveSibling(this.leases.getFileName() + ".anylease");
    }

    /** Writes the server's files, and has it take the leases, and what is new in the configuration. @return its own file */
    Path prepare(List<String> interfaces, int port) {
        Path imported = directory.resolve("leases-imported");
        boolean first = !Files.exists(imported);
        // Hosts that were declared at run time stand in the lease file.
        Path declarations = Files.isRegularFile(leases) ? leases : null;
        SystemConfig plain = read(declarations, Conversion.Wishes.NONE)
                .system()
                .orElseThrow(() -> new CliFailure(
                        ExitCode.NO,
                        "nothing can be served: there is no subnet, or what is made of the file is not valid",
                        "see 'anylease import isc " + configuration + "'"));
        List<Prefix> subnets = plain.cells().stream()
                .flatMap(cell -> cell.networks().stream())
                .flatMap(network -> network.subnets().stream())
                .map(SystemConfig.Subnet::prefix)
                .toList();
        LocalLinks links = LocalLinks.among(interfaces, subnets);
        SortedMap<String, List<Ipv4>> sites = new TreeMap<>();
        sites.put(SITE, List.of(Ipv4.parse(LOOPBACK)));
        IscImport made = read(
                declarations,
                new Conversion.Wishes("dhcpd", links.addresses().getFirst(), sites, directory.toString()));
        tell(made);
        try {
            Files.createDirectories(directory);
            made.writeKeys(directory);
            Path system = directory.resolve(IscImport.SYSTEM_FILE);
            String text = made.conversion().system();
            boolean changed = Files.exists(system) && !Files.readString(system).equals(text);
            if (first || changed) {
                // Said to be in force only when it is.
                Path next = directory.resolve("next-" + IscImport.SYSTEM_FILE);
                Files.writeString(next, text);
                if (first) {
                    Files.writeString(system, text);
                }
                Files.writeString(
                        directory.resolve("report.txt"),
                        String.join("\n", made.conversion().report(true)) + "\n");
                Path quiet = serverFile("preparing.yaml", NOBODY, "allow-no-probe: true\n");
                start.during(quiet, () -> takeOver(made, next, imported, first));
                Files.move(next, system, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            String listen = "{ service: " + links.addresses() + ", own: " + LOOPBACK + ", interfaces: " + links.names()
                    + ", port: " + port + " }";
            Path server = serverFile(
                    "server.yaml", listen, "probe-source: " + links.addresses().getFirst() + "\n");
            inform.accept("Listening on " + String.join(", ", links.names()) + "; leases are kept in " + directory);
            return server;
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.FAILED, directory + " cannot be written: " + e.getMessage(), "choose another -lf");
        }
    }

    private IscImport read(@org.jspecify.annotations.Nullable Path declarations, Conversion.Wishes wishes) {
        return IscImport.read(
                configuration, declarations, wishes, terminal.clock().instant());
    }

    private void tell(IscImport made) {
        made.conversion().findings().stream()
                .filter(finding -> finding.verdict() == Verdict.UNSUPPORTED)
                .forEach(finding -> inform.accept(finding.toString()));
        inform.accept(made.conversion().counts() + "; all of it is in " + directory.resolve("report.txt"));
    }

    private Path serverFile(String name, String listen, String more) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(
                file,
                "id: " + SERVER + "\nsystem-file: " + IscImport.SYSTEM_FILE + "\ndata-directory: "
                        + quoted(directory.resolve("data")) + "\nlisten: " + listen + "\n" + more);
        return file;
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }

    /** The leases at the first start; later what is new in the configuration. */
    private void takeOver(IscImport made, Path next, Path imported, boolean first) {
        if (!first) {
            int exit = Anylease.run(terminal, start, "config", "apply", next.toString(), "--yes", "--server", ADMIN);
            if (exit != ExitCode.OK.number()) {
                throw new CliFailure(
                        ExitCode.NO,
                        "what is new in " + configuration + " could not be put in force",
                        "see above; what was in force is kept in " + directory);
            }
            return;
        }
        try {
            LeaseImport read = made.leases();
            if (read != null) {
                for (CellId cell : read.conversion().bindings().keySet()) {
                    restore(read, cell);
                }
            }
            Files.writeString(imported, leases + "\n");
        } catch (IOException e) {
            throw new CliFailure(ExitCode.FAILED, "the leases could not be taken over: " + e.getMessage(), "try again");
        }
    }

    private void restore(LeaseImport read, CellId cell) throws IOException {
        Path backup = directory.resolve("leases-" + cell.name() + ".backup");
        read.write(cell, backup);
        ServerOptions options = CommandLine.populateCommand(new ServerOptions(), "--server", ADMIN);
        RestoreRun run = new RestoreRun(terminal, new AdminClient(terminal, options), cell.name(), backup);
        RestoreRun.exit(run.run());
        inform.accept(read.conversion().bindings().getOrDefault(cell, List.of()).size() + " leases taken over from "
                + leases);
        Files.delete(backup);
    }
}
