/**
 * The process that checks the local server and tells the site's routing daemon what to announce.
 *
 * <p>The shell around {@code tools.anycast}: sockets, files, other programs and the clock. Nothing it announces is
 * bound to its life: when it ends, however it ends, the route stays as it is.
 */
@NullMarked
package org.anylease.tools.announcer;

import org.jspecify.annotations.NullMarked;
