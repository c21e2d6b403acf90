package org.anylease.tools.fleet;

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
}
