package org.anylease.raft.liveness;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.anylease.store.replication.QuorumState;

/** Tells from contacts whether a cell can commit. Confined to the loop. */
public final class QuorumWatch {
    private final Duration silenceMax;
    private QuorumState state;

    /**
     * A watch that has heard nothing yet.
     *
     * @param silenceMax a leader not heard of for this long is out of reach
     * @param now the time
     */
    public QuorumWatch(Duration silenceMax, Instant now) {
        this.silenceMax = silenceMax;
        this.state = new QuorumState(null, false, now);
    }

    /**
     * The state as last told.
     *
     * @return the state
     */
    public QuorumState state() {
        return state;
    }

    /**
     * Takes in what a replica hears now.
     *
     * @param contact what it hears
     * @param now the time
     * @return the new state if it is another
     */
    public Optional<QuorumState> heard(Contact contact, Instant now) {
        boolean reachable = contact.leading()
                ? 2 * (contact.peersHeard() + 1) > contact.voters()
                : contact.leader() != null && contact.leaderSilence().compareTo(silenceMax) < 0;
        if (reachable == state.reachable() && Objects.equals(contact.leader(), state.leader())) {
            return Optional.empty();
        }
        Instant since = reachable == state.reachable() ? state.since() : now;
        state = new QuorumState(contact.leader(), reachable, since);
        return Optional.of(state);
    }
}
