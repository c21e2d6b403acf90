package org.anylease.store.codec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.CellConfig;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.lease.Binding;
import org.jspecify.annotations.Nullable;

/** Commands as bytes, each behind its number; the numbers are never reused. The batch around them has the version. */
final class CommandCodec {
    private static final int OFFER_ADDRESS = 1;
    private static final int COMMIT_LEASE = 2;
    private static final int RELEASE_LEASE = 3;
    private static final int DECLINE_ADDRESS = 4;
    private static final int CANCEL_OFFER = 5;
    private static final int EXPIRE_DUE = 6;
    private static final int APPLY_CONFIG = 7;
    private static final int RESTORE_BINDINGS = 8;
    private static final int APPLY_CONFIG_DEFLATED = 9;
    private static final int COMMIT_PROMISE = 10;
    private static final int GRANT_ESCROW = 11;
    private static final int RETURN_ESCROW = 12;
    private static final int DECLARE_DOWN = 13;
    private static final int UNDO_DECLARE_DOWN = 14;
    private static final int CLEAR_CONFLICT = 15;
    private static final int RECOVER_CELL = 16;
    private static final int NOTE_DNS = 17;
    private static final int RESERVE_ADDRESSES = 18;
    private static final int UNRESERVE_ADDRESSES = 19;

    /** From this version of the batch on, ExpireDue says what is settled. */
    private static final int SETTLED_SINCE = 2;

    /** A longer configuration is compressed: reservations are many and alike, and an entry is bounded. */
    private static final int CONFIG_PLAIN_BYTES_MAX = 64 << 10;

    private CommandCodec() {}

    static void encode(LeaseCommand command, ByteWriter out) {
        switch (command) {
            case LeaseCommand.OfferAddress offer -> offer(offer, out);
            case LeaseCommand.CommitLease commit -> commit(commit, out);
            case LeaseCommand.ReleaseLease release -> {
                out.u8(RELEASE_LEASE);
                ConfigCodec.clientId(release.client(), out);
                out.u32(release.address().bits());
                out.varint(release.binding().value());
            }
            case LeaseCommand.DeclineAddress decline -> {
                out.u8(DECLINE_ADDRESS);
                ConfigCodec.clientId(decline.client(), out);
                out.u32(decline.address().bits());
                out.varint(decline.binding().value());
            }
            case LeaseCommand.CancelOffer cancel -> {
                out.u8(CANCEL_OFFER);
                ConfigCodec.clientId(cancel.client(), out);
            }
            case LeaseCommand.ExpireDue expire -> {
                out.u8(EXPIRE_DUE);
                out.varint(expire.most());
                out.varint(expire.settled().value());
            }
            case LeaseCommand.ApplyConfig apply -> {
                config(apply.config(), out);
                out.varint(apply.basedOn());
                out.text(apply.author());
                out.octets(apply.source());
            }
            case LeaseCommand.RestoreBindings restore -> restore(restore, out);
            case LeaseCommand.CommitPromise promise -> {
                out.u8(COMMIT_PROMISE);
                promise(promise, out);
            }
            case LeaseCommand.GrantEscrow grant -> {
                out.u8(GRANT_ESCROW);
                out.text(grant.owner().name());
                out.text(grant.network());
                out.varint(grant.wanted());
            }
            case LeaseCommand.ReturnEscrow back -> {
                out.u8(RETURN_ESCROW);
                out.text(back.owner().name());
                out.u32(back.address().bits());
                out.varint(back.grant().value());
                out.flag(back.inUse());
            }
            case LeaseCommand.DeclareDown down -> decision(DECLARE_DOWN, down.server(), down.author(), out);
            case LeaseCommand.UndoDeclareDown undo -> decision(UNDO_DECLARE_DOWN, undo.server(), undo.author(), out);
            case LeaseCommand.RecoverCell recover -> decision(RECOVER_CELL, recover.survivor(), recover.author(), out);
            case LeaseCommand.ReserveAddresses reserve -> {
                out.u8(RESERVE_ADDRESSES);
                out.flag(reserve.whenFree());
                ReservationCodec.encode(reserve.reservations(), out);
            }
            case LeaseCommand.UnreserveAddresses unreserve -> {
                out.u8(UNRESERVE_ADDRESSES);
                ReservationCodec.encode(unreserve.reservations(), out);
            }
            case LeaseCommand.ClearConflict clear -> {
                out.u8(CLEAR_CONFLICT);
                out.u32(clear.address().bits());
                out.varint(clear.index().value());
            }
            case LeaseCommand.NoteDns note -> note(note, out);
        }
    }

