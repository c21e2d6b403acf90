package org.anylease.chaos.sim;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Runs seeds from the command line: {@code tools/bin/sim --seeds FROM..TO [--trace]}, on all processors. */
public final class Simulate {
    private static final String USAGE = """
        usage: sim --seeds FROM[..TO] [--threads N] [--trace] [--keep-going]
          --seeds       one seed, or a range of them; both ends run (default 1..1000)
          --threads     how many run at once (default: the processors that there are); 1 with --trace
          --trace       prints everything that happens
          --keep-going  runs the rest after a failure, and prints one line for each
        exit status: 0 all invariants held, 1 a seed failed, 2 bad usage\
        """;

    private static final Duration PROGRESS = Duration.ofSeconds(3);

    private final PrintStream out;
    private long from = 1;
    private long to = 1_000;
    private int threads = Runtime.getRuntime().availableProcessors();
    private boolean traces;
    private boolean keepsGoing;

    private Simulate(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs seeds.
     *
     * @param args see {@code --help}
     */
    public static void main(String... args) {
        System.exit(new Simulate(System.out).run(args));
    }

    private int run(String... args) {
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--seeds", "--seed" -> seeds(i + 1 < args.length ? args[++i] : "");
                    case "--threads" -> threads = threads(i + 1 < args.length ? args[++i] : "");
                    case "--trace" -> traces = true;
                    case "--keep-going" -> keepsGoing = true;
                    case "--help", "-h" -> {
                        out.println(USAGE);
                        return 0;
                    }
                    default -> throw new IllegalArgumentException("unknown option " + args[i]);
                }
            }
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage() + "\n" + USAGE);
            return 2;
        }
        return run();
    }

    /** The place in the code, which the message does not have. */
    private void tellWhere(SimulationFailed failed) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            out.println(cause);
            for (StackTraceElement frame : cause.getStackTrace()) {
                out.println("    at " + frame);
            }
        }
    }

    private static int threads(String text) {
        try {
            int threads = Integer.parseInt(text);
            if (threads >= 1) {
                return threads;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException("not a number of threads: '" + text + "'");
    }

    private void seeds(String text) {
        int dots = text.indexOf("..");
        try {
            from = Long.parseLong(dots < 0 ? text : text.substring(0, dots));
            to = dots < 0 ? from : Long.parseLong(text.substring(dots + 2));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a seed or a range of seeds: '" + text + "'", e);
        }
    }

    private int run() {
        Campaign campaign = new Campaign();
        int failures = traces
                ? traced(campaign)
                : campaign.run(from, to, threads, new Campaign.Listener() {
                    private long nextLine = System.nanoTime() + PROGRESS.toNanos();

                    @Override
                    public boolean failed(SimulationFailed failed) {
                        return goesOnAfter(failed);
                    }

                    @Override
                    public void ran() {
                        if (System.nanoTime() >= nextLine) {
                            nextLine = System.nanoTime() + PROGRESS.toNanos();
                            out.println(campaign.summary());
                        }
                    }
                });
        out.println(campaign.summary());
        if (traces || to == from || keepsGoing) {
            out.println(campaign.counts());
        }
        if (failures > 0) {
            out.println(String.format(Locale.ROOT, "%d seeds failed", failures));
        }
        return failures == 0 ? 0 : 1;
    }

    private int traced(Campaign campaign) {
        int failures = 0;
        for (long seed = from; seed <= to; seed++) {
            try {
                campaign.add(new Simulation(seed, Tampering.NONE, out::println).run());
            } catch (SimulationFailed e) {
                failures++;
                if (!goesOnAfter(e)) {
                    break;
                }
            }
        }
        return failures;
    }

    private boolean goesOnAfter(SimulationFailed failed) {
        if (keepsGoing) {
            out.println(String.valueOf(failed.getMessage()).lines().findFirst().orElse(""));
        } else {
            out.println(failed.getMessage());
            tellWhere(failed);
        }
        return keepsGoing;
    }
}
