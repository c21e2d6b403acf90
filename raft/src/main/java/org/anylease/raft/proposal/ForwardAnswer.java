package org.anylease.raft.proposal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.BatchApplied;

/** What the leader answers to a forwarded batch. */
public sealed interface ForwardAnswer {
    /**
     * The batch is committed, and applied at the leader.
     *
     * @param index where in the log
     * @param batch what became of it
     */
    record Committed(LogIndex index, BatchApplied batch) implements ForwardAnswer {}

    /** This server does not lead, or no longer; the batch may have reached its log all the same. */
    record NotLeader() implements ForwardAnswer {}

    /** The proposer's clock is further than the skew from the leader's, so that it took nothing of it. */
    record ClockAstray() implements ForwardAnswer {}

    /**
     * The answer as bytes.
     *
     * @return kind, and for a committed batch index and outcomes
     */
    default byte[] encode() {
        return switch (this) {
            case NotLeader() -> new byte[] {0};
            case ClockAstray() -> new byte[] {2};
            case Committed(LogIndex index, BatchApplied batch) -> {
                byte[] outcomes = EntryCodec.encodeOutcomes(batch);
                yield ByteBuffer.allocate(1 + Long.BYTES + outcomes.length)
                        .put((byte) 1)
                        .putLong(index.value())
                        .put(outcomes)
                        .array();
            }
        };
    }

    /**
     * Reads an answer.
     *
     * @param bytes from {@link #encode()}
     * @return the answer
     * @throws UnreadableException when they are of another version or damaged
     */
    static ForwardAnswer decode(byte[] bytes) throws UnreadableException {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte kind = in.get();
            return switch (kind) {
                case 0 -> new NotLeader();
                case 1 -> new Committed(new LogIndex(in.getLong()), EntryCodec.decodeOutcomes(in));
                case 2 -> new ClockAstray();
                default -> throw new UnreadableException("answer of kind " + kind + " to a forwarded batch");
            };
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UnreadableException("damaged answer to a forwarded batch: " + e);
        }
    }
}
