package org.anylease.store.rocks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Where a database is, and what to tell the operator when it does not open.
 *
 * @param path its directory
 * @param what what is in it
 * @param whenDamaged what to do when it is damaged: a sentence or more
 */
record DatabaseDirectory(Path path, String what, String whenDamaged) {
    /** Opens the database, or makes it. */
    RocksDB open(Options options) throws IOException {
        Files.createDirectories(path);
        long free = Files.getFileStore(path).getUsableSpace();
        if (free < RocksLeaseStore.FREE_BYTES_MIN) {
            throw new IOException("disk of " + path + " is full: " + (free >> 20) + " MiB left, at least "
                    + (RocksLeaseStore.FREE_BYTES_MIN >> 20) + " MiB needed. Make room, then start again.");
        }
        try {
            return RocksDB.open(options, path.toString());
        } catch (RocksDBException e) {
            throw new IOException(whyNotOpened(e), e);
        }
    }

    private String whyNotOpened(RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        String failed = "cannot open the " + what + " in " + path + ": " + message + ". ";
        if (message.contains("lock")) {
            return failed + "Is another server running on the same data directory?";
        }
        if (message.contains("No space left")) {
            return failed + "The disk is full: make room, then start again.";
        }
        Status status = e.getStatus();
        boolean corrupt = status != null && status.getCode() == Status.Code.Corruption;
        if (corrupt
                || message.contains("Corruption")
                || message.contains("not a valid")
                || message.contains("missing")) {
            return failed + whenDamaged;
        }
        return failed + "Check the directory's owner, permissions and disk.";
    }
}
