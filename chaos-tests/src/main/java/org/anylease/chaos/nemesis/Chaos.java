package org.anylease.chaos.nemesis;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.anylease.chaos.hosts.ContainerHosts;
import org.anylease.chaos.hosts.Hosts;
import org.anylease.chaos.hosts.Leftovers;
import org.anylease.chaos.hosts.NamespaceHosts;
import org.anylease.chaos.lab.AnycastLab;
import org.anylease.chaos.lab.Command;

/** Runs scenarios on a driver: {@code tools/bin/chaos}. */
public final class Chaos {
    private static final String USAGE = """
        usage: chaos NAME... | all | list [--driver netns|docker] [--directory DIRECTORY]
        """;

    private final Path tools;
    private final Path directory;
    private final PrintStream progress;

    /**
     * Chaos that keeps its files in a directory.
     *
     * @param tools the module {@code tools}, packaged
     * @param directory for configurations, data, logs and packets; made if need be
     * @param progress is told of every step
     */
    public Chaos(Path tools, Path directory, PrintStream progress) {
        this.tools = tools.toAbsolutePath().normalize();
        this.directory = directory.toAbsolutePath().normalize();
        this.progress = progress;
    }

    /**
     * Why a driver cannot be used here.
     *
     * @param driver its name
     * @return the reason, empty when it can
     */
    public static Optional<String> obstacle(String driver) {
        if (!AnycastLab.isPossible("chaos")) {
            return Optional.of("network namespaces need root and iproute2");
        }
        if (!Command.exists("iptables")) {
            return Optional.of("packets are lost by iptables, which is not installed");
        }
        return driver.equals("docker") ? ContainerHosts.obstacle() : Optional.empty();
    }

    /**
     * Performs scenarios one after the other on one cluster. Those that cannot run here are skipped, with the reason.
     *
     * @param driver where
     * @param scenarios which
     * @return what came of each
     * @throws IOException when the cluster cannot be made or a fault cannot be
     * @throws InterruptedException when the waiting thread is to end
     */
    public List<Verdict> run(String driver, List<Scenario> scenarios) throws IOException, InterruptedException {
        List<Scenario> possible = new ArrayList<>();
        TreeSet<String> needs = new TreeSet<>();
        for (Scenario scenario : scenarios) {
            Optional<String> obstacle = scenario.drivers().contains(driver)
                    ? Needs.obstacle(scenario.needs())
                    : Optional.of("it does not run on " + driver);
            if (obstacle.isPresent()) {
                progress.println("SKIPPED " + scenario.name() + ": " + obstacle.get());
            } else {
                possible.add(scenario);
                needs.addAll(scenario.needs());
            }
        }
        if (possible.isEmpty()) {
            return List.of();
        }
        Files.createDirectories(directory);
        Leftovers.remove();
        String prefix = Leftovers.prefix(driver);
        try (Arena arena = Arena.on(hosts(driver, prefix), prefix, directory, tools, needs)) {
            Thread cleaning = new Thread(arena::close);
            Runtime.getRuntime().addShutdownHook(cleaning);
            try {
                return perform(arena, possible);
            } finally {
                Runtime.getRuntime().removeShutdownHook(cleaning);
            }
        }
    }

    private Hosts hosts(String driver, String prefix) {
        return switch (driver) {
            case "netns" -> new NamespaceHosts(prefix);
            case "docker" -> new ContainerHosts(prefix, directory);
            default -> throw new IllegalArgumentException("'" + driver + "' is no driver: netns, docker");
        };
    }

    private List<Verdict> perform(Arena arena, List<Scenario> scenarios) throws IOException, InterruptedException {
        arena.start(new Who("all").sites(1));
        Performance performance = new Performance(arena, progress);
        List<Verdict> verdicts = new ArrayList<>();
        try {
            for (Scenario scenario : scenarios) {
                Verdict verdict = performance.perform(scenario);
                progress.println(verdict.text());
                verdicts.add(verdict);
            }
        } finally {
            performance.writePackets(directory.resolve("packets.log"));
        }
        return verdicts;
    }

    /**
     * Runs what is asked for.
     *
     * @param words {@code NAME...}, {@code all} or {@code list}, with {@code --driver} and {@code --directory}
     * @throws Exception when the cluster cannot be made or a fault cannot be
     */
    public static void main(String[] words) throws Exception {
        String driver = "netns";
        Path directory = null;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--driver" -> driver = words[++i];
                case "--directory" -> directory = Path.of(words[++i]);
                default -> names.add(words[i]);
            }
        }
        List<Scenario> all = Catalogue.all();
        if (names.equals(List.of("list"))) {
            all.forEach(scenario -> System.out.printf(
                    "%-22s %-12s %s%n", scenario.name(), String.join(",", scenario.drivers()), scenario.about()));
            return;
        }
        TreeSet<String> unknown = new TreeSet<>(names);
        all.forEach(scenario -> unknown.remove(scenario.name()));
        unknown.remove("all");
        if (names.isEmpty() || !unknown.isEmpty()) {
            System.err.print(unknown.isEmpty() ? USAGE : "no such scenario: " + unknown + "\n" + USAGE);
            System.exit(2);
        }
        Optional<String> obstacle = obstacle(driver);
        if (obstacle.isPresent()) {
            System.err.println("chaos cannot run here: " + obstacle.get());
            System.exit(3);
        }
        List<Scenario> wanted = all.stream()
                .filter(scenario -> names.contains("all") || names.contains(scenario.name()))
                .toList();
        Path where = directory == null ? Files.createTempDirectory("anylease-chaos") : directory;
        List<Verdict> verdicts =
                new Chaos(Path.of(System.getProperty("anylease.tools")), where, System.out).run(driver, wanted);
        System.out.println();
        verdicts.forEach(verdict -> System.out.println(verdict.text()));
        System.out.println("logs, data and packets are in " + where);
        System.exit(verdicts.stream().allMatch(Verdict::isGood) ? 0 : 1);
    }
}
