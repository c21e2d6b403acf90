/**
 * Server processes on this machine, as the demo and the chaos tests start, kill and await them.
 *
 * <p>It knows a server by its command line and its output only.
 */
@NullMarked
package org.anylease.tools.local;

import org.jspecify.annotations.NullMarked;
