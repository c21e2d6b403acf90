package org.anylease.server.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.anylease.store.cell.CellId;
import org.anylease.store.lease.Binding;

/** Bindings that were made elsewhere, such as of another server's lease file, in the form that a cell restores. */
public final class ImportedBackup {
    private ImportedBackup() {}

    /**
     * Writes a backup without a configuration, and ends the stream.
     *
     * @param target takes it
     * @param cluster the name of the cluster that the bindings are for
     * @param cell the cell that they are for
     * @param time when they were made
     * @param bindings in order of address
     * @throws IOException when it cannot be written
     */
    public static void write(OutputStream target, String cluster, CellId cell, Instant time, List<Binding> bindings)
            throws IOException {
        BackupFile.write(target, BackupFile.header(cluster, cell, 0, time, 0), bindings, List.of());
    }
}
