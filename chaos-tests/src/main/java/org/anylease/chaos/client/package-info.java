/**
 * DHCP clients as RFC 2131 §4.4 has them, in virtual time.
 *
 * <p>They know a port to send through, timers and their own dice. Depends on nothing of {@code chaos}.
 */
@NullMarked
package org.anylease.chaos.client;

import org.jspecify.annotations.NullMarked;
