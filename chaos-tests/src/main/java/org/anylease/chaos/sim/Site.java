package org.anylease.chaos.sim;

import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;

/**
 * One site with one server, and a link with clients attached to it.
 *
 * @param server its server, named like the site
 * @param own the server's own unicast address
 * @param linkAddress the server's address on its link
 */
public record Site(ServerId server, Ipv4 own, Ipv4 linkAddress) {}
