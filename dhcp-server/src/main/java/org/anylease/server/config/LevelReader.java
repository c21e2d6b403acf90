package org.anylease.server.config;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.server.expression.OptionNames;
import org.anylease.store.address.Ipv4;
import org.anylease.store.config.ComputedSettings;
import org.anylease.store.config.NetworkPolicy.Identity;
import org.anylease.store.config.NetworkPolicy.Unprobed;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.ServingRules;
import org.jspecify.annotations.Nullable;

/** Reads what can be said at many levels: options, boot fields and lease times; the policy; timers and escrow. */
final class LevelReader {
    /** sname and file have 64 and 128 octets and end with NUL (RFC 2131 §2). */
    private static final int SERVER_NAME_MAX = 63;

    private static final int FILE_MAX = 127;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PROBE_MIN = Duration.ofMillis(10);
    private static final Duration PROBE_MAX = Duration.ofSeconds(10);
    private static final Duration COMMIT_DEADLINE_MIN = Duration.ofMillis(10);
    private static final Duration COMMIT_DEADLINE_MAX = Duration.ofSeconds(10);

    /**
     * What the levels around say, as far as a level below has to agree with it.
     *
     * @param options knows the options' names
     * @param times the lease times said so far
     * @param longest the longest promise, where it is said
     * @param classes knows the classes of clients
     * @param dns how clients are named in DNS
     */
    record Scope(
            OptionsReader options,
            LeaseTimeSettings times,
            @Nullable Duration longest,
            ClassReader classes,
            DnsPlaces.Here dns) {
        Scope within(LevelSettings level) {
            return new Scope(options, level.times().over(times), longest, classes, dns);
        }

        /** A level that may say how its clients are named. */
        Scope naming(Section section) {
            return new Scope(options, times, longest, classes, dns.within(section));
        }

        Scope within(TimerSettings timers) {
            return timers.longestLease() == null
                    ? this
                    : new Scope(options, times, timers.longestLease(), classes, dns);
        }
    }

    private LevelReader() {}

    static LevelSettings level(Section section, Scope outer) {
        var options = section.take("options").map(outer.options::read).orElse(OptionsReader.Values.NONE);
        ReplySettings boot = boot(section, outer.options);
        LeaseTimeSettings times = new LeaseTimeSettings(
                section.read("lease", Notation::leaseTime),
                section.read("min-lease", Notation::leaseTime),
                section.read("max-lease", Notation::leaseTime));
        if (!times.equals(LeaseTimeSettings.NONE)) {
            Cursor at = section.take("lease")
                    .or(() -> section.take("max-lease"))
                    .or(() -> section.take("min-lease"))
                    .orElse(section.cursor());
            checkOrder(at, times.over(outer.times), outer.longest);
        }
        return new LevelSettings(
                options.with(boot, ServingReader.serving(section)),
                times,
                section.knows("bootp-lease") ? ServingReader.pooling(section) : PoolingSettings.NONE);
    }

    /** Only what is said can contradict itself; defaults give way. */
    static void checkOrder(Cursor at, LeaseTimeSettings times, @Nullable Duration longest) {
        boolean _ = ordered(at, "min-lease", times.minimum(), "lease", times.lease())
                && ordered(at, "lease", times.lease(), "max-lease", times.maximum())
                && ordered(at, "min-lease", times.minimum(), "max-lease", times.maximum())
                && ordered(at, "max-lease", times.maximum(), "timers.longest-lease", longest)
                && ordered(at, "lease", times.lease(), "timers.longest-lease", longest)
                && ordered(at, "min-lease", times.minimum(), "timers.longest-lease", longest);
    }

    private static boolean ordered(
            Cursor at, String shorter, @Nullable Duration a, String longer, @Nullable Duration b) {
        if (a == null || b == null || a.compareTo(b) <= 0) {
            return true;
        }
        at.error(
                shorter + " " + DurationText.format(a) + " is longer than " + longer + " " + DurationText.format(b)
                        + ", said here or at a level around this one",
                "min-lease <= lease <= max-lease <= timers.longest-lease");
        return false;
    }

    /** The boot fields, where the section has any. */
    static ReplySettings boot(Section outer, OptionsReader options) {
        return outer.take("boot").map(cursor -> boot(cursor, options.names())).orElse(ReplySettings.NONE);
    }

