package org.anylease.store.codec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.LeaseCommand.ReserveAddresses;
import org.anylease.store.config.RuntimeReservation;

/** Reservations made at run time as bytes: in commands and in the durable state. */
public final class ReservationCodec {
    private static final int VERSION = 1;

    private ReservationCodec() {}

    /**
     * Encodes a reservation.
     *
     * @param reservation the reservation
     * @param out where to
     */
    public static void encode(RuntimeReservation reservation, ByteWriter out) {
        out.u8(VERSION);
        out.u32(reservation.address().bits());
        ConfigCodec.clientId(reservation.key(), out);
        ConfigCodec.optionalText(reservation.hostname(), out);
        out.text(reservation.author());
        out.varint(reservation.added().toEpochMilli());
    }

    /**
     * Reads a reservation.
     *
     * @param in at its start; left behind it
     * @return the reservation
     * @throws UnreadableException when the bytes are damaged or of another version
     */
    public static RuntimeReservation decode(ByteReader in) throws UnreadableException {
        in.version(VERSION);
        try {
            return new RuntimeReservation(
                    new Ipv4(in.u32()),
                    ConfigCodec.clientId(in),
                    ConfigCodec.optionalText(in),
                    in.text(),
                    Instant.ofEpochMilli(in.varint()));
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    static void encode(List<RuntimeReservation> reservations, ByteWriter out) {
        out.varint(reservations.size());
        reservations.forEach(reservation -> encode(reservation, out));
    }

    static List<RuntimeReservation> list(ByteReader in) throws UnreadableException {
        int size = in.count();
        if (size > ReserveAddresses.RESERVATIONS_MAX) {
            throw in.damaged(size + " reservations in one command");
        }
        List<RuntimeReservation> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(decode(in));
        }
        return list;
    }
}
