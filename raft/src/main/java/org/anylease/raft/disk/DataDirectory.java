package org.anylease.raft.disk;

import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * A server's data directory, open for this process alone.
 *
 * <pre>
 * identity           cluster, server, format, incarnation; written once, when the directory is made
 * starts             how many processes have opened it
 * lock               held while one is running
 * raft/GROUP/        Ratis' log, metadata and snapshots of a cell's group
 * cells/CELL/voters  the servers that vote in the cell, one a line; written before its group is joined
 * cells/CELL/live/   the cell's state as last stored
 * </pre>
 *
 * <p>Not thread-safe; the values it was opened with may be read from any thread.
 */
public final class DataDirectory implements AutoCloseable {
    /** The format that this program writes, and the newest that it reads. */
    public static final int FORMAT = 1;

    private static final String IDENTITY = "identity";
    private static final String VOTERS = "voters";
    private static final String EPOCH = "epoch";
    private static final String RECOVERY = "recovery";

    /** A log segment, the store's log and a snapshot begin with some; with less a server would stop soon after. */
    private static final long FREE_MEBIBYTES_MIN = 64;

    private final Path root;
    private final Incarnation incarnation;
    private final AtomicLong pipelines = new AtomicLong();
    private final long starts;
    private final boolean fresh;
    private final FileChannel lockChannel;

    private DataDirectory(Path root, Incarnation incarnation, long starts, boolean fresh, FileChannel lockChannel) {
        this.root = root;
        this.incarnation = incarnation;
        this.starts = starts;
        this.fresh = fresh;
        this.lockChannel = lockChannel;
    }

    /**
     * Opens a data directory, or makes one.
     *
     * @param root the directory
     * @param cluster the cluster it must belong to
     * @param server the server it must belong to
     * @param random draws the incarnation of a new one
     * @return the directory, locked
     * @throws IOException with a message that says what is wrong and what to do
     */
    public static DataDirectory open(Path root, String cluster, ServerId server, RandomGenerator random)
            throws IOException {
        FileChannel channel = null;
        try {
            Files.createDirectories(root);
            channel = lock(root);
            checkSpace(root);
            boolean fresh = !Files.exists(root.resolve(IDENTITY));
            if (fresh) {
                create(root, cluster, server, random);
            }
            Incarnation incarnation = readIdentity(root, cluster, server);
            Path counter = root.resolve("starts");
            long starts = 1 + (Files.exists(counter) ? readCount(counter) : 0);
            DurableFile.write(counter, starts + "\n");
            return new DataDirectory(root, incarnation, starts, fresh, channel);
        } catch (IOException e) {
            close(channel, e);
            throw explain(root, e);
        } catch (RuntimeException e) {
            close(channel, e);
            throw e;
        }
    }

    /**
     * Whose a data directory is.
     *
     * @param cluster the cluster
     * @param server the server
     */
    public record Owner(String cluster, ServerId server) {}

    /**
     * Says whose a data directory is, in use or not.
     *
     * @param root the directory
     * @return its server
     * @throws IOException when it is none
     */
    public static Owner owner(Path root) throws IOException {
        Path file = root.resolve(IDENTITY);
        if (!Files.isRegularFile(file)) {
            throw new IOException(root + " is no server's data directory: it has no identity file");
        }
        Properties identity = new Properties();
        identity.load(new StringReader(Files.readString(file)));
        try {
            return new Owner(identity.getProperty("cluster", ""), new ServerId(identity.getProperty("server", "")));
        } catch (IllegalArgumentException e) {
            throw new IOException("data directory " + root + " has a damaged identity file " + file, e);
        }
    }

    private static void close(@Nullable FileChannel channel, Exception cause) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    private static IOException explain(Path root, IOException e) {
        String prefix = "data directory " + root;
        if (e.getMessage() != null && e.getMessage().startsWith(prefix)) {
            return e;
        }
        if (e instanceof AccessDeniedException denied) {
            return new IOException(
                    prefix + ": no permission for " + denied.getFile()
                            + "; give the server's user the right to write there",
                    e);
        }
        String reason = e instanceof FileSystemException failed && failed.getReason() != null
                ? failed.getReason()
                : e.toString();
        return new IOException(
                prefix + " cannot be used: " + reason + "; free some space or mend the disk, then start again", e);
    }

