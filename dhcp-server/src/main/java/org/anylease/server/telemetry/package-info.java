/**
 * What a server tells of itself unasked: metrics for Prometheus, and log lines of events.
 *
 * <p>Counting is cheap enough for the packet path: every meter is registered ahead and found by an enum's ordinal.
 * Depends on {@code event} only; {@code boot} feeds it.
 */
@NullMarked
package org.anylease.server.telemetry;

import org.jspecify.annotations.NullMarked;
