package org.anylease.raft.event;

/** Hears the events of replication. Called from any thread; must not block and must not throw. */
@FunctionalInterface
public interface RaftEventListener {
    /**
     * An event.
     *
     * @param event what happened
     */
    void heard(RaftEvent event);
}
