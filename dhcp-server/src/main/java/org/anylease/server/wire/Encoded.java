package org.anylease.server.wire;

import java.util.List;

/**
 * What became of a packet on its way into a datagram.
 *
 * @param length how many bytes were written
 * @param droppedCodes the options for which there was no room, in the order they had; empty nearly always
 */
public record Encoded(int length, List<Integer> droppedCodes) {
    /** Copies the list. */
    public Encoded {
        droppedCodes = List.copyOf(droppedCodes);
    }
}
