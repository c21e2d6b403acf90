package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.state.ReservationStatus;
import org.jspecify.annotations.Nullable;

/** Backs a cell up into a file of the caller, and restores one through the cell's log. */
final class BackupRoutes {
    /** No backup is larger, in bytes: about ten million leases. */
    private static final long BACKUP_BYTES_MAX = 1L << 30;

    /** How long this server's copy may take to catch up with what was committed. */
    private static final Duration APPLIED_PATIENCE = Duration.ofSeconds(5);

    private static final long PAUSE_MILLIS = 50;

    private final Cluster cluster;

    BackupRoutes(Cluster cluster) {
        this.cluster = cluster;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/cells/{cell}/backup", List.of(), this::backup),
                Route.post("/v1/cells/{cell}/restore", List.of("plan"), this::restore));
    }

    private void backup(Call call) throws IOException {
        CellId cell = call.cell();
        CellRoutes.requireKnown(cluster, cell);
        Cluster.CellState state = cluster.state(cell).orElseThrow(() -> noCopy(cell));
        List<ReservationStatus> reservations = cluster.reservations(cell).orElseThrow(() -> noCopy(cell));
        try (Cluster.LeaseView view = cluster.view(cell).orElseThrow(() -> noCopy(cell))) {
            call.header(
                    "Content-Disposition",
                    "attachment; filename=\"" + cell + "-" + view.index() + ".anylease-backup\"");
            BackupFile.write(
                    call.stream("application/gzip"),
                    cluster.facts().cluster(),
                    state,
                    reservations,
                    cluster.namesOnRecord(cell),
                    view);
        }
    }

    static Refusal noCopy(CellId cell) {
        return Refusal.unavailable(
                "this server has no copy of cell " + cell, "cell", "ask a server that has: anylease cell status", null);
    }

    private void restore(Call call) throws IOException {
        CellId cell = call.cell();
        CellRoutes.requireKnown(cluster, cell);
        Path spooled = Files.createTempFile("anylease-restore", ".tmp");
        try {
            spool(call.body(), spooled);
            RestorePlan plan = plan(cell, spooled);
            if (call.flag("plan")) {
                call.json(200, plan.toJson());
                return;
            }
            try (OutputStream out = call.stream("application/x-ndjson");
                    BackupFile.Reader reader = reader(spooled)) {
                Restore restore = new Restore(cluster, cell, plan.toRestore(), progress -> line(out, progress));
                if (restore.run(reader)) {
                    restore.end(left(cell, spooled, restore.committed()));
                }
            }
        } finally {
            Files.delete(spooled);
        }
    }

    /** What is not in place now that all is committed and applied here, or was waited for long enough. */
    private RestorePlan left(CellId cell, Path spooled, LogIndex committed) throws IOException {
        long deadline = System.nanoTime() + APPLIED_PATIENCE.toNanos();
        while (true) {
            try (Cluster.LeaseView view = cluster.view(cell).orElseThrow(() -> noCopy(cell))) {
                if (view.index().compareTo(committed) >= 0 || System.nanoTime() - deadline >= 0) {
                    return read(spooled, view);
                }
            }
            CompletableFuture<@Nullable Void> pause = new CompletableFuture<@Nullable Void>()
                    .completeOnTimeout(null, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            pause.join();
        }
    }

    private static RestorePlan read(Path spooled, Cluster.LeaseView view) throws IOException {
        RestorePlan plan = new RestorePlan();
        try (BackupFile.Reader reader = reader(spooled)) {
            plan.read(reader, view);
        }
        return plan;
    }

    private static void line(OutputStream out, ObjectNode progress) throws IOException {
        out.write(Json.bytes(progress));
        out.write('\n');
        out.flush();
    }

    /** Puts the whole upload aside, so that its checksum is known before the first binding is proposed. */
    private static void spool(InputStream body, Path target) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(target)) {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                total += length;
                if (total > BACKUP_BYTES_MAX) {
                    throw Refusal.tooLarge(
                            "the backup has more than " + BACKUP_BYTES_MAX + " bytes", "body", "check the file");
                }
                out.write(buffer, 0, length);
            }
        }
    }

    private RestorePlan plan(CellId cell, Path spooled) throws IOException {
        RestorePlan plan;
        try (Cluster.LeaseView view = cluster.view(cell).orElseThrow(() -> noCopy(cell))) {
            try {
                plan = read(spooled, view);
            } catch (IOException e) {
                throw Refusal.invalid(
                        String.valueOf(e.getMessage()), "body", "restore another backup; this one is not usable", null);
            }
        }
        String from = Json.text(plan.header(), "cell");
        if (!from.equals(cell.name())) {
            throw Refusal.conflict(
                    "the backup is of cell " + from + ", not of " + cell,
                    "body",
                    "name cell " + from + ", or choose another backup",
                    null);
        }
        return plan;
    }

    private static BackupFile.Reader reader(Path file) throws IOException {
        return new BackupFile.Reader(new BufferedInputStream(Files.newInputStream(file)));
    }
}
