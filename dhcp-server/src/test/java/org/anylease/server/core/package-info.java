/**
 * Tests of the service, driven through {@link org.anylease.server.core.Rig}: real tables, real codec, scripted time,
 * quorum and neighbours.
 *
 * <p>What they do not prove: that ports keep their contracts, that the log orders as {@code SharedCell} does, anything
 * about partitions.
 */
@NullMarked
package org.anylease.server.core;

import org.jspecify.annotations.NullMarked;
