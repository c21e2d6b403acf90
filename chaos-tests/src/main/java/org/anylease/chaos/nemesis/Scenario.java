package org.anylease.chaos.nemesis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A scenario as text: times are counted from the moment at which every client has a lease.
 *
 * <pre>
 * # What happens, in a sentence.
 * drivers netns docker                      where it can run
 * needs clock                               also: slow-sync, small-disk
 * clients 36                                a third at each relay; default 36
 * at 2s cut leader from others              at 2s cut leader to follower1   (one way)
 * at 2s flap leader from others every 700ms
 * at 2s kill all                            also: stop, start, restart, pause, resume, wipe
 * at 2s slow disk of leader by 400ms        at 2s fill disk                 at 8s free disk
 * at 2s step clock by 60s                   also: by -60s
 * at 2s route leader to follower1           at 2s flip routes every 1s
 * at 2s double                              at 5s join 6 at leader          at 9s storm
 * at 12s heal
 * end 15s
 * expect silence at most 4s
 * expect heal within 10s
 * expect acks at leader from 5s to 12s at least 20
 * expect new clients at leader from 5s to 12s at least 6
 * </pre>
 *
 * {@link Who} says what names of sites mean.
 *
 * @param name its name
 * @param about its first comment
 * @param drivers the drivers that can run it
 * @param needs what it needs beyond them
 * @param clients how many clients are there from the beginning
 * @param steps what happens, in order
 * @param end when the crowd of clients stops
 * @param expectations what is demanded beyond the invariants
 */
public record Scenario(
        String name,
        String about,
        SortedSet<String> drivers,
        SortedSet<String> needs,
        int clients,
        List<Step> steps,
        Duration end,
        List<Expectation> expectations) {
    private static final int CLIENTS = 36;

    /**
     * A step.
     *
     * @param at when
     * @param text as it is written
     * @param act what it does
     */
    record Step(Duration at, String text, Act act) {}

    /** Copies the collections and checks that the scenario heals once, in time. */
    public Scenario {
        drivers = new TreeSet<>(drivers);
        needs = new TreeSet<>(needs);
        steps = List.copyOf(steps);
        expectations = List.copyOf(expectations);
        Duration last = Duration.ZERO;
        for (Step step : steps) {
            if (step.at.compareTo(last) < 0) {
                throw new IllegalArgumentException(name + ": '" + step.text + "' stands after a later step");
            }
            last = step.at;
        }
        if (steps.stream().filter(step -> step.act instanceof Act.Heal).count() != 1
                || !(steps.getLast().act instanceof Act.Heal)
                || end.compareTo(last) < 0) {
            throw new IllegalArgumentException(
                    name + ": the last step, and no other, is 'heal', and 'end' comes after it");
        }
    }

    /**
     * When it heals.
     *
     * @return counted from its beginning
     */
    public Duration healing() {
        return steps.getLast().at;
    }

    /**
     * Reads a scenario.
     *
     * @param name its name
     * @param text its text
     * @return the scenario
     * @throws IllegalArgumentException naming scenario and line, when a line is not understood
     */
    public static Scenario parse(String name, String text) {
        Reading reading = new Reading(name);
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            try {
                reading.line(line);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(
                        name + ":" + number + ": '" + line.strip() + "' is not understood: " + e.getMessage(), e);
            }
        }
        return reading.scenario();
    }

    private static final class Reading {
        private final String name;
        private final TreeSet<String> drivers = new TreeSet<>();
        private final TreeSet<String> needs = new TreeSet<>();
        private final List<Step> steps = new ArrayList<>();
        private final List<Expectation> expectations = new ArrayList<>();
        private String about = "";
        private int clients = CLIENTS;
        private Duration end = Duration.ZERO;

        Reading(String name) {
            this.name = name;
        }

        Scenario scenario() {
            return new Scenario(name, about, drivers, needs, clients, steps, end, expectations);
        }

        void line(String line) {
            if (about.isEmpty() && line.startsWith("#")) {
                about = line.substring(1).strip();
            }
            String said = line.split("#", 2)[0].strip();
            if (said.isEmpty()) {
                return;
            }
            String[] words = said.split("\\s+");
            switch (words[0]) {
                case "drivers" -> drivers.addAll(rest(words, 1));
                case "needs" -> needs.addAll(rest(words, 1));
                case "clients" -> clients = Integer.parseInt(words[1]);
                case "at" ->
                    steps.add(new Step(
                            StepWords.time(words[1]), String.join(" ", rest(words, 2)), StepWords.act(rest(words, 2))));
                case "end" -> end = StepWords.time(words[1]);
                case "expect" -> expectations.add(StepWords.expectation(rest(words, 1)));
                default -> throw new IllegalArgumentException("no line begins with '" + words[0] + "'");
            }
        }

        private static List<String> rest(String[] words, int from) {
            return Arrays.asList(words).subList(from, words.length);
        }
    }
}