    private static ReplySettings boot(Cursor cursor, OptionNames names) {
        Section section = new Section(cursor, Concept.BOOT);
        ReplySettings boot = new ReplySettings(
                new TreeMap<>(),
                ComputedReader.plain(section, "next-server", Ipv4::parse).orElse(null),
                ComputedReader.plain(section, "server-name", Notation.text(SERVER_NAME_MAX))
                        .orElse(null),
                ComputedReader.plain(section, "file", Notation.text(FILE_MAX)).orElse(null),
                ServingRules.NONE,
                new ComputedSettings(
                        new TreeMap<>(),
                        ComputedReader.address(section, "next-server", names).orElse(null),
                        ComputedReader.field(section, "server-name", 1, SERVER_NAME_MAX, names)
                                .orElse(null),
                        ComputedReader.field(section, "file", 1, FILE_MAX, names)
                                .orElse(null)));
        section.done();
        return boot;
    }

    static PolicySettings policy(Section section) {
        Boolean authoritative = section.read("authoritative", Notation::bool);
        Identity identity = section.read("identity", LevelReader::identity);
        Optional<Cursor> cursor = section.take("probe");
        if (cursor.isEmpty()) {
            return new PolicySettings(authoritative, identity, null, null, null);
        }
        Section probe = new Section(cursor.get(), Concept.PROBE);
        PolicySettings policy = new PolicySettings(
                authoritative,
                identity,
                probe.read("enabled", Notation::bool),
                probe.read("timeout", Notation.between(PROBE_MIN, PROBE_MAX)),
                probe.read("when-impossible", LevelReader::unprobed));
        probe.done();
        return policy;
    }

    private static Identity identity(String word) {
        return switch (word) {
            case "client-identifier" -> Identity.CLIENT_IDENTIFIER;
            case "hardware" -> Identity.HARDWARE;
            default ->
                throw new IllegalArgumentException(
                        "'" + word + "' identifies no client (expected client-identifier or hardware)");
        };
    }

    private static Unprobed unprobed(String word) {
        return switch (word) {
            case "offer" -> Unprobed.OFFER;
            case "withhold" -> Unprobed.WITHHOLD;
            default -> throw new IllegalArgumentException("'" + word + "' is neither (expected offer or withhold)");
        };
    }

    static TimerSettings timers(Section outer) {
        Optional<Cursor> cursor = outer.take("timers");
        if (cursor.isEmpty()) {
            return TimerSettings.NONE;
        }
        Section section = new Section(cursor.get(), Concept.TIMERS);
        TimerSettings timers = new TimerSettings(
                section.read("mclt", Notation.finite(SECOND)),
                section.read("clock-skew", Notation.finite(Duration.ofMillis(1))),
                section.read("longest-lease", Notation::leaseTime),
                section.read("offer-hold", Notation.finite(SECOND)),
                section.read("quarantine", Notation.finite(Duration.ZERO)),
                section.read("commit-deadline", Notation.between(COMMIT_DEADLINE_MIN, COMMIT_DEADLINE_MAX)));
        section.done();
        Duration skew = timers.skew();
        if (timers.mclt() != null && skew != null && skew.compareTo(timers.mclt()) >= 0) {
            section.take("clock-skew")
                    .orElse(section.cursor())
                    .error(
                            "a clock-skew of " + DurationText.format(skew) + " leaves nothing of an mclt of "
                                    + DurationText.format(timers.mclt()),
                            "clock-skew < mclt");
        }
        return timers;
    }

    static EscrowSettings escrow(Section outer) {
        Optional<Cursor> cursor = outer.take("escrow");
        if (cursor.isEmpty()) {
            return EscrowSettings.NONE;
        }
        Section section = new Section(cursor.get(), Concept.ESCROW);
        EscrowSettings escrow = new EscrowSettings(
                section.read("floor", Notation.number(0, EscrowSettings.ADDRESSES_MAX)),
                section.read("ceiling", Notation.number(0, EscrowSettings.ADDRESSES_MAX)),
                section.read("autonomy", Notation.finite(SECOND)),
                section.read("term", Notation.finite(SECOND)));
        section.done();
        Long floor = escrow.floor();
        Long ceiling = escrow.ceiling();
        if (floor != null && ceiling != null && floor > ceiling) {
            section.take("ceiling")
                    .orElse(section.cursor())
                    .error("a ceiling of " + ceiling + " is below the floor of " + floor, "floor <= ceiling");
        }
        Duration autonomy = escrow.autonomy();
        Duration term = escrow.term();
        if (autonomy != null && term != null && term.compareTo(autonomy) < 0) {
            section.take("term")
                    .orElse(section.cursor())
                    .error(
                            "addresses set aside for " + DurationText.format(term) + " do not last for an autonomy of "
                                    + DurationText.format(autonomy),
                            "autonomy <= term");
        }
        return escrow;
    }
}
