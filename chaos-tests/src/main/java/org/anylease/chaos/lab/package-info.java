/**
 * A laboratory on this machine: network namespaces with sites, routers, relays and real DHCP clients in them.
 *
 * <p>It touches no network but those it makes, and removes all it made, also after a failure. It depends on
 * {@code tools} and the JDK, and needs root for namespaces.
 */
@NullMarked
package org.anylease.chaos.lab;

import org.jspecify.annotations.NullMarked;
