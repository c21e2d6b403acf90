package org.anylease.raft.ratis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.membership.Peer;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.raft.membership.TlsFiles;
import org.anylease.store.codec.EntryCodec;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * How Ratis is set up. Its defaults suit one group of a storage node: buffers of megabytes for each group, pools of
 * dozens of threads, and reads without a lease.
 */
final class RatisTuning {
    /** What stands around the commands of an entry: stamp, origins, Raft's own words. */
    private static final long AROUND_COMMANDS_BYTES = 64 << 10;

    private static final long ENTRY_BYTES_MAX = EntryCodec.COMMAND_BYTES_MAX + AROUND_COMMANDS_BYTES;
    private static final long SEGMENT_BYTES_MIN = 32 << 10;
    private static final long SEGMENT_BYTES_MAX = 4 << 20;

    /** Of 1 MB at most each: that is what a leader may hold in memory for a follower. A file has a chunk at least. */
    private static final int SNAPSHOT_CHUNKS_UNDER_WAY = 32;

    /** How long the oldest chunk under way may take. */
    private static final int SNAPSHOT_MILLIS = 24_000;

    /** How many times as long as later the first election may take. */
    private static final int FIRST_ELECTION_PATIENCE = 3;

    private RatisTuning() {}

    static RaftProperties properties(RaftSettings settings, Peer self, DataDirectory data) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(data.raft().toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(
                properties, data.raft().resolveSibling("removed").toFile());
        RaftConfigKeys.Rpc.setType(properties, new LogAppenders());
        GrpcConfigKeys.Server.setHost(properties, self.raft().host());
        GrpcConfigKeys.Server.setPort(properties, self.raft().port());
        timers(properties, settings);
        log(properties, settings.snapshots());
        threads(properties);
        return properties;
    }

    private static void timers(RaftProperties properties, RaftSettings settings) {
        TimeDuration min = of(settings.timers().electionMin());
        TimeDuration max = of(settings.timers().electionMax());
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
        // Until it has seen a leader a server is patient: it and its peers are starting, and slow.
        boolean alone = settings.cells().values().stream().allMatch(voters -> voters.size() == 1);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, alone ? min : max);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
                properties, alone ? max : max.multiply(FIRST_ELECTION_PATIENCE));
        // A request without an answer for this long is sent again; well above the election timers.
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, max.multiply(3));
        // How a leader tries a follower that does not answer. Ratis' own waits reach 5 s, and end after a while.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "20ms,10, 200ms," + Integer.MAX_VALUE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, max);
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(10, TimeUnit.SECONDS));
        // A process that slept for longer leads no more, and does not close itself for it: pauses happen.
        RaftServerConfigKeys.setSleepDeviationThreshold(properties, max);
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(1, TimeUnit.DAYS));
        // More servers than members at once may join a small cell.
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, true);
    }

    private static void log(RaftProperties properties, SnapshotPolicy snapshots) {
        // Only whole segments are purged, so several must fit between two snapshots.
        long segment = Math.clamp(snapshots.logBytesMax() / 8, SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(segment));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(Math.min(segment, 256 << 10)));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 3);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("16MB"));
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        // No entry may be larger; the largest is a configuration with many reservations. The write buffer, which
        // each group allocates, must hold one.
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX));
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX + 1024));
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf("1MB"));
        // A leader that waits for room among the chunks under way does not notice that their connection has broken
        // until
        // all of their time is over: so there is room for all of a usual snapshot, and as much time in all as before.
        GrpcConfigKeys.Server.setInstallSnapshotRequestElementLimit(properties, SNAPSHOT_CHUNKS_UNDER_WAY);
        GrpcConfigKeys.Server.setInstallSnapshotRequestTimeout(
                properties, TimeDuration.valueOf(SNAPSHOT_MILLIS / SNAPSHOT_CHUNKS_UNDER_WAY, TimeUnit.MILLISECONDS));
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("32MB"));
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("32MB"));
        RaftServerConfigKeys.Write.setElementLimit(properties, 64);
        // Snapshots are taken by the replica's writer; Ratis only purges behind them.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
    }

    private static void threads(RaftProperties properties) {
        // One thread for each group takes entries in, so that they enter the log in the order submitted.
        RaftServerConfigKeys.ThreadPool.setClientCached(properties, false);
        RaftServerConfigKeys.ThreadPool.setClientSize(properties, 1);
        GrpcConfigKeys.Server.setAsyncRequestThreadPoolSize(properties, 4);
    }

    static Parameters parameters(RaftSettings settings) {
        Parameters parameters = new Parameters();
        TlsFiles tls = settings.tls();
        if (tls != null) {
            GrpcTlsConfig config = new GrpcTlsConfig(
                    tls.key().toFile(),
                    tls.certificate().toFile(),
                    tls.authorities().toFile(),
                    true);
            GrpcConfigKeys.TLS.setConf(parameters, config);
        }
        return parameters;
    }

    static TimeDuration of(Duration duration) {
        return TimeDuration.valueOf(duration.toNanos(), TimeUnit.NANOSECONDS).to(TimeUnit.MILLISECONDS);
    }
}
