package org.anylease.server.wire;

/** What a datagram turned out to be. */
public sealed interface Decoded {
    /**
     * A packet.
     *
     * @param packet the packet, well formed throughout
     */
    record Ok(Packet packet) implements Decoded {}

    /**
     * No packet: to be counted by reason and dropped.
     *
     * @param reason what to count it under
     * @param detail what was wrong and where, for a trace
     */
    record Malformed(MalformedReason reason, String detail) implements Decoded {}
}
