package org.anylease.raft.ratis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.disk.DurableFile;
import org.anylease.raft.disk.RecoveryMark;
import org.anylease.raft.membership.CellGroup;
import org.anylease.raft.membership.Survivor;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds a cell whose majority is gone for good from one survivor, which must be stopped.
 *
 * <p>Raft has no way for that, and must not: it is for an operator to vouch that the other servers are off and stay off.
 * The survivor's group is made to consist of the survivor alone, and gets the name of a new epoch. Servers of the old
 * epoch that reappear do not find it by its old name; the link tells them, and they end. The first command of the new
 * epoch is RecoverCell. Each step is durable before the next, and all of it can be done again after a crash.
 */
public final class CellRecovery {
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot-(\\d+)-(\\d+)");
    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-\\d+)?");
    private static final SizeInBytes ENTRY_BYTES_MAX = SizeInBytes.valueOf("64MB");
    private static final String CONFIGURATION = "raft-meta.conf";

    private final DataDirectory data;
    private final String cluster;
    private final ServerId server;
    private final CellId cell;

    /** The last entry and the last configuration of a group's log. */
    private static final class Scan {
        private long index;
        private long term;
        private long configured;
        private @Nullable RaftConfigurationProto configuration;

        /** Of several configurations the one of the highest index counts. */
        private void configure(LogEntryProto entry) {
            if (configuration == null || entry.getIndex() >= configured) {
                configured = entry.getIndex();
                configuration = entry.getConfigurationEntry();
            }
        }

        void take(LogEntryProto entry) {
            index = Math.max(index, entry.getIndex());
            term = Math.max(term, entry.getTerm());
            if (entry.hasConfigurationEntry()) {
                configure(entry);
            }
        }
    }

    private CellRecovery(DataDirectory data, String cluster, ServerId server, CellId cell) {
        this.data = data;
        this.cluster = cluster;
        this.server = server;
        this.cell = cell;
    }

    /**
     * What a stopped server has of a cell. Changes nothing.
     *
     * @param directory its data directory
     * @param cluster its cluster
     * @param server its name
     * @param cell the cell
     * @return what it has
     * @throws IOException when it runs, or has no readable copy, with what to do
     */
    public static Survivor inspect(Path directory, String cluster, ServerId server, CellId cell) throws IOException {
        try (DataDirectory data = open(directory, cluster, server)) {
            return new CellRecovery(data, cluster, server, cell).inspect();
        }
    }

    /**
     * Whether a recovery of a cell was begun with a stopped server, and the cell has not committed it yet.
     *
     * @param directory its data directory
     * @param cluster its cluster
     * @param server its name
     * @param cell the cell
     * @return true until the server has been started and the cell goes on
     * @throws IOException when it runs, or cannot be read
     */
    public static boolean isBegun(Path directory, String cluster, ServerId server, CellId cell) throws IOException {
        try (DataDirectory data = open(directory, cluster, server)) {
            return data.recovering(cell).isPresent();
        }
    }

    /**
     * Makes a stopped server the only voter of a cell, in a new epoch. It goes on alone when it is started, and takes the
     * members that its configuration lists in again as soon as they come with an empty data directory.
     *
     * @param directory its data directory
     * @param cluster its cluster
     * @param server its name
     * @param cell the cell
     * @param author who vouches that all other servers of the cell are off and stay off
     * @return what it has, in the new epoch
     * @throws IOException when it runs, or has no readable copy, with what to do
     */
    public static Survivor recover(Path directory, String cluster, ServerId server, CellId cell, String author)
            throws IOException {
        try (DataDirectory data = open(directory, cluster, server)) {
            CellRecovery recovery = new CellRecovery(data, cluster, server, cell);
            recovery.recover(author);
            return recovery.inspect();
        }
    }

    private static DataDirectory open(Path directory, String cluster, ServerId server) throws IOException {
        if (!Files.exists(directory.resolve("identity"))) {
            throw new IOException("data directory " + directory + " is no server's; name that of a survivor");
        }
        // Nothing is drawn: the directory exists.
        return DataDirectory.open(directory, cluster, server, new Random(0));
    }

    private Path group(long epoch) {
        return data.raft().resolve(CellGroup.of(cluster, cell, epoch).id().toString());
    }

    private Survivor inspect() throws IOException {
        long epoch = data.epoch(cell);
        // A recovery that was cut short may have moved it already.
        boolean moved = !Files.exists(group(epoch)) && Files.exists(group(epoch + 1));
        Scan scan = scan(group(moved ? epoch + 1 : epoch));
        List<ServerId> voters = new ArrayList<>();
        if (scan.configuration != null) {
            scan.configuration.getPeersList().forEach(peer -> voters.add(nameOf(peer)));
        }
        return new Survivor(cell, server, epoch, scan.term, new LogIndex(scan.index), voters);
    }

    private static ServerId nameOf(RaftPeerProto peer) {
        return new ServerId(peer.getId().toStringUtf8());
    }

    private void recover(String author) throws IOException {
        long epoch = data.epoch(cell);
        RecoveryMark begun = data.recovering(cell).orElse(null);
        if (begun != null && begun.epoch() == epoch) {
            // Done before, and not started since.
            return;
        }
        Path old = group(epoch);
        Path next = group(epoch + 1);
        if (!Files.exists(next)) {
            scan(old);
            data.beginRecovery(cell, new RecoveryMark(epoch + 1, author));
            makeItTheOnlyVoter(old);
            DurableFile.move(old, next);
        }
        data.keep(cell, List.of(server));
        data.keepEpoch(cell, epoch + 1);
    }

    private void makeItTheOnlyVoter(Path group) throws IOException {
        Scan scan = scan(group);
        RaftPeerProto self = scan.configuration == null
                ? null
                : scan.configuration.getPeersList().stream()
                        .filter(peer -> nameOf(peer).equals(server))
                        .findFirst()
                        .orElse(null);
        if (self == null) {
            throw new IOException("server " + server + " is no voter of cell " + cell
                    + ", as far as its log goes; recover the cell from one that is");
        }
        // Behind all that the log holds: of several configurations the one of the highest index counts.
        LogEntryProto alone = LogEntryProto.newBuilder()
                .setTerm(scan.term)
                .setIndex(scan.index + 1)
                .setConfigurationEntry(RaftConfigurationProto.newBuilder().addPeers(self))
                .build();
        Path file = group.resolve("current").resolve(CONFIGURATION);
        Path temporary = file.resolveSibling(CONFIGURATION + ".recovering");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(alone.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        DurableFile.move(temporary, file);
    }

    private Scan scan(Path group) throws IOException {
        Path current = group.resolve("current");
        if (!Files.isDirectory(current)) {
            throw new IOException("server " + server + " has no copy of cell " + cell + " in " + group
                    + "; name a server that took part in it");
        }
        Scan scan = new Scan();
        Path configuration = current.resolve(CONFIGURATION);
        if (Files.exists(configuration)) {
            // Its index is where it stands in the log, or one behind when it was recovered: no entry by itself.
            LogEntryProto stored = LogEntryProto.parseFrom(Files.readAllBytes(configuration));
            scan.configure(stored);
            scan.term = stored.getTerm();
        }
        snapshots(group.resolve("sm"), scan);
        for (Path file : segments(current)) {
            LogSegmentPath segment = LogSegmentPath.matchLogSegment(file);
            if (segment != null) {
                // The open one may end in the middle of an entry, which was never acknowledged then.
                boolean open = String.valueOf(file.getFileName()).contains("inprogress");
                LogSegment.readSegmentFile(
                        file.toFile(),
                        segment.getStartEnd(),
                        ENTRY_BYTES_MAX,
                        open ? CorruptionPolicy.WARN_AND_RETURN : CorruptionPolicy.EXCEPTION,
                        null,
                        scan::take);
            }
        }
        return scan;
    }

    /** The files of a log that hold something, oldest first. */
    private static List<Path> segments(Path current) throws IOException {
        TreeMap<Long, Path> byStart = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(current)) {
            for (Path file : files) {
                Matcher name = SEGMENT.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && Files.size(file) > 0) {
                    byStart.put(Long.valueOf(name.group(1)), file);
                }
            }
        }
        return List.copyOf(byStart.values());
    }

    private static void snapshots(Path directory, Scan scan) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                Matcher name = SNAPSHOT.matcher(String.valueOf(entry.getFileName()));
                if (name.matches()) {
                    scan.term = Math.max(scan.term, Long.parseLong(name.group(1)));
                    scan.index = Math.max(scan.index, Long.parseLong(name.group(2)));
                }
            }
        }
    }
}
