/**
 * What operators ask of a running server over HTTP: leases, cells, sites, configuration, metrics.
 *
 * <p>The server behind it is the port {@link org.anylease.server.admin.Cluster}; requests run on virtual threads and
 * never hold up the packet loop. Depends on {@code lease-store} and {@code config}, not on Raft or telemetry.
 */
@NullMarked
package org.anylease.server.admin;

import org.jspecify.annotations.NullMarked;
