package org.anylease.raft.link;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.ServerId;

/** What travels on a link: after four octets of length, one octet of kind and what follows from it. */
sealed interface LinkFrame {
    /** The version of the link's protocol; another is refused. */
    int VERSION = 1;

    /** Larger frames are refused, and never sent. */
    int LENGTH_MAX = 16 << 20;

    int MAGIC = 0x414e594c;

    /** The first frame: who dials, and whom it means to reach. */
    record Hello(int version, String cluster, Incarnation from, ServerId to) implements LinkFrame {}

    /** The other side takes the connection. */
    record Welcome(Incarnation from) implements LinkFrame {}

    /** The other side does not; the connection ends. */
    record Refused(String reason) implements LinkFrame {}

    /** A question. */
    @SuppressWarnings(
            "ArrayRecordComponent") // Handed on and never compared; a copy each way would cost more than it says.
    record Call(long id, String method, byte[] body) implements LinkFrame {}

    /** Its answer. */
    @SuppressWarnings(
            "ArrayRecordComponent") // Handed on and never compared; a copy each way would cost more than it says.
    record Answer(long id, byte[] body) implements LinkFrame {}

    /** The question could not be answered. */
    record Failed(long id, String reason) implements LinkFrame {}

    /** Is anybody there? */
    record Ping() implements LinkFrame {}

    /** Yes. */
    record Pong() implements LinkFrame {}

    static void write(LinkFrame frame, ByteBuf out) {
        switch (frame) {
            case Hello(int version, String cluster, Incarnation from, ServerId to) -> {
                out.writeByte(1).writeInt(MAGIC).writeShort(version);
                writeText(out, cluster);
                writeIncarnation(out, from);
                writeText(out, to.name());
            }
            case Welcome(Incarnation from) -> {
                out.writeByte(2);
                writeIncarnation(out, from);
            }
            case Refused(String reason) -> writeText(out.writeByte(3), reason);
            case Call(long id, String method, byte[] body) -> {
                writeText(out.writeByte(4).writeLong(id), method);
                out.writeBytes(body);
            }
            case Answer(long id, byte[] body) -> out.writeByte(5).writeLong(id).writeBytes(body);
            case Failed(long id, String reason) -> writeText(out.writeByte(6).writeLong(id), reason);
            case Ping() -> out.writeByte(7);
            case Pong() -> out.writeByte(8);
        }
    }

    static LinkFrame read(ByteBuf in) {
        try {
            byte kind = in.readByte();
            return switch (kind) {
                case 1 -> readHello(in);
                case 2 -> new Welcome(readIncarnation(in));
                case 3 -> new Refused(readText(in));
                case 4 -> new Call(in.readLong(), readText(in), readRest(in));
                case 5 -> new Answer(in.readLong(), readRest(in));
                case 6 -> new Failed(in.readLong(), readText(in));
                case 7 -> new Ping();
                case 8 -> new Pong();
                default -> throw new CorruptedFrameException("no link frame has the kind " + kind);
            };
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new CorruptedFrameException("damaged link frame", e);
        }
    }

    private static Hello readHello(ByteBuf in) {
        if (in.readInt() != MAGIC) {
            throw new CorruptedFrameException("the other side does not speak the link protocol");
        }
        return new Hello(in.readUnsignedShort(), readText(in), readIncarnation(in), new ServerId(readText(in)));
    }

    private static void writeIncarnation(ByteBuf out, Incarnation incarnation) {
        writeText(out, incarnation.server().name());
        out.writeLong(incarnation.disk());
    }

    private static Incarnation readIncarnation(ByteBuf in) {
        return new Incarnation(new ServerId(readText(in)), in.readLong());
    }

    private static void writeText(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, 0xffff);
        out.writeShort(length).writeBytes(bytes, 0, length);
    }

    private static String readText(ByteBuf in) {
        return in.readString(in.readUnsignedShort(), StandardCharsets.UTF_8);
    }

    private static byte[] readRest(ByteBuf in) {
        byte[] rest = new byte[in.readableBytes()];
        in.readBytes(rest);
        return rest;
    }
}
