package org.anylease.server.net;

/** How this machine would probe, for the operator to know at the start. */
public sealed interface ProbeAvailability {
    /** By a ping socket, which needs no privilege but the group's place in {@code ping_group_range}. */
    record PingSocket() implements ProbeAvailability {}

    /**
     * By a raw socket, which needs CAP_NET_RAW and hears other programs' echoes too.
     *
     * @param insteadOfPing why not by a ping socket
     */
    record RawSocket(String insteadOfPing) implements ProbeAvailability {}

    /**
     * Not at all: every probe would end in a local error.
     *
     * @param reason what stands in the way
     * @param remedy what to do about it
     */
    record None(String reason, String remedy) implements ProbeAvailability {}
}
