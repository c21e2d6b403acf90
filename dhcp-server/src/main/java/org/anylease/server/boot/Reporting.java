package org.anylease.server.boot;

import java.time.InstantSource;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.membership.MembershipStep;
import org.anylease.server.action.Act;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.script.CommandRunner;
import org.anylease.server.telemetry.EventLog;
import org.anylease.server.telemetry.ServerMetrics;
import org.anylease.server.wire.Encoded;
import org.anylease.server.wire.MalformedReason;
import org.slf4j.LoggerFactory;

/** Counts what happens, and writes what an operator should see. From any thread. */
final class Reporting {
    private final ServerMetrics metrics;
    private final EventLog log;

    Reporting(ServerMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.log = new EventLog(LoggerFactory.getLogger("anylease.events"), clock);
    }

    void malformed(MalformedReason reason) {
        metrics.packet(PacketKind.OTHER, PacketOutcome.DROPPED);
        happened(
                switch (reason) {
                    case TOO_SHORT -> ServerEvent.MALFORMED_TOO_SHORT;
                    case TOO_LONG -> ServerEvent.MALFORMED_TOO_LONG;
                    case BAD_OP -> ServerEvent.MALFORMED_OP;
                    case BAD_HLEN -> ServerEvent.MALFORMED_HLEN;
                    case BAD_MAGIC -> ServerEvent.MALFORMED_MAGIC;
                    case OPTION_OVERRUN -> ServerEvent.MALFORMED_OPTION_OVERRUN;
                    case BAD_OVERLOAD -> ServerEvent.MALFORMED_OVERLOAD;
                    case BAD_MESSAGE_TYPE -> ServerEvent.MALFORMED_MESSAGE_TYPE;
                    case BAD_RELAY_INFORMATION -> ServerEvent.MALFORMED_RELAY_INFORMATION;
                },
                "");
    }

    void ended(PacketKind kind, PacketOutcome outcome) {
        metrics.packet(kind, outcome);
    }

    void sent(Encoded encoded) {
        if (!encoded.droppedCodes().isEmpty()) {
            happened(ServerEvent.OPTIONS_DROPPED, "options " + encoded.droppedCodes());
        }
    }

    void probed(ProbeResult result, long nanos) {
        metrics.took(ServerMetrics.Stage.PROBE, nanos);
        metrics.probed(
                switch (result) {
                    case ProbeResult.Answered _ -> ServerMetrics.ProbeResult.ANSWERED;
                    case ProbeResult.Silent _ -> ServerMetrics.ProbeResult.SILENT;
                    case ProbeResult.Unreachable _ -> ServerMetrics.ProbeResult.UNREACHABLE;
                    case ProbeResult.LocalError _ -> ServerMetrics.ProbeResult.LOCAL_ERROR;
                });
    }

    void took(ServerMetrics.Stage stage, long nanos) {
        metrics.took(stage, nanos);
    }

    void happened(ServerEvent event, String details) {
        metrics.happened(event);
        log.happened(event, details);
    }

    /** What an operator wants logged when something happens to a lease. */
    void logged(Act.Line line) {
        log.said(line.action(), line.level(), line.text());
    }

    /** A command came to its end. */
    void ran(String command, CommandRunner.Result result, String details) {
        metrics.ran(
                switch (result) {
                    case SUCCEEDED -> ServerMetrics.CommandResult.SUCCEEDED;
                    case FAILED -> ServerMetrics.CommandResult.FAILED;
                    case TIMED_OUT -> ServerMetrics.CommandResult.TIMED_OUT;
                    case DROPPED -> ServerMetrics.CommandResult.DROPPED;
                    case REFUSED -> ServerMetrics.CommandResult.REFUSED;
                });
        if (result != CommandRunner.Result.SUCCEEDED) {
            happened(ServerEvent.COMMAND_FAILED, command + ": " + details);
        }
    }

    /** A command lacked an argument. Clients choose what they send, so that nothing is logged. */
    void ranNothing() {
        metrics.ran(ServerMetrics.CommandResult.INCOMPLETE);
    }

    /** A packet that no code expected. */
    void trippedOver(RuntimeException defect) {
        StackTraceElement[] where = defect.getStackTrace();
        happened(ServerEvent.PACKET_DEFECT, defect + (where.length == 0 ? "" : " at " + where[0]));
    }

    /** Counts and writes what happened in replication. */
    void happened(RaftEvent event) {
        switch (event) {
            case RaftEvent.CellStopped(var cell, String during, Throwable cause) ->
                happened(ServerEvent.CELL_STOPPED, cell + ", while " + during + ": " + cause);
            case RaftEvent.LeaderChanged(var cell, var leader) ->
                happened(ServerEvent.LEADER_CHANGED, cell + ": " + (leader == null ? "no leader known" : leader));
            case RaftEvent.LinkUp(var peer) -> happened(ServerEvent.LINK_UP, peer.name());
            case RaftEvent.LinkDown(var peer, String reason) -> happened(ServerEvent.LINK_DOWN, peer + ": " + reason);
            case RaftEvent.LinkRefused(String remote, String reason) ->
                happened(ServerEvent.LINK_REFUSED, remote + ": " + reason);
            case RaftEvent.SnapshotTaken(var cell, var index, var took) ->
                happened(ServerEvent.SNAPSHOT_TAKEN, cell + " at " + index + " in " + took.toMillis() + " ms");
            case RaftEvent.SnapshotFailed(var cell, Throwable cause) ->
                happened(ServerEvent.SNAPSHOT_FAILED, cell + ": " + cause);
            case RaftEvent.SnapshotInstalled(var cell, var index) ->
                happened(ServerEvent.SNAPSHOT_INSTALLED, cell + " at " + index);
            case RaftEvent.CellJoined(var cell, boolean rejoining) ->
                happened(ServerEvent.CELL_JOINED, cell + (rejoining ? ", as one that has lost its copy" : ""));
            case RaftEvent.CellWaits(var cell, String reason) -> happened(ServerEvent.CELL_WAITS, cell + ": " + reason);
            case RaftEvent.ClockDoubted(var cell, var doubt, String others) ->
                happened(
                        ServerEvent.CELL_CLOCK_DOUBTED,
                        cell + ": " + doubt.meaning() + " (" + others + "); " + doubt.remedy());
            case RaftEvent.MembershipChanged(var cell, MembershipStep step) ->
                happened(ServerEvent.MEMBERSHIP_CHANGED, cell + ": " + told(step));
            case RaftEvent.CellLeft(var cell, var leader) ->
                happened(ServerEvent.CELL_LEFT, cell + ", as its leader " + leader + " says");
            case RaftEvent.CellRecovered(var cell, long epoch, String author) ->
                happened(ServerEvent.CELL_RECOVERED, cell + " in epoch " + epoch + ", vouched for by " + author);
            case RaftEvent.ClockTrusted(var cell) -> happened(ServerEvent.CELL_CLOCK_TRUSTED, cell.name());
        }
    }

    private static String told(MembershipStep step) {
        return switch (step) {
            case MembershipStep.Admit(var server) -> server + " listens, until it has caught up";
            case MembershipStep.Promote(var server) -> server + " has caught up, and votes";
            case MembershipStep.Remove(var server) -> server + " takes part no longer";
            case MembershipStep.HandOver(var server) -> server + " leads, since the leader is no member any more";
        };
    }
}
