package org.anylease.raft.liveness;

import java.time.Duration;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * What a replica hears of its group at one moment.
 *
 * @param leader whom it takes for the leader, or null
 * @param leading whether it leads itself, and takes entries
 * @param leaderSilence how long ago it heard of the leader
 * @param peersHeard leading: how many other voters it has heard of lately
 * @param voters how many voters there are, itself included
 */
public record Contact(@Nullable ServerId leader, boolean leading, Duration leaderSilence, int peersHeard, int voters) {}
