package org.anylease.server.partition;

import java.time.Duration;
import org.anylease.server.partition.PeerMessage.ForwardedAnswer;
import org.anylease.server.partition.PeerMessage.ForwardedRequest;
import org.anylease.server.partition.PeerMessage.Report;
import org.anylease.server.partition.PeerMessage.ReportWanted;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.codec.BindingCodec;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * Messages between servers as bytes: a version, the cell's name, a kind (1 to 4, never used again for another), and
 * what follows from that.
 */
public final class PeerMessageCodec {
    /** The version that this program writes and reads. */
    public static final int VERSION = 1;

    private static final int REPORT_WANTED = 1;
    private static final int REPORT = 2;
    private static final int FORWARDED_REQUEST = 3;
    private static final int FORWARDED_ANSWER = 4;

    /**
     * A message and the cell it is about.
     *
     * @param cell the cell
     * @param message the message
     */
    public record Addressed(CellId cell, PeerMessage message) {}

    private PeerMessageCodec() {}

    /**
     * Writes a message.
     *
     * @param addressed the message and its cell
     * @return its bytes
     */
    public static byte[] encode(Addressed addressed) {
        ByteWriter out = new ByteWriter();
        out.u8(VERSION);
        out.text(addressed.cell().name());
        switch (addressed.message()) {
            case ReportWanted(var since) -> {
                out.u8(REPORT_WANTED);
                out.varint(since.value());
            }
            case Report(var index) -> {
                out.u8(REPORT);
                out.varint(index.value());
            }
            case ForwardedRequest(long id, LeaseClient client, String network, Ipv4 address, var wantedTime) -> {
                out.u8(FORWARDED_REQUEST);
                out.u64(id);
                BindingCodec.encodeClient(client, out);
                out.text(network);
                out.u32(address.bits());
                seconds(wantedTime, out);
            }
            case ForwardedAnswer(long id, var leaseTime) -> {
                out.u8(FORWARDED_ANSWER);
                out.u64(id);
                seconds(leaseTime, out);
            }
        }
        return out.toArray();
    }

    private static void seconds(@Nullable Duration time, ByteWriter out) {
        out.flag(time != null);
        if (time != null) {
            out.varint(time.toSeconds());
        }
    }

    /**
     * Reads a message.
     *
     * @param bytes of {@link #encode}
     * @return the message and its cell
     * @throws UnreadableException when it is damaged or of another version
     */
    public static Addressed decode(byte[] bytes) throws UnreadableException {
        ByteReader in = new ByteReader("message of a server", bytes, 0, bytes.length);
        in.version(VERSION);
        try {
            CellId cell = new CellId(in.text());
            int kind = in.u8();
            PeerMessage message = switch (kind) {
                case REPORT_WANTED -> new ReportWanted(in.index());
                case REPORT -> new Report(in.index());
                case FORWARDED_REQUEST ->
                    new ForwardedRequest(
                            in.u64(), BindingCodec.decodeClient(in), in.text(), new Ipv4(in.u32()), seconds(in));
                case FORWARDED_ANSWER -> new ForwardedAnswer(in.u64(), seconds(in));
                default -> throw in.damaged("no message is of kind " + kind);
            };
            in.end();
            return new Addressed(cell, message);
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Duration seconds(ByteReader in) throws UnreadableException {
        if (!in.flag()) {
            return null;
        }
        long seconds = in.varint();
        if (seconds < 0 || seconds > 0xffff_ffffL) {
            throw in.damaged("a lease time of " + seconds + " s");
        }
        return Duration.ofSeconds(seconds);
    }
}
