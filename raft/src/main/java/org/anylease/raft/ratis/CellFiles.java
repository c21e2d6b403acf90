package org.anylease.raft.ratis;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anylease.raft.disk.DurableFile;
import org.anylease.store.cell.CellId;
import org.anylease.store.rocks.RocksLeaseStore;

/** The directories of one cell's stored state. */
final class CellFiles {
    private final Path root;
    private final String cluster;
    private final CellId cell;

    CellFiles(Path root, String cluster, CellId cell) {
        this.root = root;
        this.cluster = cluster;
        this.cell = cell;
    }

    RocksLeaseStore open() throws IOException {
        Files.createDirectories(root);
        return RocksLeaseStore.open(live(), cluster, cell);
    }

    private Path live() {
        return root.resolve("live");
    }

    /** Where the next checkpoint is built, empty or absent. */
    Path building() throws IOException {
        Path building = root.resolve("building");
        DurableFile.deleteTree(building);
        return building;
    }

    /** Makes the live state that of a snapshot; the store must be closed. */
    void restore(Path snapshot) throws IOException {
        Path restored = root.resolve("restored");
        DurableFile.deleteTree(restored);
        Files.createDirectories(restored);
        copy(snapshot, restored);
        DurableFile.syncTree(restored);
        DurableFile.deleteTree(live());
        DurableFile.move(restored, live());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                Path target = to.resolve(from.relativize(entry));
                if (Files.isDirectory(entry)) {
                    Files.createDirectory(target);
                    copy(entry, target);
                } else if (String.valueOf(entry.getFileName()).endsWith(".sst")) {
                    // Sorted tables never change, so that the snapshot may share them.
                    Files.createLink(target, entry);
                } else if (!SnapshotDirectory.isDigest(entry)) {
                    Files.copy(entry, target);
                }
            }
        }
    }
}
