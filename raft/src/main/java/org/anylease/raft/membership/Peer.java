package org.anylease.raft.membership;

import org.anylease.store.cell.ServerId;

/**
 * A server of the cluster and how its peers reach it.
 *
 * @param server its name
 * @param raft where its Raft service listens
 * @param link where its link listens
 */
public record Peer(ServerId server, Endpoint raft, Endpoint link) {}
