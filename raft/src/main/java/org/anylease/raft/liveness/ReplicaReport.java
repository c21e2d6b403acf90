package org.anylease.raft.liveness;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.state.LeaseDigest;
import org.jspecify.annotations.Nullable;

/**
 * What one replica of a cell says of itself.
 *
 * @param cell the cell
 * @param server the server it runs on
 * @param leader whom it takes for the leader, or null
 * @param leading whether it leads and takes entries
 * @param reachable whether it can commit, as far as it knows
 * @param term its term
 * @param committed the last entry it knows to be committed
 * @param applied the last entry applied to its table
 * @param digest of the table at {@code applied}: to be compared with those of others at the same index (I4)
 * @param logFirst the first entry that its log still holds
 * @param logLast the last one
 * @param snapshot the last entry in its latest snapshot, 0 when it has none
 * @param contactMillis how long ago it heard of the leader; leading: of the majority
 * @param stopped why it has stopped, or null
 * @param followers leading: what it knows of the others
 */
public record ReplicaReport(
        CellId cell,
        ServerId server,
        @Nullable ServerId leader,
        boolean leading,
        boolean reachable,
        long term,
        LogIndex committed,
        LogIndex applied,
        LeaseDigest digest,
        LogIndex logFirst,
        LogIndex logLast,
        LogIndex snapshot,
        long contactMillis,
        @Nullable String stopped,
        List<Follower> followers) {
    private static final int VERSION = 1;

    /** Copies the list. */
    public ReplicaReport {
        followers = List.copyOf(followers);
    }

    /**
     * What a leader knows of another voter.
     *
     * @param server the voter
     * @param contactMillis how long ago it answered
     * @param matched the last entry known to be in its log
     */
    public record Follower(ServerId server, long contactMillis, LogIndex matched) {}

    /**
     * The report as bytes.
     *
     * @return version and fields in order
     */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(cell.name());
            out.writeUTF(server.name());
            out.writeUTF(leader == null ? "" : leader.name());
            out.writeBoolean(leading);
            out.writeBoolean(reachable);
            out.writeLong(term);
            out.writeLong(committed.value());
            out.writeLong(applied.value());
            out.writeLong(digest.value());
            out.writeLong(logFirst.value());
            out.writeLong(logLast.value());
            out.writeLong(snapshot.value());
            out.writeLong(contactMillis);
            out.writeUTF(stopped == null ? "" : stopped);
            out.writeShort(followers.size());
            for (Follower follower : followers) {
                out.writeUTF(follower.server().name());
                out.writeLong(follower.contactMillis());
                out.writeLong(follower.matched().value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a report.
     *
     * @param bytes from {@link #encode()}
     * @return the report
     * @throws UnreadableException when they are of another version or damaged
     */
    public static ReplicaReport decode(byte[] bytes) throws UnreadableException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new UnreadableException("replica report of version " + version + ", known is " + VERSION);
            }
            return new ReplicaReport(
                    new CellId(in.readUTF()),
                    new ServerId(in.readUTF()),
                    serverOrNull(in.readUTF()),
                    in.readBoolean(),
                    in.readBoolean(),
                    in.readLong(),
                    new LogIndex(in.readLong()),
                    new LogIndex(in.readLong()),
                    new LeaseDigest(in.readLong()),
                    new LogIndex(in.readLong()),
                    new LogIndex(in.readLong()),
                    new LogIndex(in.readLong()),
                    in.readLong(),
                    textOrNull(in.readUTF()),
                    readFollowers(in));
        } catch (IOException | IllegalArgumentException e) {
            throw new UnreadableException("damaged replica report: " + e);
        }
    }

    private static List<Follower> readFollowers(DataInputStream in) throws IOException {
        int count = in.readUnsignedShort();
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            followers.add(new Follower(new ServerId(in.readUTF()), in.readLong(), new LogIndex(in.readLong())));
        }
        return followers;
    }

    private static @Nullable ServerId serverOrNull(String name) {
        return name.isEmpty() ? null : new ServerId(name);
    }

    private static @Nullable String textOrNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
