package org.anylease.store.codec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;

/**
 * A binding as bytes: the same in memory, in the durable store and in commands, so that a digest of one is a digest
 * of all. The encoding is canonical: equal bindings have equal bytes. The address is not part of it; it is the key.
 *
 * <pre>
 * u8      format version (high nibble), state (low nibble)
 * u16     which of the following are present
 * varint  index
 * varint  start, zigzag end - start, zigzag gate - end, zigzag lastSeen - start     milliseconds
 * varint  idleSequence
 * client  u8 flags, id, hardware unless it equals the id, hostname, relayInformation, u32 relay,
 *         varint number of classes, each text and octets
 * text    server
 * u8      siteMoves
 * offer   zigzag until - lastSeen, client, server
 * </pre>
 */
public final class BindingCodec {
    /** The format version that this program reads and writes. */
    public static final int VERSION = 1;

    private static final String WHAT = "binding record";

    private static final int START = 1;
    private static final int END = 1 << 1;
    private static final int GATE = 1 << 2;
    private static final int LAST_SEEN = 1 << 3;
    private static final int IDLE = 1 << 4;
    private static final int CLIENT = 1 << 5;
    private static final int SERVER = 1 << 6;
    private static final int SITE_MOVES = 1 << 7;
    private static final int OFFER = 1 << 8;
    private static final int ALL = (OFFER << 1) - 1;

    private static final int BY_IDENTIFIER = 1;
    private static final int HARDWARE_IS_ID = 1 << 1;
    private static final int HARDWARE = 1 << 2;
    private static final int HOSTNAME = 1 << 3;
    private static final int RELAY_INFORMATION = 1 << 4;
    private static final int RELAY = 1 << 5;
    private static final int CLASSES = 1 << 6;
    private static final int ALL_OF_CLIENT = (CLASSES << 1) - 1;

    private BindingCodec() {}

    /**
     * The numbers at the front of a record, read without decoding the rest.
     *
     * @param state the state
     * @param index as in the binding
     * @param startMillis since the epoch, as the further ones
     * @param endMillis as in the binding
     * @param gateMillis as in the binding
     * @param lastSeenMillis as in the binding
     * @param idleSequence as in the binding
     * @param present which fields follow
     */
    public record Header(
            BindingState state,
            long index,
            long startMillis,
            long endMillis,
            long gateMillis,
            long lastSeenMillis,
            long idleSequence,
            int present) {
        /**
         * Whether the record carries an offer.
         *
         * @return also when it has lapsed
         */
        public boolean hasOffer() {
            return (present & OFFER) != 0;
        }
    }

    /**
     * Appends a binding.
     *
     * @param binding what to encode
     * @param out where to
     */
    public static void encode(Binding binding, ByteWriter out) {
        long start = binding.start().toEpochMilli();
        long end = binding.end().toEpochMilli();
        long gate = binding.gate().toEpochMilli();
        long seen = binding.lastSeen().toEpochMilli();
        LeaseClient client = binding.client();
        ServerId server = binding.server();
        Offer offer = binding.offer();
        out.u8(VERSION << 4 | binding.state().code());
        out.u16(when(start != 0, START)
                | when(end != 0, END)
                | when(gate != 0, GATE)
                | when(seen != 0, LAST_SEEN)
                | when(binding.idleSequence() != 0, IDLE)
                | when(client != null, CLIENT)
                | when(server != null, SERVER)
                | when(binding.siteMoves() != 0, SITE_MOVES)
                | when(offer != null, OFFER));
        out.varint(binding.index().value());
        if (start != 0) {
            out.varint(start);
        }
        if (end != 0) {
            out.zigzag(end - start);
        }
        if (gate != 0) {
            out.zigzag(gate - end);
        }
        if (seen != 0) {
            out.zigzag(seen - start);
        }
        if (binding.idleSequence() != 0) {
            out.varint(binding.idleSequence());
        }
        if (client != null) {
            encodeClient(client, out);
        }
        if (server != null) {
            out.text(server.name());
        }
        if (binding.siteMoves() != 0) {
            out.u8(binding.siteMoves());
        }
        if (offer != null) {
            out.zigzag(offer.until().toEpochMilli() - seen);
            encodeClient(offer.client(), out);
            out.text(offer.server().name());
        }
    }

    /**
     * Reads the numbers at the front.
     *
     * @param in at the start of a record; left behind the numbers
     * @return them
     * @throws UnreadableException when they are damaged or of another version
     */
    public static Header header(ByteReader in) throws UnreadableException {
        int first = in.u8();
        if (first >>> 4 != VERSION) {
            throw ByteReader.unknownVersion(WHAT, first >>> 4, VERSION);
        }
        int present = in.u16();
        if ((present & ~ALL) != 0) {
            throw in.damaged("unknown fields");
        }
        BindingState state = state(first & 15, in);
        long index = in.varint();
        long start = (present & START) != 0 ? in.varint() : 0;
        long end = (present & END) != 0 ? start + in.zigzag() : 0;
        long gate = (present & GATE) != 0 ? end + in.zigzag() : 0;
        long seen = (present & LAST_SEEN) != 0 ? start + in.zigzag() : 0;
        long idle = (present & IDLE) != 0 ? in.varint() : 0;
        return new Header(state, index, start, end, gate, seen, idle, present);
    }

