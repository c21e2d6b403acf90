/**
 * A fleet of DHCP clients behind relays, for the demo, the chaos tests and load.
 *
 * <p>Its codec is dhcp4java, so that the server is judged by somebody else's reading of the RFCs. It depends on no
 * module of Anylease.
 */
@NullMarked
package org.anylease.tools.fleet;

import org.jspecify.annotations.NullMarked;