    private static void note(LeaseCommand.NoteDns note, ByteWriter out) {
        out.u8(NOTE_DNS);
        out.u32(note.address().bits());
        out.varint(note.basedOn().value());
        DnsRecord record = note.record();
        out.flag(record != null);
        if (record != null) {
            DnsCodec.record(record, out);
        }
    }

    private static void decision(int kind, ServerId server, String author, ByteWriter out) {
        out.u8(kind);
        out.text(server.name());
        out.text(author);
    }

    private static void offer(LeaseCommand.OfferAddress offer, ByteWriter out) {
        out.u8(OFFER_ADDRESS);
        BindingCodec.encodeClient(offer.client(), out);
        out.text(offer.network());
        address(offer.wanted(), out);
        address(offer.inUse(), out);
    }

    private static void commit(LeaseCommand.CommitLease commit, ByteWriter out) {
        out.u8(COMMIT_LEASE);
        BindingCodec.encodeClient(commit.client(), out);
        out.text(commit.network());
        out.u32(commit.address().bits());
        out.u8(number(commit.kind()));
        out.flag(commit.wantedTime() != null);
        if (commit.wantedTime() != null) {
            ConfigCodec.duration(commit.wantedTime(), out);
        }
    }

    private static void restore(LeaseCommand.RestoreBindings restore, ByteWriter out) {
        out.u8(RESTORE_BINDINGS);
        out.varint(restore.bindings().size());
        for (Binding binding : restore.bindings()) {
            out.u32(binding.address().bits());
            BindingCodec.encode(binding, out);
        }
    }

    private static void promise(LeaseCommand.CommitPromise promise, ByteWriter out) {
        BindingCodec.encodeClient(promise.client(), out);
        out.text(promise.network());
        out.u32(promise.address().bits());
        out.zigzag(promise.until().toEpochMilli());
        out.varint(promise.binding().value());
        out.u8(promise.rule().code());
        out.u8(promise.ending().code());
        out.zigzag(promise.promised().toEpochMilli());
    }