    /**
     * Reads a binding.
     *
     * @param address the address that it is of
     * @param in at the start of a record; left behind it
     * @return the binding
     * @throws UnreadableException when the bytes are damaged or of another version
     */
    public static Binding decode(Ipv4 address, ByteReader in) throws UnreadableException {
        Header header = header(in);
        int present = header.present;
        LeaseClient client = (present & CLIENT) != 0 ? decodeClient(in) : null;
        ServerId server = (present & SERVER) != 0 ? ConfigCodec.server(in) : null;
        int siteMoves = (present & SITE_MOVES) != 0 ? in.u8() : 0;
        Offer offer = null;
        try {
            if ((present & OFFER) != 0) {
                Instant until = Instant.ofEpochMilli(header.lastSeenMillis + in.zigzag());
                offer = new Offer(decodeClient(in), until, ConfigCodec.server(in));
            }
            return new Binding(
                    address,
                    header.state,
                    new LogIndex(header.index),
                    client,
                    Instant.ofEpochMilli(header.startMillis),
                    Instant.ofEpochMilli(header.endMillis),
                    Instant.ofEpochMilli(header.gateMillis),
                    Instant.ofEpochMilli(header.lastSeenMillis),
                    server,
                    siteMoves,
                    header.idleSequence,
                    offer);
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Appends a client, as records and commands carry it.
     *
     * @param client what to encode
     * @param out where to
     */
    public static void encodeClient(LeaseClient client, ByteWriter out) {
        Octets id = client.id().value();
        Octets hardware = client.hardware();
        boolean hardwareIsId = hardware.equals(id);
        out.u8(when(client.id().kind() == ClientId.Kind.CLIENT_IDENTIFIER, BY_IDENTIFIER)
                | when(hardwareIsId, HARDWARE_IS_ID)
                | when(!hardwareIsId && !hardware.isEmpty(), HARDWARE)
                | when(!client.hostname().isEmpty(), HOSTNAME)
                | when(!client.relayInformation().isEmpty(), RELAY_INFORMATION)
                | when(!client.relay().isUnspecified(), RELAY)
                | when(!client.classes().isEmpty(), CLASSES));
        out.octets(id);
        if (!hardwareIsId && !hardware.isEmpty()) {
            out.octets(hardware);
        }
        if (!client.hostname().isEmpty()) {
            out.text(client.hostname());
        }
        if (!client.relayInformation().isEmpty()) {
            out.octets(client.relayInformation());
        }
        if (!client.relay().isUnspecified()) {
            out.u32(client.relay().bits());
        }
        if (!client.classes().isEmpty()) {
            out.varint(client.classes().size());
            for (ClassMembership membership : client.classes()) {
                out.text(membership.name());
                out.octets(membership.value());
            }
        }
    }

    /**
     * Reads a client.
     *
     * @param in at its start; left behind it
     * @return the client
     * @throws UnreadableException when the bytes are damaged
     */
    public static LeaseClient decodeClient(ByteReader in) throws UnreadableException {
        int present = in.u8();
        if ((present & ~ALL_OF_CLIENT) != 0) {
            throw in.damaged("unknown fields of a client");
        }
        Octets value = in.octets();
        Octets hardware =
                (present & HARDWARE_IS_ID) != 0 ? value : (present & HARDWARE) != 0 ? in.octets() : Octets.EMPTY;
        String hostname = (present & HOSTNAME) != 0 ? in.text() : "";
        Octets relayInformation = (present & RELAY_INFORMATION) != 0 ? in.octets() : Octets.EMPTY;
        Ipv4 relay = (present & RELAY) != 0 ? new Ipv4(in.u32()) : Ipv4.UNSPECIFIED;
        ClientId.Kind kind = (present & BY_IDENTIFIER) != 0 ? ClientId.Kind.CLIENT_IDENTIFIER : ClientId.Kind.HARDWARE;
        try {
            List<ClassMembership> classes = (present & CLASSES) != 0 ? classes(in) : List.of();
            return new LeaseClient(new ClientId(kind, value), hardware, hostname, relayInformation, relay, classes);
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    private static List<ClassMembership> classes(ByteReader in) throws UnreadableException {
        List<ClassMembership> classes = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            classes.add(new ClassMembership(in.text(), in.octets()));
        }
        return classes;
    }

    private static BindingState state(int code, ByteReader in) throws UnreadableException {
        try {
            return BindingState.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    private static int when(boolean condition, int bit) {
        return condition ? bit : 0;
    }
}
