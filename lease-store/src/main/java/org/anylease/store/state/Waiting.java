package org.anylease.store.state;

import java.time.Instant;
import org.anylease.store.lease.Binding;

/**
 * What waits for servers to report.
 *
 * @param addresses how many
 * @param until when, in cell time, the last of them waits no longer though no report comes; {@link Binding#TIME_MAX} when
 *     only reports free it, the epoch when nothing waits
 */
public record Waiting(int addresses, Instant until) {}
