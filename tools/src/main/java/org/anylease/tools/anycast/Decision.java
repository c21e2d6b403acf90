package org.anylease.tools.anycast;

import java.time.Instant;
import org.anylease.server.config.Announcement;

/**
 * What a site is to announce.
 *
 * @param announcement what
 * @param health how the server is, hysteresis applied
 * @param drained whether an operator has drained the site
 * @param why what brought it there, as an operator reads it
 * @param since since when it is so
 */
public record Decision(Announcement announcement, Health health, boolean drained, String why, Instant since) {
    boolean isLike(Decision other) {
        return announcement == other.announcement && health == other.health && drained == other.drained;
    }
}
