/**
 * The catalogue of what can happen in the server, as countable facts: stable name, level, meaning, and what an operator
 * should do. {@code docs/operations/events.md} is generated from it.
 *
 * <p>Pure. Depends on nothing. The core reports events; telemetry counts them and writes those of a level above
 * {@link org.anylease.server.event.Level#COUNTED} to the log, rate-limited.
 */
@NullMarked
package org.anylease.server.event;

import org.jspecify.annotations.NullMarked;
