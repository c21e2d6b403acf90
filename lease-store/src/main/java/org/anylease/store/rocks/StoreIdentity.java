package org.anylease.store.rocks;

import java.io.IOException;
import java.nio.file.Path;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * Whose store it is, written into it when it is made.
 *
 * @param what what kind of store
 * @param cluster the cluster's name
 * @param owner a cell's name, or that of a server behind {@link #SERVER}
 */
record StoreIdentity(String what, String cluster, String owner) {
    /** The format of the whole store; its records have versions of their own. */
    static final int FORMAT = 1;

    /** No cell's name has a space in it. */
    private static final String SERVER = "server ";

    static StoreIdentity ofLeaseStore(String cluster, CellId cell) {
        return new StoreIdentity("lease store", cluster, cell.name());
    }

    static StoreIdentity ofJournal(String cluster, ServerId server) {
        return new StoreIdentity("journal", cluster, SERVER + server.name());
    }

    static byte[] key() {
        return new byte[] {0, 0};
    }

    /** Writes the identity into a new store, and compares it with that of an old one. */
    void claim(RocksDB database, WriteOptions options, Path directory)
            throws RocksDBException, IOException, UnreadableException {
        byte[] found = database.get(key());
        if (found == null) {
            database.put(options, key(), encode());
            try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
                database.flush(flush);
            }
            return;
        }
        ByteReader in = new ByteReader("identity of the store", found, 0, found.length);
        int format = in.u8();
        if (format != FORMAT) {
            throw new IOException("the " + what + " in " + directory + " has format " + format
                    + "; this program knows format " + FORMAT + ". Start the version that wrote it, or a newer one.");
        }
        String otherCluster = in.text();
        String other = in.text();
        if (!otherCluster.equals(cluster) || !other.equals(owner)) {
            throw new IOException("the " + what + " in " + directory + " belongs to " + spelled(other) + " of cluster "
                    + otherCluster + ", not to " + spelled(owner) + " of cluster " + cluster
                    + ". Correct the data directory or the names; to start afresh, move the directory away.");
        }
    }

    private static String spelled(String owner) {
        return owner.startsWith(SERVER) ? owner : "cell " + owner;
    }

    private byte[] encode() {
        ByteWriter out = new ByteWriter();
        out.u8(FORMAT);
        out.text(cluster);
        out.text(owner);
        return out.toArray();
    }
}
