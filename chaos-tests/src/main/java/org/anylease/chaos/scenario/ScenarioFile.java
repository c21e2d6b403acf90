package org.anylease.chaos.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.BindingState;
import org.jspecify.annotations.Nullable;

/**
 * A story as text: one step a line, {@code #} starts a comment. All clients are on the network {@code office}, behind a
 * relay; {@code at} names the site that the routers choose.
 *
 * <pre>
 * given 3 sites
 * given pool 10.1.0.10-10.1.0.12        given lease 1h
 * given quarantine 1m                   given offer hold 20s        given no probe
 * given mclt 10m                        given longest lease 2h
 * given escrow 2                        given escrow term 4h
 * given pool 10.1.0.30-10.1.0.31 for phones   also: not for phones
 * class phones is c1 c2                 class phones is c1 c2 at most 1
 * reserve 10.1.0.200 for c1             somebody uses 10.1.0.10
 * client c1 discovers at a              -&gt; offer 10.1.0.10
 * client c1 requests at b               -&gt; ack 10.1.0.10 for 1h     also: ack any, offer any
 * client c1 requests 10.1.0.11 at b     -&gt; nak
 * client c1 renews at c                 also: rebinds, reboots, releases, declines
 * client c1 reboots with 10.1.0.10 at a -&gt; silence
 * after 30m                             after 30m, heal
 * cut a b from quorum                   heal
 * crash a                               start a                     leader changes
 * declare c down                        declare c down falsely
 * expect 10.1.0.10 active for c1        expect 10.1.0.10 free
 * expect 10.1.0.10 expires in 1h        expect agreement            expect c1 bound once
 * expect journal merged                 expect nothing waits        expect something waits
 * expect conflict at 10.1.0.10          expect no conflict
 * </pre>
 */
public final class ScenarioFile {
    private final String name;
    private final List<Line> lines;

    /** A step and where it stands. */
    record Line(int number, String text, Step step) {}

    private ScenarioFile(String name, List<Line> lines) {
        this.name = name;
        this.lines = List.copyOf(lines);
    }

