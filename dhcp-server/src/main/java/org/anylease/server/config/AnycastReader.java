package org.anylease.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.anylease.server.config.AnycastConfig.Check;
import org.anylease.server.config.AnycastConfig.Policy;
import org.anylease.server.config.AnycastConfig.RouteDaemon;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/** Reads the file of {@code anylease anycast}. */
final class AnycastReader {
    private static final Path STATE_DIRECTORY = Path.of("/var/lib/anylease-anycast");
    private static final Path BIRD_SOCKET = Path.of("/run/bird/bird.ctl");
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final int RISE = 5;
    private static final int FALL = 3;
    private static final int CHECKS_MAX = 1000;
    private static final int LINE_MAX = 1000;

    private AnycastReader() {}

    static Optional<AnycastConfig> read(Cursor root) {
        Section section = new Section(root, Concept.ANYCAST_FILE);
        Ipv4 service = section.read("service-address", Notation::host);
        Path said = section.read("state-directory", ServerReader::path);
        Path directory = said != null ? said : STATE_DIRECTORY;
        Check check = section.take("check").flatMap(at -> check(at, service)).orElse(null);
        Policy policy = policy(section);
        Optional<Cursor> address = section.take("address");
        String addressInterface = address.map(AnycastReader::addressInterface).orElse(null);
        List<RouteDaemon> daemons = daemons(section, directory);
        section.done();
        if (daemons.isEmpty() && address.isEmpty()) {
            root.error("nothing announces the route", "one of 'bird', 'frr', 'exabgp' and 'address'");
        }
        if (address.isPresent() && check != null && check.server().equals(service)) {
            address.get()
                    .atKey()
                    .error(
                            "an address that is taken away cannot be checked any more",
                            "'check.server' to be an own address of the server");
        }
        if (service == null || check == null) {
            return Optional.empty();
        }
        return Optional.of(new AnycastConfig(
                service, directory, check, policy, addressInterface, daemons.isEmpty() ? null : daemons.getFirst()));
    }

    private static Optional<Check> check(Cursor cursor, @Nullable Ipv4 service) {
        Section section = new Section(cursor, Concept.ANYCAST_CHECK);
        Optional<Cursor> linksAt = section.take("links");
        List<Ipv4> links = linksAt.map(at -> at.readAll(Ipv4::parse)).orElse(List.of());
        linksAt.filter(at -> links.isEmpty() || links.size() > AnycastConfig.LINKS_MAX)
                .ifPresent(at -> at.error("the server is checked for " + links.size() + " links", "1 to 16"));
        Ipv4 server = section.read("server", Notation::host);
        Integer port = section.read("port", Notation::port);
        Duration interval = section.read("interval", Notation.between(Duration.ofMillis(100), Duration.ofMinutes(1)));
        Duration step = interval != null ? interval : INTERVAL;
        Duration timeout = section.read("timeout", Notation.between(Duration.ofMillis(10), step));
        Endpoint admin = section.take("admin")
                .map(ServerReader::listener)
                .map(said -> said.or(ServerConfig.ADMIN.address(), ServerConfig.ADMIN.port()))
                .orElse(ServerConfig.ADMIN);
        section.done();
        Ipv4 target = server != null ? server : service;
        if (target == null || links.isEmpty()) {
            return Optional.empty();
        }
        Duration standard = TIMEOUT.compareTo(step) < 0 ? TIMEOUT : step;
        return Optional.of(new Check(
                links,
                target,
                port != null ? port : ServerConfig.DHCP_PORT,
                step,
                timeout != null ? timeout : standard,
                admin));
    }

    private static Policy policy(Section section) {
        Long rise = section.read("rise", Notation.number(1, CHECKS_MAX));
        Long fall = section.read("fall", Notation.number(1, CHECKS_MAX));
        return new Policy(
                rise != null ? rise.intValue() : RISE,
                fall != null ? fall.intValue() : FALL,
                announcement(section, "when-alone", Announcement.PREFERRED),
                announcement(section, "when-failing", Announcement.WITHDRAWN),
                announcement(section, "when-drained", Announcement.WITHDRAWN));
    }

    /** Inferior, unless the only other word that the key takes is said. */
    private static Announcement announcement(Section section, String key, Announcement other) {
        Announcement said = section.read(key, text -> {
            if (text.equals(other.word())) {
                return other;
            }
            if (text.equals(Announcement.INFERIOR.word())) {
                return Announcement.INFERIOR;
            }
            throw new IllegalArgumentException("'" + text + "' is neither (expected inferior or " + other.word() + ")");
        });
        return said != null ? said : Announcement.INFERIOR;
    }

    private static String addressInterface(Cursor cursor) {
        Section section = new Section(cursor, Concept.ANYCAST_ADDRESS);
        String name = section.read("interface", ServerReader::interfaceName);
        section.done();
        return name != null ? name : "lo";
    }

    private static List<RouteDaemon> daemons(Section section, Path directory) {
        List<RouteDaemon> daemons = new ArrayList<>();
        Cursor before = null;
        for (String key : List.of("bird", "frr", "exabgp")) {
            Cursor at = section.takeOrEmpty(key).orElse(null);
            if (at == null) {
                continue;
            }
            if (before != null) {
                at.atKey().error("'" + key + "' is a second announcer beside '" + before.path() + "'", "one of them");
            }
            before = at;
            switch (key) {
                case "bird" -> daemons.add(bird(at, directory));
                case "frr" -> daemons.add(frr(at));
                default -> daemons.add(exabgp(at));
            }
        }
        return daemons;
    }

    private static RouteDaemon bird(Cursor cursor, Path directory) {
        Section section = new Section(cursor, Concept.ANYCAST_BIRD);
        Path include = section.read("include", ServerReader::path);
        Path socket = section.read("socket", ServerReader::path);
        section.done();
        return new RouteDaemon.Bird(
                include != null ? include : directory.resolve("bird.conf"), socket != null ? socket : BIRD_SOCKET);
    }

    private static RouteDaemon frr(Cursor cursor) {
        Section section = new Section(cursor, Concept.ANYCAST_FRR);
        RouteDaemon frr = new RouteDaemon.Frr(
                section.readAll("preferred", AnycastReader::line),
                section.readAll("inferior", AnycastReader::line),
                section.readAll("withdrawn", AnycastReader::line));
        section.done();
        return frr;
    }

    private static RouteDaemon exabgp(Cursor cursor) {
        Section section = new Section(cursor, Concept.ANYCAST_EXABGP);
        String preferred = section.read("preferred", AnycastReader::line);
        String inferior = section.read("inferior", AnycastReader::line);
        section.done();
        return new RouteDaemon.Exabgp(preferred != null ? preferred : "", inferior != null ? inferior : "");
    }

    /** What goes to another program as one line must be one. */
    private static String line(String text) {
        Function<String, String> bounded = Notation.text(LINE_MAX);
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a line holds control characters (expected printable text)");
        }
        return bounded.apply(text);
    }
}
