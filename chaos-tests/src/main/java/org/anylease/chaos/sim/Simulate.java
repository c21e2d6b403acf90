package org.anylease.chaos.sim;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs seeds from the command line: {@code tools/bin/sim --seeds FROM..TO [--trace]}. */
public final class Simulate {
    private static final String USAGE = """
        usage: sim --seeds FROM[..TO] [--trace] [--keep-going]
          --seeds       one seed, or a range of them; both ends run (default 1..1000)
          --trace       prints everything that happens
          --keep-going  runs the rest after a failure, and prints one line for each
        exit status: 0 all invariants held, 1 a seed failed, 2 bad usage\
        """;

    private static final Duration PROGRESS = Duration.ofSeconds(3);

    private final PrintStream out;
    private long from = 1;
    private long to = 1_000;
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
        long nextLine = System.nanoTime() + PROGRESS.toNanos();
        int failures = 0;
        for (long seed = from; seed <= to; seed++) {
            @Nullable Consumer<String> text = traces ? out::println : null;
            try {
                campaign.add(new Simulation(seed, Tampering.NONE, text).run());
            } catch (SimulationFailed e) {
                failures++;
                if (!keepsGoing) {
                    out.println(e.getMessage());
                    tellWhere(e);
                    return 1;
                }
                out.println(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
            if (System.nanoTime() >= nextLine) {
                nextLine = System.nanoTime() + PROGRESS.toNanos();
                out.println(campaign.summary());
            }
        }
        out.println(campaign.summary());
        if (traces || to == from) {
            out.println(campaign.counts());
        }
        if (failures > 0) {
            out.println(String.format(Locale.ROOT, "%d seeds failed", failures));
        }
        return failures == 0 ? 0 : 1;
    }
}
