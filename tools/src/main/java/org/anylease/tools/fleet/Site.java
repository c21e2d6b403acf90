package org.anylease.tools.fleet;

import java.net.InetSocketAddress;

/**
 * A site as the relays see it: where packets go when routing leads there.
 *
 * @param name the site's name
 * @param address where its server listens for DHCP
 */
public record Site(String name, InetSocketAddress address) {}
