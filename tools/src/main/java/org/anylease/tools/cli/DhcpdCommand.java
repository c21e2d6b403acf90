package org.anylease.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.anylease.server.isc.convert.Conversion;
import org.anylease.server.isc.convert.Finding;
import org.anylease.server.isc.convert.Verdict;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease dhcpd}: the options, messages and exit codes of dhcpd(8), 0 when all is well and 1 otherwise. */
@Command(
        name = "dhcpd",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 1,
        exitCodeOnExecutionException = 1,
        description =
                "Stands in for ISC's dhcpd, for a trial on one machine: serves from a dhcpd.conf, with dhcpd's own"
                        + " options. What it keeps is in a directory beside the lease file. It stays in the foreground."
                        + " Exit code 1 for whatever goes wrong, as dhcpd has it.")
final class DhcpdCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final ServerStart start;

    @Option(names = "-4", description = "Serve DHCPv4, which is done anyway.")
    private boolean version4;

    @Option(names = "-6", description = "Refused: only DHCPv4 is served.")
    private boolean version6;

    @Option(
            names = {"-d", "-f"},
            description = "Stay in the foreground, and log there, which is done anyway.")
    private boolean foreground;

    @Option(names = "-q", description = "Say only what is wrong.")
    private boolean quiet;

    @Option(names = "-t", description = "Only check the configuration.")
    private boolean testsConfiguration;

    @Option(names = "-T", description = "Only check the configuration and the lease file.")
    private boolean testsLeases;

    @Option(names = "-p", paramLabel = "PORT", description = "The port to hear clients and relays on (67).")
    private String port = "67";

    @Option(names = "-cf", paramLabel = "FILE", description = "The configuration (${DEFAULT-VALUE}).")
    private Path configuration = Path.of("/etc/dhcp/dhcpd.conf");

    @Option(names = "-lf", paramLabel = "FILE", description = "dhcpd's leases, which are only read (${DEFAULT-VALUE}).")
    private Path leases = Path.of("/var/lib/dhcp/dhcpd.leases");

    @Option(names = "-pf", paramLabel = "FILE", description = "Where to write the process id (${DEFAULT-VALUE}).")
    private Path pidFile = Path.of("/var/run/dhcpd.pid");

    @Option(names = "--no-pid", description = "Write no process id.")
    private boolean withoutPid;

    @Option(
            names = {"-user", "-group"},
            paramLabel = "NAME",
            description = "Taken, and of no effect: it runs as whoever starts it.")
    private List<String> ignored = new ArrayList<>();

    @Option(
            names = {"-s", "-chroot", "-tf", "-play"},
            paramLabel = "VALUE",
            description = "Refused: they have no counterpart.")
    private List<String> refused = new ArrayList<>();

    @Parameters(paramLabel = "INTERFACE", arity = "0..*", description = "Where to hear clients without a relay (all).")
    private List<String> interfaces = new ArrayList<>();

    DhcpdCommand(Terminal terminal, ServerStart start) {
        this.terminal = terminal;
        this.start = start;
    }

    @Override
    public Integer call() {
        try {
            return run() ? 0 : 1;
        } catch (CliFailure e) {
            say(String.valueOf(e.getMessage()));
            say(e.remedy());
            return 1;
        }
    }

    private boolean run() {
        if (version4 && version6) {
            throw failure("Server cannot run in both IPv4 and IPv6 mode at the same time.", "leave -6 out");
        }
        if (version6) {
            throw failure("Only DHCPv4 is served.", "keep dhcpd for DHCPv6: it can run beside this");
        }
        if (!refused.isEmpty()) {
            throw failure("-s, -chroot, -tf and -play have no counterpart.", "leave them out");
        }
        int number = port();
        if (!ignored.isEmpty()) {
            inform("-user and -group have no effect: it runs as " + System.getProperty("user.name") + ".");
        }
        if (!Files.isRegularFile(configuration)) {
            throw failure("Can't open " + configuration + ": No such file", "name one with -cf");
        }
        IscImport checked = IscImport.read(
                configuration, null, Conversion.Wishes.NONE, terminal.clock().instant());
        if (!isWellFormed(checked.conversion().findings())) {
            throw failure("Configuration file errors encountered -- exiting", "mend what is named above");
        }
        inform("Config file: " + configuration);
        if (testsLeases) {
            return leasesAreReadable();
        }
        return testsConfiguration || serve(number);
    }

    private int port() {
        if (!port.matches("[0-9]{1,9}")) {
            throw failure("Invalid port number specification: " + port, "a number, 1 to 65535");
        }
        int number = Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw failure("Port number specified is out of range (1-65535).", "a number, 1 to 65535");
        }
        return number;
    }

    private boolean isWellFormed(List<Finding> findings) {
        List<Finding> malformed = findings.stream()
                .filter(finding -> finding.verdict() == Verdict.MALFORMED)
                .toList();
        malformed.forEach(
                finding -> say(finding.at().file() + " line " + finding.at().line() + ": " + finding.what()));
        return malformed.isEmpty();
    }

    /** As dhcpd has it: a lease file must be there, and what is corrupt in it is told and left out. */
    private boolean leasesAreReadable() {
        if (!Files.isRegularFile(leases)) {
            throw failure("Can't open lease database " + leases + ": No such file", "name one with -lf");
        }
        LeaseImport read = IscImport.read(
                        configuration,
                        leases,
                        Conversion.Wishes.NONE,
                        terminal.clock().instant())
                .leases();
        if (read != null && !isWellFormed(read.conversion().findings())) {
            say("Corrupt lease file - possible data loss!");
        }
        inform("Lease file test successful: " + leases);
        return true;
    }

    private boolean serve(int number) {
        if (!foreground) {
            inform("It stays in the foreground, as with -f.");
        }
        DhcpdTrial trial = new DhcpdTrial(terminal, start, this::inform, configuration, leases);
        Path server = trial.prepare(interfaces, number);
        try {
            writePid();
            return start.run(server) == ExitCode.OK;
        } finally {
            removePid();
        }
    }

    /** dhcpd goes on without one that cannot be written, too. */
    private void writePid() {
        if (!withoutPid) {
            try {
                Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
            } catch (IOException e) {
                say("Can't create PID file " + pidFile + ": " + e.getMessage());
            }
        }
    }

    private void removePid() {
        if (!withoutPid) {
            try {
                Files.deleteIfExists(pidFile);
            } catch (IOException e) {
                say("Can't remove PID file " + pidFile + ": " + e.getMessage());
            }
        }
    }

    private static CliFailure failure(String what, String remedy) {
        return new CliFailure(ExitCode.NO, what, remedy);
    }

    private void inform(String line) {
        if (!quiet) {
            say(line);
        }
    }

    private void say(@Nullable String line) {
        terminal.err().println(Terminal.harmless(String.valueOf(line)));
    }
}