    private static void checkSpace(Path root) throws IOException {
        long mebibytes = Files.getFileStore(root).getUsableSpace() >> 20;
        if (mebibytes < FREE_MEBIBYTES_MIN) {
            throw new IOException("data directory " + root + " has " + mebibytes
                    + " MiB of free space, and a server needs " + FREE_MEBIBYTES_MIN
                    + " MiB to start; free some space or give it a larger disk, then start again");
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // This very process holds it: answered below like any other holder.
        }
        if (lock == null) {
            channel.close();
            throw new IOException("data directory " + root
                    + " is in use by another process; stop that server, or give this one a directory of its own");
        }
        return channel;
    }

    private static void create(Path root, String cluster, ServerId server, RandomGenerator random) throws IOException {
        try (var entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!name.equals("lock") && !name.endsWith(".tmp") && !name.equals("lost+found")) {
                    throw new IOException("data directory " + root + " holds '" + name
                            + "' but no identity file; it is not this server's, or was copied in part. "
                            + "Restore it whole, or give an empty directory");
                }
            }
        }
        DurableFile.write(
                root.resolve(IDENTITY),
                "format=" + FORMAT + "\ncluster=" + cluster + "\nserver=" + server.name() + "\nincarnation="
                        + Long.toHexString(random.nextLong()) + "\n");
    }

    private static Incarnation readIdentity(Path root, String cluster, ServerId server) throws IOException {
        Path file = root.resolve(IDENTITY);
        Properties identity = new Properties();
        identity.load(new StringReader(Files.readString(file)));
        try {
            int format = Integer.parseInt(identity.getProperty("format", ""));
            if (format > FORMAT) {
                throw new IOException("data directory " + root + " has format " + format
                        + ", which is newer than this program reads (" + FORMAT + "); start the newer program");
            }
            refuseOther(root, "cluster", identity.getProperty("cluster", ""), cluster);
            refuseOther(root, "server", identity.getProperty("server", ""), server.name());
            return new Incarnation(server, Long.parseUnsignedLong(identity.getProperty("incarnation", ""), 16));
        } catch (NumberFormatException e) {
            throw new IOException(
                    "data directory " + root + " has a damaged identity file " + file
                            + "; restore it from a backup of this server",
                    e);
        }
    }

    private static void refuseOther(Path root, String what, String found, String expected) throws IOException {
        if (!found.equals(expected)) {
            throw new IOException("data directory " + root + " belongs to " + what + " '" + found + "', not to '"
                    + expected + "'; correct the configuration, or give another directory");
        }
    }

    private static long readCount(Path counter) throws IOException {
        try {
            return Long.parseLong(Files.readString(counter).strip());
        } catch (NumberFormatException e) {
            throw new IOException(
                    "data directory " + counter.getParent() + " has a damaged file " + counter
                            + "; restore it from a backup of this server",
                    e);
        }
    }

    /**
     * The server with this disk.
     *
     * @return the incarnation drawn when the directory was made
     */
    public Incarnation incarnation() {
        return incarnation;
    }

    /**
     * Whether this process made the directory.
     *
     * @return true on the first start with this disk
     */
    public boolean fresh() {
        return fresh;
    }

    /**
     * The first number for the batches of one cell's pipeline: higher than any that an earlier process of this incarnation
     * used, or an earlier pipeline of this process, since a number is never to be used for two batches. A copy that is
     * fetched anew comes with a new pipeline.
     *
     * @return the number of starts, times 2^44, and that of the calls since, times 2^32
     */
    public long firstSequence() {
        return (starts << 44) + (pipelines.getAndIncrement() << 32);
    }

    /**
     * Where Ratis keeps its groups.
     *
     * @return a directory, which may not exist yet
     */
    public Path raft() {
        return root.resolve("raft");
    }

    /**
     * Where a cell's own state is kept.
     *
     * @param cell the cell
     * @return a directory, which may not exist yet
     */
    public Path cell(CellId cell) {
        return root.resolve("cells").resolve(cell.name());
    }

    /**
     * The cells that this server has taken part in, also those that were formed while the cluster was running.
     *
     * @return each with all its voters, as last kept
     * @throws IOException when a file cannot be read, or is damaged
     */
    public SortedMap<CellId, List<ServerId>> cells() throws IOException {
        TreeMap<CellId, List<ServerId>> cells = new TreeMap<>();
        Path all = root.resolve("cells");
        if (!Files.isDirectory(all)) {
            return cells;
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(all)) {
            for (Path directory : directories) {
                Path file = directory.resolve(VOTERS);
                if (Files.exists(file)) {
                    cells.put(new CellId(String.valueOf(directory.getFileName())), readVoters(file));
                }
            }
        }
        return cells;
    }

    private List<ServerId> readVoters(Path file) throws IOException {
        try {
            return Files.readAllLines(file).stream().map(ServerId::new).toList();
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "data directory " + root + " has a damaged file " + file
                            + "; restore it from a backup of this server",
                    e);
        }
    }

    /**
     * Keeps a cell's voters, to be found again by {@link #cells()}. Blocks until they are on the disk.
     *
     * @param cell the cell
     * @param voters its voters
     * @throws IOException when they could not be made durable
     */
    public void keep(CellId cell, List<ServerId> voters) throws IOException {
        StringBuilder text = new StringBuilder();
        voters.forEach(voter -> text.append(voter.name()).append('\n'));
        Path file = cell(cell).resolve(VOTERS);
        if (Files.exists(file) && Files.readString(file).contentEquals(text)) {
            return;
        }
        Files.createDirectories(cell(cell));
        DurableFile.write(file, text.toString());
        DurableFile.syncDirectory(root.resolve("cells"));
        DurableFile.syncDirectory(root);
    }

    /**
     * The epoch that this server's copy of a cell belongs to.
     *
     * @param cell the cell
     * @return how many times the cell was recovered from a lost majority
     * @throws IOException when that cannot be read
     */
    public long epoch(CellId cell) throws IOException {
        Path file = cell(cell).resolve(EPOCH);
        return Files.exists(file) ? readCount(file) : 0;
    }

    /**
     * Keeps the epoch of a cell. Blocks until it is on the disk.
     *
     * @param cell the cell
     * @param epoch the epoch that this server's copy belongs to from now on
     * @throws IOException when it could not be made durable
     */
    public void keepEpoch(CellId cell, long epoch) throws IOException {
        if (epoch(cell) != epoch) {
            Files.createDirectories(cell(cell));
            DurableFile.write(cell(cell).resolve(EPOCH), epoch + "\n");
            DurableFile.syncDirectory(root.resolve("cells"));
        }
    }

    /**
     * The recovery of a cell that is under way here.
     *
     * @param cell the cell
     * @return empty when there is none
     * @throws IOException when that cannot be read
     */
    public Optional<RecoveryMark> recovering(CellId cell) throws IOException {
        Path file = cell(cell).resolve(RECOVERY);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties mark = new Properties();
        mark.load(new StringReader(Files.readString(file)));
        try {
            return Optional.of(new RecoveryMark(
                    Long.parseLong(mark.getProperty("epoch", "")), mark.getProperty("author", "unknown")));
        } catch (NumberFormatException e) {
            throw new IOException(
                    "data directory " + root + " has a damaged file " + file + "; recover the cell once more", e);
        }
    }

    /**
     * Marks that a recovery has begun. Blocks until that is on the disk.
     *
     * @param cell the cell
     * @param mark the epoch to come, and who vouched
     * @throws IOException when it could not be made durable
     */
    public void beginRecovery(CellId cell, RecoveryMark mark) throws IOException {
        String author = mark.author().replaceAll("\\R", " ").replace("\\", "/");
        DurableFile.write(cell(cell).resolve(RECOVERY), "epoch=" + mark.epoch() + "\nauthor=" + author + "\n");
    }

    /**
     * The cell has committed that it was recovered.
     *
     * @param cell the cell
     * @throws IOException when the mark could not be taken away
     */
    public void endRecovery(CellId cell) throws IOException {
        Files.deleteIfExists(cell(cell).resolve(RECOVERY));
        DurableFile.syncDirectory(cell(cell));
    }

    /**
     * Deletes a cell's state, and that this server took part in the cell.
     *
     * @param cell the cell, whose store is closed
     * @throws IOException when something could not be deleted; asking again goes on with it
     */
    public void forget(CellId cell) throws IOException {
        Path directory = cell(cell);
        if (Files.isDirectory(directory)) {
            // First what names it: half a copy must not be found again.
            Files.deleteIfExists(directory.resolve(VOTERS));
            DurableFile.syncDirectory(directory);
            DurableFile.deleteTree(directory);
            DurableFile.syncDirectory(root.resolve("cells"));
        }
    }

    /** Gives the directory free for another process. */
    @Override
    public void close() throws IOException {
        lockChannel.close();
    }
}
