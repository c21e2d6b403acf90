package org.anylease.tools.fleet;

import java.util.List;

/** What anycast routing does to a relay's packets: the site that the next one reaches. */
@FunctionalInterface
public interface Route {
    /**
     * Where the next packet goes; asked for each transmission, so a route may flip in the middle of an exchange.
     *
     * @param client the number of the client that sends
     * @return the site
     */
    Site next(int client);

    /**
     * Everywhere that a packet goes: a relay with several servers configured sends each packet to all of them.
     *
     * @param client the number of the client that sends
     * @param site where {@link #next} led
     * @return that site alone, unless an implementation says otherwise
     */
    default List<Site> copies(int client, Site site) {
        return List.of(site);
    }
}
