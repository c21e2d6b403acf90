/**
 * When a site's anycast route is preferred, inferior or withdrawn, and how that is said to a routing daemon.
 *
 * <p>Pure: results of checks and a time in, what to announce out. Depends on {@code server.config} and {@code
 * server.wire}; {@code tools.announcer} is the shell around it.
 */
@NullMarked
package org.anylease.tools.anycast;

import org.jspecify.annotations.NullMarked;
