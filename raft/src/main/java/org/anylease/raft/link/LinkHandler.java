package org.anylease.raft.link;

import java.util.concurrent.CompletionStage;
import org.anylease.store.cell.ServerId;

/** Answers what peers ask. */
@FunctionalInterface
public interface LinkHandler {
    /**
     * A peer asks. Called on the loop, must not block and must not keep the array past the answer.
     *
     * @param from the peer, or this server itself
     * @param body the question
     * @return the answer; it may complete on any thread, exceptionally with a message that the peer will see
     */
    CompletionStage<byte[]> asked(ServerId from, byte[] body);
}
