package org.anylease.chaos.nemesis;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.anylease.chaos.hosts.Hosts;
import org.anylease.tools.fleet.History;
import org.anylease.tools.fleet.Route;
import org.anylease.tools.fleet.Site;

/**
 * Performs scenarios one after the other in one arena. The history goes on from one to the next, since a promise of the
 * last may run into the next. Used by one thread.
 */
final class Performance {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 100;

    private final Arena arena;
    private final PrintStream progress;
    private final History history = new History(true);
    private int nextNumber = Hosts.SITES;

    /**
     * No scenario performed yet.
     *
     * @param arena with all servers started
     * @param progress is told of every step
     */
    Performance(Arena arena, PrintStream progress) {
        this.arena = arena;
        this.progress = progress;
    }

    /** What one scenario's clients saw. */
    private final class Scene {
        private final Scenario scenario;
        private final Crowd crowd;
        private final int leader;
        private final int firstNumber = nextNumber;
        private final List<String> disappointments = new ArrayList<>();
        private final List<String> violations = new ArrayList<>();
        private Instant started = Instant.now();
        private Instant healed = Instant.MAX;
        private Duration healing = Duration.ZERO;

        Scene(Scenario scenario, Crowd crowd, int leader) {
            this.scenario = scenario;
            this.crowd = crowd;
            this.leader = leader;
        }

        boolean isOurs(int client) {
            return client >= firstNumber;
        }

        List<History.Acked> acks(Instant from, Instant to) {
            return history.acks().stream()
                    .filter(ack -> isOurs(ack.client())
                            && !ack.at().isBefore(from)
                            && !ack.at().isAfter(to))
                    .toList();
        }

        void sleepUntil(Duration time) throws InterruptedException {
            long millis = Duration.between(Instant.now(), started.plus(time)).toMillis();
            if (millis > 0) {
                TimeUnit.MILLISECONDS.sleep(millis);
            }
        }
    }

    /**
     * Performs one scenario.
     *
     * @param scenario the scenario
     * @return what came of it
     * @throws IOException when the arena fails: a server does not start, a fault cannot be made
     * @throws InterruptedException when the waiting thread is to end
     */
    Verdict perform(Scenario scenario) throws IOException, InterruptedException {
        Route route = new Route() {
            @Override
            public Site next(int client) {
                return arena.routed(Crowd.relayOf(client, Hosts.SITES));
            }

            @Override
            public List<Site> copies(int client, Site site) {
                return arena.copies(Crowd.relayOf(client, Hosts.SITES), site);
            }
        };
        int leader = arena.leader(PATIENCE);
        try (Crowd crowd = new Crowd(arena.relays(), route, history, nextNumber, new Random(nextNumber));
                Nemesis nemesis = new Nemesis(arena, crowd, leader)) {
            Scene scene = new Scene(scenario, crowd, leader);
            say(scenario.name() + ": " + scenario.about() + " The leader is site" + leader + ".");
            for (int client = 0; client < scenario.clients(); client++) {
                crowd.join(client % Hosts.SITES + 1);
            }
            awaitServed(scene, scene.started)
                    .ifPresent(who -> scene.violations.add("I6 EventuallyServed: " + who + " before any fault"));
            scene.started = Instant.now();
            play(scene, nemesis);
            scene.sleepUntil(scenario.end());
            awaitServed(scene, scene.healed).ifPresent(who -> scene.violations.add("I6 EventuallyServed: " + who));
            crowd.stop();
            nextNumber = crowd.nextNumber();
            return judge(scene);
        }
    }

    private void play(Scene scene, Nemesis nemesis) throws IOException, InterruptedException {
        for (Scenario.Step step : scene.scenario.steps()) {
            scene.sleepUntil(step.at());
            say(" " + step.at().toMillis() / 1000.0 + " s: " + step.text());
            if (step.act() instanceof Act.Heal) {
                scene.healed = Instant.now();
            }
            nemesis.carryOut(step.act());
        }
        awaitWhole()
                .ifPresent(ailment -> scene.violations.add(
                        "I4 ReplicasAgree: " + PATIENCE.toSeconds() + " s after the healing, " + ailment));
        scene.healing = Duration.between(scene.healed, Instant.now());
        say(" whole again after " + scene.healing.toMillis() / 1000.0 + " s");
    }

