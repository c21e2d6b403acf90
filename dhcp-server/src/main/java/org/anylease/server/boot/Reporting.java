package org.anylease.server.boot;

import java.time.InstantSource;
import org.anylease.raft.event.RaftEvent;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.telemetry.EventCounters;
import org.anylease.server.telemetry.EventLog;
import org.anylease.server.telemetry.ServerMetrics;
import org.anylease.server.wire.Encoded;
import org.anylease.server.wire.MalformedReason;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Counts what happens, and writes what an operator should see. From any thread. */
final class Reporting {
    private final ServerMetrics metrics;
    private final EventCounters<ServerEvent> events;
    private final EventCounters<MalformedReason> malformed;
    private final EventCounters<MessageType> received;
    private final EventCounters<MessageType> sent;
    private final EventLog log;

    Reporting(ServerMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.events = metrics.counters(
                "anylease.events", "What happened to packets, by kind and outcome", "event", ServerEvent.class);
        this.malformed = metrics.counters(
                "anylease.malformed.packets", "Packets that could not be read, by reason", "reason", MalformedReason.class);
        this.received = metrics.counters(
                "anylease.received.packets", "Packets that could be read, by message type", "type", MessageType.class);
        this.sent = metrics.counters("anylease.sent.packets", "Replies sent, by message type", "type", MessageType.class);
        this.log = new EventLog(LoggerFactory.getLogger("anylease.events"), clock);
    }

    void malformed(MalformedReason reason) {
        malformed.count(reason);
    }

    /** A packet that no code expected. */
    void trippedOver(RuntimeException defect) {
        StackTraceElement[] where = defect.getStackTrace();
        log.happened(PACKET_DEFECT, defect + (where.length == 0 ? "" : " at " + where[0]));
    }

    void received(Packet packet) {
        packet.messageType().ifPresent(received::count);
    }

    void sent(Packet packet, Encoded encoded) {
        packet.messageType().ifPresent(sent::count);
        if (!encoded.droppedCodes().isEmpty()) {
            log.happened(OPTIONS_DROPPED, "options " + encoded.droppedCodes());
        }
    }

    void took(ServerMetrics.Stage stage, long nanos) {
        metrics.took(stage, nanos);
    }

    void happened(ServerEvent event, String subject) {
        events.count(event);
        switch (event.level()) {
            case COUNTED -> {}
            case INFO -> write(event, Level.INFO, subject);
            case WARNING -> write(event, Level.WARN, subject);
            case ERROR -> write(event, Level.ERROR, subject);
        }
    }

    private void write(ServerEvent event, Level level, String subject) {
        log.happened(new EventLog.Kind(event.id(), level, event.meaning(), event.action()), subject);
    }

    private static final EventLog.Kind PACKET_DEFECT = new EventLog.Kind(
            "packet-defect",
            Level.ERROR,
            "The server tripped over a packet and dropped it: a defect of this program.",
            "Report it with this line and a capture of the packet.");

    private static final EventLog.Kind OPTIONS_DROPPED = new EventLog.Kind(
            "options-dropped",
            Level.WARN,
            "A reply did not hold all its options.",
            "Shorten the options of that network, or let its clients announce a larger maximum message size.");

    /** Writes what happened in replication. */
    void happened(RaftEvent event) {
        switch (event) {
            case RaftEvent.CellStopped(var cell, String during, Throwable cause) ->
                log.happened(
                        kind(
                                "cell-stopped",
                                Level.ERROR,
                                "This server's copy of a cell has stopped, and the process ends.",
                                "Mend the cause (a full or failing disk, most often) and start the server again; the"
                                        + " other servers serve on."),
                        cell + ", while " + during + ": " + cause);
            case RaftEvent.LeaderChanged(var cell, var leader) ->
                log.happened(
                        kind("leader-changed", Level.INFO, "A cell has another leader, or none.", ""),
                        cell + ": " + (leader == null ? "no leader known" : leader));
            case RaftEvent.LinkUp(var peer) ->
                log.happened(kind("link-up", Level.INFO, "The connection to a server stands.", ""), peer.name());
            case RaftEvent.LinkDown(var peer, String reason) ->
                log.happened(
                        kind(
                                "link-down",
                                Level.WARN,
                                "The connection to a server broke, or could not be made; it is tried again.",
                                "If it stays so, look at that server and at the path to its link port."),
                        peer + ": " + reason);
            case RaftEvent.LinkRefused(String remote, String reason) ->
                log.happened(
                        kind(
                                "link-refused",
                                Level.WARN,
                                "A server was refused, or refused this one.",
                                "Compare cluster names and versions of the two servers."),
                        remote + ": " + reason);
            case RaftEvent.SnapshotTaken(var cell, var index, var took) ->
                log.happened(
                        kind("snapshot-taken", Level.INFO, "A snapshot was taken; the log before it may go.", ""),
                        cell + " at " + index + " in " + took.toMillis() + " ms");
            case RaftEvent.SnapshotFailed(var cell, Throwable cause) ->
                log.happened(
                        kind(
                                "snapshot-failed",
                                Level.WARN,
                                "A snapshot could not be taken; the log grows until one can.",
                                "Look at the disk of the data directory."),
                        cell + ": " + cause);
            case RaftEvent.SnapshotInstalled(var cell, var index) ->
                log.happened(
                        kind("snapshot-installed", Level.INFO, "This server's copy was replaced by a snapshot.", ""),
                        cell + " at " + index);
            case RaftEvent.CellJoined(var cell, boolean rejoining) ->
                log.happened(
                        kind("cell-joined", Level.INFO, "This server takes part in a cell.", ""),
                        cell + (rejoining ? ", as one that has lost its copy" : ""));
            case RaftEvent.CellWaits(var cell, String reason) ->
                log.happened(
                        kind(
                                "cell-waits",
                                Level.WARN,
                                "This server cannot take part in a cell yet.",
                                "It goes on by itself once that is there."),
                        cell + ": " + reason);
        }
    }

    private static EventLog.Kind kind(String id, Level level, String meaning, String action) {
        return new EventLog.Kind(id, level, meaning, action);
    }
}
