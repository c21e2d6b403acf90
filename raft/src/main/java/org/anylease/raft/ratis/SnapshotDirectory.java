package org.anylease.raft.ratis;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.anylease.raft.disk.DurableFile;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.rocks.RocksLeaseStore;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.jspecify.annotations.Nullable;

/**
 * The published snapshots of one replica: a directory {@code snapshot-TERM-INDEX} each, holding a checkpoint of the
 * store.
 *
 * <p>Ratis replaces the whole directory when a leader's snapshot is installed, and leaves {@code .md5} files beside
 * the checkpoint's own. Nothing but whole snapshots is ever in it: they are built elsewhere and renamed.
 */
final class SnapshotDirectory implements StateMachineStorage {
    private static final Pattern NAME = Pattern.compile("snapshot-(\\d+)-(\\d+)");
    private static final String DIGEST_SUFFIX = ".md5";

    /** A published snapshot. */
    record Published(Path directory, TermIndex position) {}

    private final int retained;
    private volatile @Nullable Path directory;
    private volatile @Nullable SnapshotInfo latest;

    SnapshotDirectory(int retained) {
        this.retained = retained;
    }

    @Override
    public void init(RaftStorage storage) throws IOException {
        Path snapshots = storage.getStorageDir().getStateMachineDir().toPath();
        Files.createDirectories(snapshots);
        directory = snapshots;
        reload();
    }

    private Path directory() {
        Path known = directory;
        if (known == null) {
            throw new IllegalStateException("the snapshot directory is used before it is known");
        }
        return known;
    }

    /** Looks for the latest snapshot, after the directory may have been replaced. */
    synchronized void reload() throws IOException {
        List<Published> published = published();
        latest = published.isEmpty() ? null : infoOf(published.getLast());
    }

    /** The snapshots, oldest first. */
    private List<Published> published() throws IOException {
        List<Published> found = new ArrayList<>();
        if (Files.isDirectory(directory())) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory())) {
                for (Path entry : entries) {
                    Matcher name = NAME.matcher(String.valueOf(entry.getFileName()));
                    if (name.matches()) {
                        found.add(new Published(
                                entry,
                                TermIndex.valueOf(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)))));
                    }
                }
            }
        }
        found.sort(Comparator.comparing(Published::position));
        return found;
    }

    private static SnapshotInfo infoOf(Published snapshot) throws IOException {
        List<FileInfo> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(snapshot.directory())) {
            for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
                if (Files.isRegularFile(path) && !isDigest(path)) {
                    // Without a digest: Ratis computes it while it sends the file.
                    files.add(new FileInfo(path, null));
                }
            }
        }
        return new FileListSnapshotInfo(files, snapshot.position());
    }

    static boolean isDigest(Path path) {
        return String.valueOf(path.getFileName()).endsWith(DIGEST_SUFFIX);
    }

    /** Publishes a checkpoint: from now on a restart, or a follower, may begin with it. */
    synchronized void publish(Path checkpoint, RocksLeaseStore.Position position) throws IOException {
        Path target = directory()
                .resolve("snapshot-" + position.term() + "-" + position.index().value());
        if (Files.exists(target)) {
            DurableFile.deleteTree(checkpoint);
            return;
        }
        DurableFile.syncTree(checkpoint);
        DurableFile.move(checkpoint, target);
        reload();
    }

    /** The latest snapshot's directory and position, or null. */
    @Nullable
    Published latestPublished() throws IOException {
        List<Published> published = published();
        return published.isEmpty() ? null : published.getLast();
    }

    /** The last entry in the latest snapshot; none when there is none. */
    LogIndex latestIndex() {
        SnapshotInfo known = latest;
        return known == null ? LogIndex.NONE : new LogIndex(known.getIndex());
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return latest;
    }

    @Override
    public void format() throws IOException {
        DurableFile.deleteTree(directory());
        Files.createDirectories(directory());
        latest = null;
    }

    @Override
    public synchronized void cleanupOldSnapshots(@Nullable SnapshotRetentionPolicy policy) throws IOException {
        List<Published> published = published();
        for (Published old : published.subList(0, Math.max(0, published.size() - retained))) {
            DurableFile.deleteTree(old.directory());
        }
    }
}
