package org.anylease.chaos.nemesis;

import java.time.Duration;

/** What a step of a scenario does. */
sealed interface Act {
    /** Packets between servers are lost, or only those of the first to the second. */
    record Cut(Who one, Who other, boolean oneWay) implements Act {}

    /** The link between servers goes and comes again and again. */
    record Flap(Who one, Who other, Duration every) implements Act {}

    /** Servers end as by a power cut, all at once. */
    record Kill(Who who) implements Act {}

    /** Servers end in good order. */
    record Stop(Who who) implements Act {}

    /** Servers start that do not run. */
    record Start(Who who) implements Act {}

    /** Servers end in good order and start again. */
    record Restart(Who who) implements Act {}

    /** No thread of a server runs. */
    record Pause(Who who) implements Act {}

    /** A paused server goes on. */
    record Resume(Who who) implements Act {}

    /** A server is killed and its disk emptied. */
    record Wipe(Who who) implements Act {}

    /** Every sync of a server's disk takes longer. */
    record SlowDisk(Who who, Duration by) implements Act {}

    /** The small disk of the one server that has one is filled. */
    record FillDisk() implements Act {}

    /** It has room again. */
    record FreeDisk() implements Act {}

    /** The clock of the one server whose clock can be changed. */
    record StepClock(Duration by) implements Act {}

    /** What the relays of these sites send is led to another site. */
    record Route(Who relays, Who to) implements Act {}

    /** All routes change again and again, each relay's in its turn. */
    record FlipRoutes(Duration every) implements Act {}

    /** Every relay sends each packet to two servers, by their own addresses. */
    record Doubled() implements Act {}

    /** New clients arrive at the relays of these sites, a number at each. */
    record Join(int clients, Who relays) implements Act {}

    /** Every client forgets its lease and asks for one, all at once. */
    record Storm() implements Act {}

    /** All faults end, and every server runs. */
    record Heal() implements Act {}
}
