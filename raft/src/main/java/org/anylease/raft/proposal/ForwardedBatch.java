package org.anylease.raft.proposal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;

/**
 * A batch on its way to the leader.
 *
 * @param cell the cell
 * @param origin its proposer
 * @param sequence its number there
 * @param commands how many commands it holds
 * @param encoded the batch; not copied, nobody changes it
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on and never compared; a copy each way would cost more than it says.
public record ForwardedBatch(CellId cell, Incarnation origin, long sequence, int commands, byte[] encoded) {
    private static final byte VERSION = 1;

    /**
     * The batch as bytes.
     *
     * @return version, cell, origin, sequence, number of commands, batch
     */
    public byte[] encode() {
        byte[] cellName = cell.name().getBytes(StandardCharsets.US_ASCII);
        byte[] server = origin.server().name().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(
                3 + cellName.length + server.length + 2 * Long.BYTES + Integer.BYTES + encoded.length);
        out.put(VERSION).put((byte) cellName.length).put(cellName);
        out.put((byte) server.length).put(server);
        out.putLong(origin.disk()).putLong(sequence).putInt(commands).put(encoded);
        return out.array();
    }

    /**
     * Reads a batch.
     *
     * @param bytes from {@link #encode()}
     * @return the batch
     * @throws UnreadableException when they are of another version or damaged
     */
    public static ForwardedBatch decode(byte[] bytes) throws UnreadableException {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte version = in.get();
            if (version != VERSION) {
                throw new UnreadableException("forwarded batch of version " + version + ", known is " + VERSION);
            }
            CellId cell = new CellId(name(in));
            Incarnation origin = new Incarnation(new ServerId(name(in)), in.getLong());
            long sequence = in.getLong();
            int commands = in.getInt();
            byte[] encoded = new byte[in.remaining()];
            in.get(encoded);
            return new ForwardedBatch(cell, origin, sequence, commands, encoded);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UnreadableException("damaged forwarded batch: " + e);
        }
    }

    private static String name(ByteBuffer in) {
        byte[] name = new byte[in.get() & 0xff];
        in.get(name);
        return new String(name, StandardCharsets.US_ASCII);
    }
}
