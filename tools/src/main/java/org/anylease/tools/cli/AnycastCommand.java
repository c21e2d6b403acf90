package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.anylease.server.config.AnycastConfig;
import org.anylease.server.config.DurationText;
import org.anylease.tools.announcer.Announcer;
import org.anylease.tools.announcer.ServerCheck;
import org.anylease.tools.announcer.StateFiles;
import org.anylease.tools.anycast.Health;
import org.anylease.tools.anycast.Observation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code anylease anycast}. */
@Command(
        name = "anycast",
        mixinStandardHelpOptions = true,
        description = "Announces this site's anycast route as the local server's health deserves.")
final class AnycastCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new AnycastCommand())
                .addSubcommand(new CommandLine(new Run(terminal)))
                .addSubcommand(new CommandLine(new Check(terminal)))
                .addSubcommand(new CommandLine(new Status(terminal)))
                .addSubcommand(new CommandLine(new Drain(terminal)))
                .addSubcommand(new CommandLine(new Undrain(terminal)));
    }

    private static CliFailure unusable(AnycastConfig config, IOException e) {
        return new CliFailure(
                ExitCode.FAILED,
                config.stateDirectory() + " cannot be used: " + e.getMessage(),
                "run this as the user that the announcer runs as; 'state-directory' of its file names the directory");
    }

    /** {@code anylease anycast run}. */
    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Checks the local server and tells the routing daemon, until it is interrupted. The route"
                    + " stays as it is then.")
    static final class Run implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private AnycastOptions options = new AnycastOptions();

        Run(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            AnycastConfig config = options.read();
            try (Announcer announcer = new Announcer(
                    config, terminal.out(), terminal.in(), terminal.err(), terminal.clock(), new SecureRandom())) {
                terminal.err()
                        .println("anylease-anycast: checking " + config.check().server() + " every "
                                + DurationText.format(config.check().interval()) + "; interrupt to stop");
                announcer.run();
            } catch (IOException e) {
                throw unusable(config, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ExitCode.OK.number();
        }
    }

    /** {@code anylease anycast check}. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Checks the local server once, and announces nothing. Exit code 1 unless it is serving.")
    static final class Check implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private AnycastOptions options = new AnycastOptions();

        @Option(names = "--json", description = "Answers in JSON.")
        private boolean json;

        Check(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws InterruptedException {
            AnycastConfig config = options.read();
            Observation seen;
            try (ServerCheck check = ServerCheck.open(config.check(), new SecureRandom())) {
                seen = check.observe();
            } catch (IOException e) {
                throw new CliFailure(
                        ExitCode.FAILED,
                        "the check cannot send: " + e.getMessage(),
                        "the loopback interface must be up: ip link set lo up");
            }
            if (json) {
                ObjectNode answer = AdminClient.MAPPER.createObjectNode();
                answer.put("health", seen.health().word());
                answer.put("why", seen.why());
                Anylease.print(terminal, answer);
            } else {
                terminal.out().println(Terminal.harmless(seen.health().word() + ": " + seen.why()));
            }
            return (seen.health() == Health.SERVING ? ExitCode.OK : ExitCode.NO).number();
        }
    }

    /** {@code anylease anycast status}. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows what this site announces, and why. Exit code 1 unless it is the preferred route, or"
                    + " drained, and the announcer runs.")
    static final class Status implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private AnycastOptions options = new AnycastOptions();

        @Option(names = "--json", description = "Answers in JSON.")
        private boolean json;

        Status(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            AnycastConfig config = options.read();
            try {
                AnycastReport report =
                        AnycastReport.of(options.files(config), terminal.clock().instant());
                if (json) {
                    Anylease.print(terminal, report.toJson());
                } else {
                    report.print(terminal);
                }
                return (report.isWell() ? ExitCode.OK : ExitCode.NO).number();
            } catch (IOException e) {
                throw unusable(config, e);
            }
        }
    }

    /** {@code anylease anycast drain}. */
    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            description = "Makes this site's route inferior (or withdraws it, where the file says so) until it is"
                    + " undrained, and waits until that is done.")
    static final class Drain implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private AnycastOptions options = new AnycastOptions();

        @Mixin
        private WaitOptions waiting = new WaitOptions();

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown by status.")
        private String reason = "";

        Drain(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws InterruptedException {
            AnycastConfig config = options.read();
            try {
                StateFiles files = options.files(config);
                Instant asked = terminal.clock().instant();
                files.drain(asked, terminal.environment().getOrDefault("USER", ""), reason);
                return waiting.await(terminal, files, true, asked);
            } catch (IOException e) {
                throw unusable(config, e);
            }
        }
    }

    /** {@code anylease anycast undrain}. */
    @Command(
            name = "undrain",
            mixinStandardHelpOptions = true,
            description = "Ends a drain, and waits until the route is as the server's health deserves.")
    static final class Undrain implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private AnycastOptions options = new AnycastOptions();

        @Mixin
        private WaitOptions waiting = new WaitOptions();

        Undrain(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws InterruptedException {
            AnycastConfig config = options.read();
            try {
                StateFiles files = options.files(config);
                Instant asked = terminal.clock().instant();
                if (!files.undrain()) {
                    terminal.err().println("anylease: this site was not drained");
                }
                return waiting.await(terminal, files, false, asked);
            } catch (IOException e) {
                throw unusable(config, e);
            }
        }
    }

    /** How long to wait for the announcer, and how to answer. */
    static final class WaitOptions {
        private static final long LOOK_EVERY_MILLIS = 100;

        @Option(
                names = "--wait",
                paramLabel = "TIME",
                defaultValue = "30s",
                description = "How long to wait for the announcer; 0s for not at all. Default: ${DEFAULT-VALUE}")
        private String wait = "30s";

        @Option(names = "--json", description = "Answers in JSON.")
        private boolean json;

        /** Waits until the announcer has brought about what was asked of it. */
        int await(Terminal terminal, StateFiles files, boolean drained, Instant asked)
                throws IOException, InterruptedException {
            long deadline = System.nanoTime() + patience().toNanos();
            AnycastReport report = AnycastReport.of(files, terminal.clock().instant());
            while (!report.isDone(drained, asked) && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
                report = AnycastReport.of(files, terminal.clock().instant());
            }
            boolean waited = !patience().isZero();
            if (waited && !report.isDone(drained, asked)) {
                throw new CliFailure(
                        ExitCode.FAILED,
                        "it is noted, but the announcer has not done it within " + wait + ": " + report.obstacle(),
                        "anylease anycast status shows more; the announcer does it as soon as it can");
            }
            if (json) {
                Anylease.print(terminal, report.toJson());
            } else if (waited) {
                report.print(terminal);
            } else {
                terminal.out().println("noted; the announcer does it with its next check");
            }
            return ExitCode.OK.number();
        }

        private Duration patience() {
            try {
                return DurationText.parse(wait);
            } catch (IllegalArgumentException e) {
                throw new CliFailure(
                        ExitCode.USAGE,
                        "--wait: " + Optional.ofNullable(e.getMessage()).orElse("no duration"),
                        "--wait 10s, for example");
            }
        }
    }
}