    private Optional<String> awaitWhole() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<String> ailment = arena.ailment();
            if (ailment.isEmpty() || System.nanoTime() > deadline) {
                return ailment;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Waits until every client has had an ACK since a time; says who has not. */
    private Optional<String> awaitServed(Scene scene, Instant since) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            TreeSet<Integer> served = new TreeSet<>();
            scene.acks(since, Instant.MAX).forEach(ack -> served.add(ack.client()));
            if (served.size() >= scene.crowd.size()) {
                return Optional.empty();
            }
            if (System.nanoTime() > deadline) {
                return Optional.of(scene.crowd.size() - served.size() + " of " + scene.crowd.size()
                        + " clients got no lease within " + PATIENCE.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private Verdict judge(Scene scene) throws IOException, InterruptedException {
        Instant ended = Instant.now();
        awaitWhole().ifPresent(ailment -> scene.violations.add("I4 ReplicasAgree: with no client at work, " + ailment));
        scene.violations.addAll(Judge.violations(history, settledListings()));
        List<History.Packet> packets = history.packets().stream()
                .filter(packet -> scene.isOurs(packet.client()))
                .toList();
        Duration silence = Judge.longestSilence(packets, scene.started, ended);
        for (Expectation expectation : scene.scenario.expectations()) {
            check(scene, expectation, silence).ifPresent(scene.disappointments::add);
        }
        return new Verdict(
                scene.scenario.name(),
                arena.hosts().driver(),
                scene.acks(scene.started, ended).size(),
                scene.crowd.size(),
                silence,
                scene.healing,
                scene.violations,
                scene.disappointments);
    }

    /**
     * What every site lists. Sites are read one after the other, and the cell still writes down that leases end: lists of
     * different moments are read anew, but copies that stay different are shown as they are.
     */
    private List<Listing> settledListings() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<Listing> listings = arena.listings();
            if (listings.stream().map(Listing::digest).distinct().count() == 1 || System.nanoTime() > deadline) {
                return listings;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private Optional<String> check(Scene scene, Expectation expectation, Duration silence) {
        return switch (expectation) {
            case Expectation.SilenceAtMost most
            when silence.compareTo(most.most()) > 0 ->
                Optional.of("a client asked without an answer for " + silence.toMillis() + " ms, and at most "
                        + most.most().toMillis() + " were expected");
            case Expectation.HealWithin within
            when scene.healing.compareTo(within.most()) > 0 ->
                Optional.of("it took " + scene.healing.toMillis() + " ms to heal, and at most "
                        + within.most().toMillis() + " were expected");
            case Expectation.Acks acks -> checkAcks(scene, acks);
            case Expectation.SilenceAtMost _, Expectation.HealWithin _ -> Optional.empty();
        };
    }

    private Optional<String> checkAcks(Scene scene, Expectation.Acks expected) {
        TreeSet<String> sites = new TreeSet<>();
        expected.at().sites(scene.leader).forEach(site -> sites.add("site" + site));
        Instant from = scene.started.plus(expected.from());
        TreeSet<Integer> known = new TreeSet<>();
        scene.acks(Instant.MIN, from).forEach(ack -> known.add(ack.client()));
        List<History.Acked> found = scene.acks(from, scene.started.plus(expected.to())).stream()
                .filter(ack -> sites.contains(ack.site()))
                .filter(ack -> !expected.fresh() || known.add(ack.client()))
                .toList();
        return found.size() >= expected.atLeast()
                ? Optional.empty()
                : Optional.of(found.size() + (expected.fresh() ? " first leases" : " ACKs") + " at " + sites + " from "
                        + expected.from().toMillis() / 1000.0 + " s to "
                        + expected.to().toMillis() / 1000.0 + " s, and at least " + expected.atLeast()
                        + " were expected");
    }

    /** Writes down every packet, for whoever has to find out what went wrong. */
    void writePackets(Path file) throws IOException {
        Files.write(
                file,
                history.packets().stream()
                        .map(packet -> packet.at() + " client " + packet.client() + (packet.sent() ? " > " : " < ")
                                + packet.site() + " " + packet.kind() + " " + packet.address() + " xid "
                                + Integer.toHexString(packet.xid()))
                        .toList());
    }

    private void say(String line) {
        progress.println(line);
    }
}