    private static LeaseCommand.CommitPromise promise(ByteReader in) throws UnreadableException {
        try {
            return new LeaseCommand.CommitPromise(
                    BindingCodec.decodeClient(in),
                    in.text(),
                    new Ipv4(in.u32()),
                    Instant.ofEpochMilli(in.zigzag()),
                    in.index(),
                    PromiseRule.ofCode(in.u8()),
                    PromiseEnding.ofCode(in.u8()),
                    Instant.ofEpochMilli(in.zigzag()));
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    static LeaseCommand decode(ByteReader in, int version) throws UnreadableException {
        int number = in.u8();
        return switch (number) {
            case OFFER_ADDRESS ->
                new LeaseCommand.OfferAddress(BindingCodec.decodeClient(in), in.text(), address(in), address(in));
            case COMMIT_LEASE ->
                new LeaseCommand.CommitLease(
                        BindingCodec.decodeClient(in),
                        in.text(),
                        new Ipv4(in.u32()),
                        kind(in),
                        in.flag() ? ConfigCodec.duration(in) : null);
            case RELEASE_LEASE ->
                new LeaseCommand.ReleaseLease(ConfigCodec.clientId(in), new Ipv4(in.u32()), in.index());
            case DECLINE_ADDRESS ->
                new LeaseCommand.DeclineAddress(ConfigCodec.clientId(in), new Ipv4(in.u32()), in.index());
            case CANCEL_OFFER -> new LeaseCommand.CancelOffer(ConfigCodec.clientId(in));
            case EXPIRE_DUE ->
                new LeaseCommand.ExpireDue(number(in), version < SETTLED_SINCE ? LogIndex.NONE : in.index());
            case APPLY_CONFIG, APPLY_CONFIG_DEFLATED -> {
                CellConfig config = number == APPLY_CONFIG ? ConfigCodec.decode(in) : deflatedConfig(in);
                long basedOn = in.varint();
                String author = in.text();
                Octets source = in.octets();
                yield new LeaseCommand.ApplyConfig(config, basedOn, author, source);
            }
            case RESTORE_BINDINGS -> new LeaseCommand.RestoreBindings(bindings(in));
            case COMMIT_PROMISE -> promise(in);
            case GRANT_ESCROW -> new LeaseCommand.GrantEscrow(ConfigCodec.server(in), in.text(), number(in));
            case RETURN_ESCROW ->
                new LeaseCommand.ReturnEscrow(ConfigCodec.server(in), new Ipv4(in.u32()), in.index(), in.flag());
            case DECLARE_DOWN -> new LeaseCommand.DeclareDown(ConfigCodec.server(in), in.text());
            case UNDO_DECLARE_DOWN -> new LeaseCommand.UndoDeclareDown(ConfigCodec.server(in), in.text());
            case RECOVER_CELL -> new LeaseCommand.RecoverCell(ConfigCodec.server(in), in.text());
            case CLEAR_CONFLICT -> new LeaseCommand.ClearConflict(new Ipv4(in.u32()), in.index());
            case NOTE_DNS ->
                new LeaseCommand.NoteDns(new Ipv4(in.u32()), in.index(), in.flag() ? DnsCodec.record(in) : null);
            case RESERVE_ADDRESSES -> {
                boolean whenFree = in.flag();
                yield new LeaseCommand.ReserveAddresses(ReservationCodec.list(in), whenFree);
            }
            case UNRESERVE_ADDRESSES -> new LeaseCommand.UnreserveAddresses(ReservationCodec.list(in));
            default -> throw in.damaged("no command has the number " + number);
        };
    }

    /** The command's number, and the configuration as it is or, when it is long, compressed. */
    private static void config(CellConfig config, ByteWriter out) {
        ByteWriter plain = new ByteWriter();
        ConfigCodec.encode(config, plain);
        if (plain.length() <= CONFIG_PLAIN_BYTES_MAX) {
            out.u8(APPLY_CONFIG);
            out.raw(plain.toArray());
        } else {
            out.u8(APPLY_CONFIG_DEFLATED);
            Deflated.write(plain, out);
        }
    }

    private static CellConfig deflatedConfig(ByteReader in) throws UnreadableException {
        ByteReader plain = Deflated.read("configuration", in);
        CellConfig config = ConfigCodec.decode(plain);
        plain.end();
        return config;
    }

    private static List<Binding> bindings(ByteReader in) throws UnreadableException {
        int size = in.count();
        List<Binding> bindings = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            bindings.add(BindingCodec.decode(new Ipv4(in.u32()), in));
        }
        return bindings;
    }

    /** A number of things, none of them in these bytes. */
    private static int number(ByteReader in) throws UnreadableException {
        long value = in.varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw in.damaged("a number over 2^31");
        }
        return (int) value;
    }

    static void address(@Nullable Ipv4 address, ByteWriter out) {
        out.flag(address != null);
        if (address != null) {
            out.u32(address.bits());
        }
    }

    static @Nullable Ipv4 address(ByteReader in) throws UnreadableException {
        return in.flag() ? new Ipv4(in.u32()) : null;
    }

    private static int number(RequestKind kind) {
        return switch (kind) {
            case SELECTING -> 1;
            case INIT_REBOOT -> 2;
            case RENEWING -> 3;
            case REBINDING -> 4;
        };
    }

    private static RequestKind kind(ByteReader in) throws UnreadableException {
        int number = in.u8();
        return switch (number) {
            case 1 -> RequestKind.SELECTING;
            case 2 -> RequestKind.INIT_REBOOT;
            case 3 -> RequestKind.RENEWING;
            case 4 -> RequestKind.REBINDING;
            default -> throw in.damaged("no kind of request has the number " + number);
        };
    }
}
