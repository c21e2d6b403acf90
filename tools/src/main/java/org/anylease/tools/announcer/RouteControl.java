package org.anylease.tools.announcer;

import java.io.IOException;
import org.anylease.server.config.Announcement;

/**
 * Brings about what a site announces.
 *
 * <p>Used by one thread. What it did stays when this process ends.
 */
interface RouteControl {
    /**
     * Makes it so, and sees that it is. Cheap where it is so already: it is called again and again, since a daemon that
     * was started anew may have forgotten.
     *
     * @param announcement what to announce
     * @throws IOException when it is not so now; the message says why, and what to do
     * @throws InterruptedException when the thread is to end
     */
    void apply(Announcement announcement) throws IOException, InterruptedException;
}
