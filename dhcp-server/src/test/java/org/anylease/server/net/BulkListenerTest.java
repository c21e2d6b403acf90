package org.anylease.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.leasequery.BulkLeases;
import org.anylease.server.leasequery.BulkLimits;
import org.anylease.server.leasequery.BulkQuery;
import org.anylease.server.leasequery.LeaseFacts;
import org.anylease.server.leasequery.LeaseState;
import org.anylease.server.leasequery.Requesters;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketBuilder;
import org.anylease.server.wire.PacketCodec;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.dhcp4java.DHCPPacket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bulk lease queries (RFC 6926) over real connections on the loopback. Leases come from a list. */
class BulkListenerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");
    private static final Ipv4 SERVICE = Ipv4.parse("192.0.2.67");
    private static final Requesters LOCAL = new Requesters(List.of(Prefix.parse("127.0.0.0/8")));
    private static final BulkLimits LIMITS = new BulkLimits(2, 3, Duration.ofSeconds(20));

    private final LinkedBlockingQueue<String> reports = new LinkedBlockingQueue<>();
    private final List<LeaseFacts> leases = new ArrayList<>();
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final LinkedBlockingQueue<Throwable> defects = new LinkedBlockingQueue<>();
    private @Nullable BulkListener listener;

    /** A list read like a store, failing at an index when told to. */
    private final class Listed implements BulkLeases {
        private final int failsAt;

        Listed(int failsAt) {
            this.failsAt = failsAt;
        }

        @Override
        public Reading open(BulkQuery query) {
            open.incrementAndGet();
            return new Reading() {
                private int next;

                @Override
                public boolean advance(int recordsMax, Consumer<LeaseFacts> found) {
                    for (int i = 0; i < recordsMax && next < leases.size(); i++) {
                        if (next == failsAt) {
                            throw new UncheckedIOException(new IOException("the disk is gone"));
                        }
                        LeaseFacts lease = leases.get(next++);
                        if (query.matches(lease)) {
                            told.incrementAndGet();
                            found.accept(lease);
                        }
                    }
                    return next < leases.size();
                }

                @Override
                public String missing() {
                    return "";
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }
    }

    private void listen(Requesters requesters, BulkLimits limits, BulkLeases from) throws IOException {
        listener = BulkListener.open(
                List.of(LOOPBACK),
                0,
                new BulkListener.Served(
                        requesters,
                        limits,
                        SERVICE,
                        from,
                        InstantSource.fixed(NOW),
                        (event, _) -> reports.add(event.id())),
                defects::add);
    }

    private BulkListener listener() {
        return Objects.requireNonNull(listener);
    }

    @AfterEach
    void close() {
        listener().close();
        assertThat(defects).isEmpty();
        assertThat(open).as("readings left open").hasValue(0);
    }

    private static LeaseFacts lease(int number, LeaseState state, int relayId) {
        Octets hardware =
                Octets.of((byte) 1, (byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) (number >> 8), (byte) number);
        LeaseClient client = new LeaseClient(
                new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.of((byte) 0, (byte) (number >> 8), (byte) number)),
                hardware,
                "host" + number,
                Octets.of((byte) 1, (byte) 1, (byte) 9, (byte) 12, (byte) 2, (byte) 7, (byte) relayId),
                Ipv4.parse("10.0.0.1"));
        return new LeaseFacts(
                Ipv4.parse("10.0.0.0").plus(number),
                state,
                client,
                NOW.plusSeconds(600),
                NOW.minusSeconds(60),
                NOW.minusSeconds(3600),
                false);
    }

    /** A requester. */
    private final class Requester implements AutoCloseable {
        private final Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), listener().port());
        private final DataInputStream in = new DataInputStream(socket.getInputStream());
        private final DataOutputStream out = new DataOutputStream(socket.getOutputStream());

        Requester() throws IOException {
            socket.setSoTimeout(10_000);
        }

        void ask(int xid, UnaryOperator<PacketBuilder> header, Consumer<OptionsBuilder> more) throws IOException {
            OptionsBuilder options = Options.builder().messageType(MessageType.BULKLEASEQUERY);
            more.accept(options);
            send(header.apply(Packet.builder().xid(xid))
                    .options(options.build())
                    .build());
        }

        void send(Packet packet) throws IOException {
            byte[] message = new byte[1500];
            int length =
                    PacketCodec.encode(packet, EncodeLimits.of(1500), message).length();
            out.writeShort(length);
            out.write(message, 0, length);
            out.flush();
        }

        /** The next message, which dhcp4java reads alike. */
        Packet answer() throws IOException {
            byte[] message = new byte[in.readUnsignedShort()];
            in.readFully(message);
            DHCPPacket theirs = DHCPPacket.getPacket(message, 0, message.length, false);
            Packet ours = ((Decoded.Ok) PacketCodec.decode(message, 0, message.length)).packet();
            assertThat((int) theirs.getDHCPMessageType())
                    .isEqualTo(ours.messageType().orElseThrow().code());
            assertThat(theirs.getXid()).isEqualTo(ours.xid());
            assertThat(theirs.getCiaddr().getHostAddress())
                    .isEqualTo(ours.ciaddr().toString());
            assertThat(theirs.getOptionRaw((byte) OptionCode.DHCP_STATE))
                    .isEqualTo(ours.options().bytes(OptionCode.DHCP_STATE).orElse(null));
            return ours;
        }

        List<Packet> answers() throws IOException {
            List<Packet> all = new ArrayList<>();
            do {
                all.add(answer());
            } while (all.getLast().messageType().orElseThrow() != MessageType.LEASEQUERYDONE);
            return all;
        }

        boolean isClosed() throws IOException {
            return in.read() == -1;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private String report() throws InterruptedException {
        return String.valueOf(reports.poll(10, TimeUnit.SECONDS));
    }

    private static int status(Packet done) {
        return done.options()
                .bytes(OptionCode.STATUS_CODE)
                .map(value -> (int) value[0])
                .orElse(0);
    }

    @Test
    void tellsEveryLeaseWithItsStateAndSaysWhenItIsDone() throws Exception {
        leases.add(lease(1, LeaseState.ACTIVE, 1));
        leases.add(lease(2, LeaseState.RELEASED, 1));
        listen(LOCAL, LIMITS, new Listed(-1));
        try (Requester requester = new Requester()) {
            requester.ask(7, header -> header, _ -> {});
            List<Packet> answers = requester.answers();
            assertThat(answers)
                    .extracting(each -> each.messageType().orElseThrow())
                    .containsExactly(MessageType.LEASEACTIVE, MessageType.LEASEUNASSIGNED, MessageType.LEASEQUERYDONE);
            assertThat(answers).allMatch(each -> each.xid() == 7);
            Packet active = answers.getFirst();
            assertThat(active.ciaddr()).isEqualTo(Ipv4.parse("10.0.0.1"));
            assertThat(active.options().ipv4(OptionCode.SERVER_ID)).contains(SERVICE);
            assertThat(active.options().u32(OptionCode.BASE_TIME)).hasValue(NOW.getEpochSecond());
            assertThat(active.options().u8(OptionCode.DHCP_STATE)).hasValue(2);
            assertThat(active.options().u32(OptionCode.ADDRESS_TIME)).hasValue(600);
            assertThat(active.options().u32(OptionCode.CLIENT_LAST_TRANSACTION_TIME))
                    .hasValue(60);
            assertThat(active.relayInformation().orElseThrow().circuitId()).contains(new byte[] {9});
            assertThat(answers.get(1).options().has(OptionCode.SERVER_ID)).isFalse();
            assertThat(answers.get(1).options().u8(OptionCode.DHCP_STATE)).hasValue(4);
            assertThat(answers.get(1).options().has(OptionCode.ADDRESS_TIME)).isFalse();
            assertThat(answers.getLast().options().has(OptionCode.STATUS_CODE)).isFalse();
        }
        assertThat(report()).isEqualTo(ServerEvent.LEASEQUERY_BULK.id());
    }

    @Test
    void tellsLeasesByRelayByClientAndByHardwareAddress() throws Exception {
        for (int i = 1; i <= 600; i++) {
            leases.add(lease(i, LeaseState.ACTIVE, i % 3));
        }
        listen(LOCAL, LIMITS, new Listed(-1));
        try (Requester requester = new Requester()) {
            requester.ask(
                    1,
                    header -> header,
                    options -> options.relayInformation(RelayInformation.of((byte) 12, (byte) 2, (byte) 7, (byte) 2)));
            requester.ask(
                    2, header -> header, options -> options.bytes(OptionCode.CLIENT_ID, (byte) 0, (byte) 1, (byte) 4));
            requester.ask(3, header -> header.hardware(HardwareAddress.ethernet("02:00:00:00:00:05")), _ -> {});
            requester.ask(
                    4,
                    header -> header,
                    options -> options.relayInformation(RelayInformation.of((byte) 2, (byte) 1, (byte) 7)));
            assertThat(requester.answers()).hasSize(201).allMatch(each -> each.xid() == 1);
            assertThat(requester.answers())
                    .extracting(Packet::ciaddr)
                    .containsExactly(Ipv4.parse("10.0.1.4"), Ipv4.UNSPECIFIED);
            assertThat(requester.answers())
                    .extracting(Packet::ciaddr)
                    .containsExactly(Ipv4.parse("10.0.0.5"), Ipv4.UNSPECIFIED);
            Packet nothing = requester.answers().getFirst();
            assertThat(nothing.xid()).isEqualTo(4);
            assertThat(nothing.options().ipv4(OptionCode.SERVER_ID)).contains(SERVICE);
        }
    }

    @Test
    void tellsOnlyWhatMayHaveChangedInTheTimeAskedFor() throws Exception {
        leases.add(lease(1, LeaseState.ACTIVE, 1));
        listen(LOCAL, LIMITS, new Listed(-1));
        try (Requester requester = new Requester()) {
            requester.ask(
                    1,
                    header -> header,
                    options -> options.u32(OptionCode.QUERY_START_TIME, NOW.getEpochSecond() - 61));
            assertThat(requester.answers()).hasSize(2);
            requester.ask(
                    2,
                    header -> header,
                    options -> options.u32(OptionCode.QUERY_START_TIME, NOW.getEpochSecond() - 59));
            assertThat(requester.answers()).hasSize(1);
            requester.ask(
                    3, header -> header, options -> options.u32(OptionCode.QUERY_END_TIME, NOW.getEpochSecond() - 61));
            assertThat(requester.answers()).hasSize(1);
        }
    }

    @Test
    void refusesWhatItCannotAnswerAndGoesOn() throws Exception {
        listen(LOCAL, LIMITS, new Listed(-1));
        try (Requester requester = new Requester()) {
            requester.ask(1, header -> header.ciaddr(SERVICE), _ -> {});
            assertThat(status(requester.answer())).isEqualTo(3);
            requester.ask(
                    2,
                    header -> header.hardware(HardwareAddress.ethernet("02:00:00:00:00:05")),
                    options -> options.bytes(OptionCode.CLIENT_ID, (byte) 0, (byte) 1));
            assertThat(status(requester.answer())).isEqualTo(3);
            requester.ask(3, header -> header, options -> options.bytes(OptionCode.VIRTUAL_SUBNET_SELECTION, (byte) 0));
            assertThat(status(requester.answer())).isEqualTo(4);
            requester.ask(4, header -> header, _ -> {});
            assertThat(status(requester.answer())).isZero();
        }
    }

    @Test
    void saysWhenTheStoreFailsInTheMiddle() throws Exception {
        for (int i = 1; i <= 10; i++) {
            leases.add(lease(i, LeaseState.ACTIVE, 1));
        }
        listen(LOCAL, LIMITS, new Listed(4));
        try (Requester requester = new Requester()) {
            requester.ask(1, header -> header, _ -> {});
            List<Packet> answers = requester.answers();
            assertThat(answers).hasSize(5);
            assertThat(status(answers.getLast())).isEqualTo(2);
        }
        assertThat(report()).isEqualTo(ServerEvent.LEASEQUERY_BULK_FAILED.id());
    }

    @Test
    void readsNoFasterThanItsRequesterTakes() throws Exception {
        for (int i = 0; i < 60_000; i++) {
            leases.add(lease(i, LeaseState.ACTIVE, 1));
        }
        listen(LOCAL, LIMITS, new Listed(-1));
        try (Requester slow = new Requester();
                Requester quick = new Requester()) {
            slow.ask(1, header -> header, _ -> {});
            assertThat(slow.answer().messageType()).contains(MessageType.LEASEACTIVE);
            // Another is served to its end meanwhile, though the first takes nothing.
            quick.ask(
                    2, header -> header, options -> options.bytes(OptionCode.CLIENT_ID, (byte) 0, (byte) 1, (byte) 4));
            assertThat(quick.answers()).hasSize(2);
            assertThat(told.get()).as("leases read for one who takes nothing").isLessThan(50_000);
            assertThat(slow.answers()).hasSize(60_000);
        }
    }

    @Test
    void closesWhoMayNotAskAndWhoIsOneTooMany() throws Exception {
        listen(new Requesters(List.of(Prefix.parse("10.0.0.0/8"))), LIMITS, new Listed(-1));
        try (Requester stranger = new Requester()) {
            assertThat(stranger.isClosed()).isTrue();
        }
        assertThat(report()).isEqualTo(ServerEvent.LEASEQUERY_REFUSED.id());
        listener().close();
        listen(LOCAL, LIMITS, new Listed(-1));
        try (Requester one = new Requester();
                Requester two = new Requester()) {
            for (Requester each : List.of(one, two)) {
                each.ask(1, header -> header, _ -> {});
                assertThat(each.answers()).hasSize(1);
            }
            try (Requester third = new Requester()) {
                assertThat(third.isClosed()).isTrue();
            }
        }
    }

    @Test
    void closesAConnectionThatStandsStill() throws Exception {
        listen(LOCAL, new BulkLimits(2, 3, Duration.ofMillis(200)), new Listed(-1));
        try (Requester silent = new Requester()) {
            assertThat(silent.isClosed()).isTrue();
        }
    }

    @Test
    void closesAConnectionThatSpeaksSomethingElse() throws Exception {
        listen(LOCAL, LIMITS, new Listed(-1));
        try (Requester foreign = new Requester()) {
            foreign.out.writeShort(4);
            foreign.out.writeBytes("GET ");
            foreign.out.flush();
            assertThat(foreign.isClosed()).isTrue();
        }
        assertThat(report()).isEqualTo(ServerEvent.LEASEQUERY_MALFORMED.id());
        try (Requester endless = new Requester()) {
            endless.out.writeShort(65_535);
            endless.out.flush();
            assertThat(report()).isEqualTo(ServerEvent.LEASEQUERY_BULK_FAILED.id());
        }
    }

    @Test
    void answersManyQueriesInTheirOrderThoughFewMayWait() throws Exception {
        leases.add(lease(1, LeaseState.ACTIVE, 1));
        CountDownLatch asked = new CountDownLatch(1);
        listen(LOCAL, LIMITS, query -> {
            awaitUninterruptibly(asked);
            return new Listed(-1).open(query);
        });
        try (Requester requester = new Requester()) {
            for (int xid = 1; xid <= 50; xid++) {
                requester.ask(xid, header -> header, _ -> {});
            }
            asked.countDown();
            for (int xid = 1; xid <= 50; xid++) {
                List<Packet> answers = requester.answers();
                assertThat(answers).hasSize(2);
                assertThat(answers.getFirst().xid()).isEqualTo(xid);
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
