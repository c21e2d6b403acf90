package org.anylease.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.server.config.ServerConfig.Listen;
import org.anylease.server.config.ServerConfig.Listener;
import org.anylease.server.config.SystemConfig.Server;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.ReplySettings;

/** Reads a server's own file. */
final class ServerReader {
    private static final Path DATA_DIRECTORY = Path.of("/var/lib/anylease");
    private static final Path SYSTEM_FILE = Path.of("anylease.yaml");

    private ServerReader() {}

    static Optional<ServerConfig> read(Cursor root) {
        Section section = new Section(root, Concept.SERVER_FILE);
        ServerId id = section.read("id", ServerId::new);
        Path data = section.read("data-directory", ServerReader::path);
        Path system = section.read("system-file", ServerReader::path);
        Listen listen = section.take("listen")
                .map(ServerReader::listen)
                .orElse(new Listen(List.of(), List.of(), List.of(), ServerConfig.DHCP_PORT));
        Listener raft = section.take("raft").map(ServerReader::listener).orElse(new Listener(null, null));
        Listener link = section.take("link").map(ServerReader::listener).orElse(new Listener(null, null));
        Endpoint admin = section.take("admin")
                .map(ServerReader::listener)
                .map(said -> said.or(ServerConfig.ADMIN.address(), ServerConfig.ADMIN.port()))
                .orElse(ServerConfig.ADMIN);
        Ipv4 probeSource = section.read("probe-source", Notation::host);
        Boolean allowNoProbe = section.read("allow-no-probe", Notation::bool);
        SnapshotSettings snapshots =
                section.take("snapshots").map(ServerReader::snapshots).orElse(SnapshotSettings.STANDARD);
        List<Server> peers = section.take("peers").map(ServerReader::peers).orElse(List.of());
        ReplySettings boot = LevelReader.boot(section, new OptionsReader(new TreeMap<>()));
        ProtectionSettings protection =
                section.take("protection").map(ProtectionSettings::read).orElse(ProtectionSettings.NONE);
        LeaseQuerySettings leasequery =
                section.take("leasequery").map(LeaseQuerySettings::read).orElse(LeaseQuerySettings.OFF);
        CommandSettings commands =
                section.take("commands").map(CommandSettings::read).orElse(CommandSettings.NONE);
        section.done();
        if (id == null) {
            return Optional.empty();
        }
        return Optional.of(new ServerConfig(
                id,
                data != null ? data : DATA_DIRECTORY,
                beside(root.problems().file(), system != null ? system : SYSTEM_FILE),
                listen,
                raft,
                link,
                admin,
                probeSource,
                Boolean.TRUE.equals(allowNoProbe),
                snapshots,
                peers,
                boot,
                protection,
                leasequery,
                commands));
    }

    static Path path(String text) {
        try {
            return Path.of(Notation.text(4096).apply(text));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is no path", e);
        }
    }

    /** A relative path is meant from where the file stands that says it. */
    private static Path beside(String file, Path path) {
        return Path.of(file).resolveSibling(path);
    }

    private static Listen listen(Cursor cursor) {
        Section section = new Section(cursor, Concept.LISTEN);
        Integer port = section.read("port", Notation::port);
        Listen listen = new Listen(
                section.readAll("service", Notation::host),
                section.readAll("own", Notation::host),
                section.readAll("interfaces", ServerReader::interfaceName),
                port != null ? port : ServerConfig.DHCP_PORT);
        section.done();
        return listen;
    }

    /** Linux takes at most 15 characters, neither slash nor space. */
    static String interfaceName(String text) {
        boolean valid = !text.isEmpty() && text.length() <= 15 && !text.equals(".") && !text.equals("..");
        if (!valid || text.chars().anyMatch(c -> c == '/' || c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("'" + text + "' is no interface (expected one like eth1)");
        }
        return text;
    }

    static Listener listener(Cursor cursor) {
        Section section = new Section(cursor, Concept.ENDPOINT);
        Listener listener = new Listener(section.read("address", Ipv4::parse), section.read("port", Notation::port));
        section.done();
        return listener;
    }

    private static SnapshotSettings snapshots(Cursor cursor) {
        Section section = new Section(cursor, Concept.SNAPSHOTS);
        Long entries = section.read("entries", Notation.number(100, 100_000_000));
        Long logOctets = section.read("log-size", Notation.size(256 << 10, 4L << 30));
        Long retained = section.read("retained", Notation.number(1, 10));
        section.done();
        SnapshotSettings standard = SnapshotSettings.STANDARD;
        return new SnapshotSettings(
                entries != null ? entries : standard.entries(),
                logOctets != null ? logOctets : standard.logOctets(),
                retained != null ? retained.intValue() : standard.retained());
    }

    private static List<Server> peers(Cursor cursor) {
        Inventory inventory = new Inventory();
        List<Server> peers = new ArrayList<>();
        cursor.entries("servers")
                .forEach((name, entry) -> Notation.key(entry, name, ServerId::new)
                        .flatMap(id -> SystemReader.server(entry, id, inventory))
                        .ifPresent(peers::add));
        return peers;
    }
}
