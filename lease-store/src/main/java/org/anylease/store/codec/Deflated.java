package org.anylease.store.codec;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.anylease.store.address.Octets;

/** Long bytes, compressed with deflate (RFC 1951) behind their own length; bounded when they are inflated. */
final class Deflated {
    /** No more is inflated, in bytes: some hundred thousand reservations. */
    static final int INFLATED_BYTES_MAX = 64 << 20;

    /** Deflate makes nothing smaller than by this factor (1032, with some room for what is short). */
    private static final long FACTOR_MAX = 1100;

    private static final int CHUNK_BYTES = 64 << 10;

    private Deflated() {}

    static void write(ByteWriter plain, ByteWriter out) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(plain.array(), 0, plain.length());
            deflater.finish();
            ByteWriter compressed = new ByteWriter();
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!deflater.finished()) {
                compressed.raw(chunk, deflater.deflate(chunk));
            }
            out.varint(plain.length());
            out.block(compressed.toArray());
        } finally {
            deflater.end();
        }
    }

    /** Inflates what stands next. */
    static ByteReader read(String what, ByteReader in) throws UnreadableException {
        long length = in.varint();
        Octets compressed = in.octets();
        if (length < 0 || length > Math.min(INFLATED_BYTES_MAX, FACTOR_MAX * compressed.length())) {
            throw in.damaged(
                    compressed.length() + " bytes announce " + Long.toUnsignedString(length) + " inflated ones");
        }
        byte[] plain = new byte[(int) length];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(compressed.toArray());
            int inflated = inflater.inflate(plain);
            // The end is seen only by asking for more than there is.
            int more = inflater.inflate(new byte[1]);
            if (inflated != plain.length || more != 0 || !inflater.finished() || inflater.getRemaining() != 0) {
                throw in.damaged("its compressed " + what + " is not " + length + " bytes long");
            }
        } catch (DataFormatException e) {
            throw in.damaged("its compressed " + what + " cannot be inflated: " + e.getMessage());
        } finally {
            inflater.end();
        }
        return new ByteReader(what, plain, 0, plain.length);
    }
}