    /**
     * Reads a story.
     *
     * @param name its file, for messages
     * @param text the story
     * @return its steps
     * @throws IllegalArgumentException naming file and line, when a line is not understood
     */
    public static ScenarioFile parse(String name, String text) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            int comment = line.indexOf('#');
            String told = (comment < 0 ? line : line.substring(0, comment)).trim();
            if (told.isEmpty()) {
                continue;
            }
            try {
                for (Step step : new Words(told).steps()) {
                    lines.add(new Line(number, told, step));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ":" + number + ": " + e.getMessage() + ": " + told, e);
            }
        }
        return new ScenarioFile(name, lines);
    }

    String name() {
        return name;
    }

    List<Line> lines() {
        return lines;
    }

    /** The words of a line, read from left to right. */
    private static final class Words {
        private final List<String> words;
        private int next;

        Words(String line) {
            words = Arrays.asList(line.replace(",", " , ").split("\\s+"));
        }

        private String word() {
            if (next == words.size()) {
                throw new IllegalArgumentException("something is missing at the end");
            }
            return words.get(next++);
        }

        private boolean have(String word) {
            boolean has = next < words.size() && words.get(next).equals(word);
            next += has ? 1 : 0;
            return has;
        }

        private void expect(String... expected) {
            for (String word : expected) {
                if (!have(word)) {
                    throw new IllegalArgumentException("expected '" + word + "' as word " + (next + 1));
                }
            }
        }

        private <T> T value(String what, Function<String, T> read) {
            String word = word();
            try {
                return read.apply(word);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + word + "' is no " + what, e);
            }
        }

        private Ipv4 address() {
            return value("address", Ipv4::parse);
        }

        private ServerId server() {
            return value("site", ServerId::new);
        }

        private Duration span() {
            return value("time such as 90s, 30m or 1h30m", text -> {
                try {
                    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
                } catch (java.time.format.DateTimeParseException e) {
                    throw new IllegalArgumentException(e);
                }
            });
        }

        List<Step> steps() {
            List<Step> steps = new ArrayList<>();
            steps.add(step());
            while (have(",")) {
                steps.add(step());
            }
            if (next < words.size()) {
                throw new IllegalArgumentException("'" + words.get(next) + "' is not understood here");
            }
            return steps;
        }

        private Step step() {
            String first = word();
            return switch (first) {
                case "given" -> given();
                case "reserve" -> {
                    Ipv4 address = address();
                    expect("for");
                    yield new Step.Reserved(address, word());
                }
                case "class" -> classed();
                case "somebody" -> {
                    expect("uses");
                    yield new Step.Squatted(address());
                }
                case "client" -> client();
                case "after" -> new Step.After(span());
                case "cut" -> {
                    List<ServerId> servers = new ArrayList<>();
                    while (!have("from")) {
                        servers.add(server());
                    }
                    expect("quorum");
                    yield new Step.Cut(servers);
                }
                case "heal" -> new Step.Heal();
                case "crash" -> new Step.Crash(server());
                case "start" -> new Step.Start(server());
                case "leader" -> {
                    expect("changes");
                    yield new Step.LeaderChanges();
                }
                case "declare" -> {
                    ServerId server = server();
                    expect("down");
                    yield new Step.DeclareDown(server, have("falsely"));
                }
                case "expect" -> expectation();
                default -> throw new IllegalArgumentException("no step begins with '" + first + "'");
            };
        }

        private Step classed() {
            String name = word();
            expect("is");
            List<String> clients = new ArrayList<>();
            while (next < words.size()
                    && !words.get(next).equals("at")
                    && !words.get(next).equals(",")) {
                clients.add(word());
            }
            if (!have("at")) {
                return new Step.Classed(name, clients, 0);
            }
            expect("most");
            return new Step.Classed(name, clients, value("number", Integer::parseInt));
        }

        private Step given() {
            if (have("pool")) {
                AddressRange range = value("range", AddressRange::parse);
                boolean others = have("not");
                return have("for") ? new Step.GivenPoolFor(range, word(), !others) : new Step.GivenPool(range);
            }
            if (have("lease")) {
                return new Step.GivenLease(span());
            }
            if (have("quarantine")) {
                return new Step.GivenQuarantine(span());
            }
            if (have("offer")) {
                expect("hold");
                return new Step.GivenOfferHold(span());
            }
            if (have("mclt")) {
                return new Step.GivenMclt(span());
            }
            if (have("longest")) {
                expect("lease");
                return new Step.GivenLongestLease(span());
            }
            if (have("escrow")) {
                return have("term")
                        ? new Step.GivenEscrowTerm(span())
                        : new Step.GivenEscrow(value("number", Integer::parseInt));
            }
            if (have("no")) {
                expect("probe");
                return new Step.GivenNoProbe();
            }
            int count = value("number", Integer::parseInt);
            expect("sites");
            return new Step.GivenSites(count);
        }

        private Step client() {
            String client = word();
            Step.Act act = value("act of a client", word -> Step.Act.valueOf(word.toUpperCase(Locale.ROOT)));
            have("with");
            Ipv4 address = have("at") ? null : address();
            if (address != null) {
                expect("at");
            }
            ServerId site = server();
            return new Step.ClientActs(client, act, address, site, have("->") ? answer() : new Step.Answer.Whatever());
        }

        private Step.Answer answer() {
            String kind = word();
            return switch (kind) {
                case "offer" -> new Step.Answer.Offer(have("any") ? null : address());
                case "ack" -> new Step.Answer.Ack(have("any") ? null : address(), leaseIfTold());
                case "nak" -> new Step.Answer.Nak();
                case "silence" -> new Step.Answer.Silence();
                default -> throw new IllegalArgumentException("'" + kind + "' is no answer");
            };
        }

        private @Nullable Duration leaseIfTold() {
            return have("for") ? span() : null;
        }

        private Step expectation() {
            if (have("agreement")) {
                return new Step.ExpectAgreement();
            }
            if (have("journal")) {
                expect("merged");
                return new Step.ExpectMerged();
            }
            if (have("nothing") || have("something")) {
                boolean some = words.get(next - 1).equals("something");
                expect("waits");
                return new Step.ExpectWaiting(some);
            }
            if (have("no")) {
                expect("conflict");
                return new Step.ExpectConflict(null);
            }
            if (have("conflict")) {
                expect("at");
                return new Step.ExpectConflict(address());
            }
            if (next + 1 < words.size() && words.get(next + 1).equals("bound")) {
                String client = word();
                expect("bound", "once");
                return new Step.ExpectBound(client, 1);
            }
            Ipv4 address = address();
            if (have("expires")) {
                expect("in");
                return new Step.ExpectExpiry(address, span());
            }
            BindingState state =
                    value("state of an address", word -> BindingState.valueOf(word.toUpperCase(Locale.ROOT)));
            return new Step.ExpectBinding(address, state, have("for") ? word() : null);
        }
    }
}
