package org.anylease.store.codec;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.Outcome;

/** Outcomes as bytes, each behind its number; the numbers are never reused. */
final class OutcomeCodec {
    private static final int OFFERED = 1;
    private static final int NO_ADDRESS = 2;
    private static final int BOUND = 3;
    private static final int REFUSED = 4;
    private static final int NOT_KNOWN = 5;
    private static final int DONE = 6;
    private static final int SUPERSEDED = 7;
    private static final int MERGED = 8;
    private static final int VOID = 9;
    private static final int NOT_RESERVED = 10;

    private OutcomeCodec() {}

    static void encode(Outcome outcome, ByteWriter out) {
        switch (outcome) {
            case Outcome.Offered offered -> {
                out.u8(OFFERED);
                out.u32(offered.address().bits());
                ConfigCodec.duration(offered.leaseTime(), out);
                out.flag(offered.activeForClient());
            }
            case Outcome.NoAddress _ -> out.u8(NO_ADDRESS);
            case Outcome.Bound bound -> {
                out.u8(BOUND);
                out.u32(bound.address().bits());
                ConfigCodec.duration(bound.leaseTime(), out);
                out.zigzag(bound.expiry().toEpochMilli());
                out.varint(bound.binding().value());
                out.u8(bound.siteMoves());
            }
            case Outcome.Refused refused -> {
                out.u8(REFUSED);
                out.u8(number(refused.reason()));
            }
            case Outcome.NotKnown _ -> out.u8(NOT_KNOWN);
            case Outcome.Done done -> {
                out.u8(DONE);
                out.varint(done.changed());
            }
            case Outcome.Superseded superseded -> {
                out.u8(SUPERSEDED);
                out.varint(superseded.version());
            }
            case Outcome.NotReserved not -> {
                out.u8(NOT_RESERVED);
                out.u32(not.address().bits());
                out.u8(number(not.obstacle()));
                CommandCodec.address(not.other(), out);
            }
            case Outcome.Merged merged -> {
                out.u8(MERGED);
                out.u8(number(merged.result()));
            }
            case Outcome.Lapsed() -> out.u8(VOID);
        }
    }

    static Outcome decode(ByteReader in) throws UnreadableException {
        int number = in.u8();
        return switch (number) {
            case OFFERED -> new Outcome.Offered(new Ipv4(in.u32()), ConfigCodec.duration(in), in.flag());
            case NO_ADDRESS -> new Outcome.NoAddress();
            case BOUND ->
                new Outcome.Bound(
                        new Ipv4(in.u32()),
                        ConfigCodec.duration(in),
                        Instant.ofEpochMilli(in.zigzag()),
                        in.index(),
                        in.u8());
            case REFUSED -> new Outcome.Refused(reason(in));
            case NOT_KNOWN -> new Outcome.NotKnown();
            case DONE -> new Outcome.Done((int) in.varint());
            case SUPERSEDED -> new Outcome.Superseded(in.varint());
            case MERGED -> new Outcome.Merged(result(in));
            case VOID -> new Outcome.Lapsed();
            case NOT_RESERVED -> new Outcome.NotReserved(new Ipv4(in.u32()), notReserved(in), CommandCodec.address(in));
            default -> throw in.damaged("no outcome has the number " + number);
        };
    }

    private static int number(Outcome.NotReserved.Obstacle reason) {
        return switch (reason) {
            case NO_SUBNET -> 1;
            case OWN_NAME -> 2;
            case IN_FILE -> 3;
            case KEPT_FOR_ANOTHER -> 4;
            case CLIENT_HAS_ANOTHER -> 5;
            case HELD -> 6;
            case ABANDONED -> 7;
            case TOO_MANY -> 8;
        };
    }

    private static Outcome.NotReserved.Obstacle notReserved(ByteReader in) throws UnreadableException {
        int number = in.u8();
        for (Outcome.NotReserved.Obstacle reason : Outcome.NotReserved.Obstacle.values()) {
            if (number(reason) == number) {
                return reason;
            }
        }
        throw in.damaged("no reason against a reservation has the number " + number);
    }

    private static int number(Outcome.Refused.Reason reason) {
        return switch (reason) {
            case TAKEN -> 1;
            case NOT_LEASABLE -> 2;
            case ABANDONED -> 3;
            case OTHER_ADDRESS -> 4;
            case CLASS_FULL -> 5;
        };
    }

    private static Outcome.Refused.Reason reason(ByteReader in) throws UnreadableException {
        int number = in.u8();
        return switch (number) {
            case 1 -> Outcome.Refused.Reason.TAKEN;
            case 2 -> Outcome.Refused.Reason.NOT_LEASABLE;
            case 3 -> Outcome.Refused.Reason.ABANDONED;
            case 4 -> Outcome.Refused.Reason.OTHER_ADDRESS;
            case 5 -> Outcome.Refused.Reason.CLASS_FULL;
            default -> throw in.damaged("no reason has the number " + number);
        };
    }

    private static int number(Outcome.Merged.Result result) {
        return switch (result) {
            case TAKEN -> 1;
            case OBSOLETE -> 2;
            case CONFLICT -> 3;
        };
    }

    private static Outcome.Merged.Result result(ByteReader in) throws UnreadableException {
        int number = in.u8();
        return switch (number) {
            case 1 -> Outcome.Merged.Result.TAKEN;
            case 2 -> Outcome.Merged.Result.OBSOLETE;
            case 3 -> Outcome.Merged.Result.CONFLICT;
            default -> throw in.damaged("no result has the number " + number);
        };
    }
}
