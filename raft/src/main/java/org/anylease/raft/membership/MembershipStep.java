package org.anylease.raft.membership;

import org.anylease.store.cell.ServerId;

/** A change of a cell's Raft group, one at a time. */
public sealed interface MembershipStep {
    /**
     * The server that it is about.
     *
     * @return the server
     */
    ServerId server();

    /**
     * A new server listens from now on.
     *
     * @param server the server
     */
    record Admit(ServerId server) implements MembershipStep {}

    /**
     * One that has caught up votes from now on.
     *
     * @param server the server
     */
    record Promote(ServerId server) implements MembershipStep {}

    /**
     * One that is no member any more leaves.
     *
     * @param server the server
     */
    record Remove(ServerId server) implements MembershipStep {}

    /**
     * The leader is no member any more, and hands over, so that the next one may remove it.
     *
     * @param server the next leader
     */
    record HandOver(ServerId server) implements MembershipStep {}
}
