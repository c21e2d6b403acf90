package org.anylease.tools.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.anylease.server.isc.convert.Conversion;
import org.anylease.server.isc.convert.Verdict;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease import}. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Brings other servers' configurations and leases over.")
final class ImportCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new ImportCommand())
                .addSubcommand(new CommandLine(new Isc(terminal)))
                .addSubcommand(new CommandLine(new ImportLeasesCommand(terminal)));
    }

    /** {@code anylease import isc}. */
    @Command(
            name = "isc",
            mixinStandardHelpOptions = true,
            description =
                    "Converts a dhcpd.conf of ISC DHCP, and its dhcpd.leases, and says what became of each statement"
                            + " and lease. Exit code 1 when no configuration could be made of it, or a lease is"
                            + " malformed.")
    static final class Isc implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ImportWishes wishes = new ImportWishes();

        @Mixin
        private DiffOptions diff = new DiffOptions();

        @Option(names = "--json", description = "Print the report, or what differs, as JSON.")
        private boolean json;

        @Option(names = "--all", description = "List the statements that are simply converted as well.")
        private boolean all;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                description =
                        "Where to write anylease.yaml, each server's own file, report.txt, and the leases by cell.")
        private @Nullable Path out;

        @Parameters(index = "0", paramLabel = "DHCPD.CONF", description = "The configuration of ISC DHCP.")
        private String configuration = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "DHCPD.LEASES",
                description =
                        "Its leases, to see what would become of them; 'anylease import leases' brings them over.")
        private @Nullable Path leaseFile;

        Isc(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            IscImport imported = IscImport.read(
                    Path.of(configuration),
                    leaseFile,
                    wishes.toWishes(),
                    terminal.clock().instant());
            if (diff.isWanted()) {
                return new IscDiff(terminal, diff, imported).run(json).number();
            }
            Conversion conversion = imported.conversion();
            if (json) {
                Anylease.print(terminal, imported.toJson());
            } else {
                conversion.report(all).forEach(line -> terminal.out().println(Terminal.harmless(line)));
                imported.problems()
                        .forEach(problem -> terminal.out().println(Terminal.harmless("to decide: " + problem)));
                printLeases(imported.leases());
            }
            if (out != null && !conversion.system().isEmpty()) {
                imported.write(out);
                terminal.err().println("written: " + out.resolve(IscImport.SYSTEM_FILE) + " and the files beside it");
            }
            boolean made =
                    !conversion.system().isEmpty() && conversion.count(Verdict.MALFORMED) == 0 && imported.isValid();
            LeaseImport leases = imported.leases();
            boolean understood = leases == null || leases.conversion().count(Verdict.MALFORMED) == 0;
            return (made && understood ? ExitCode.OK : ExitCode.NO).number();
        }

        private void printLeases(@Nullable LeaseImport leases) {
            if (leases != null) {
                leases.conversion().report(all).forEach(line -> terminal.out().println(Terminal.harmless(line)));
            } else if (leaseFile != null) {
                terminal.out().println("the leases were not looked at, as no configuration was made that serves them");
            }
        }
    }
}
