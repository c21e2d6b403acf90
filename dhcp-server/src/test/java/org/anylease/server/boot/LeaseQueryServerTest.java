package org.anylease.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.ratis.RatisLeaseLog;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketBuilder;
import org.anylease.server.wire.PacketCodec;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.replication.Proposal;
import org.dhcp4java.DHCPPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole server on the loopback is asked about its leases, by datagram and in bulk, out of its log, disk and memory. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeaseQueryServerTest {
    private static final CellId CELL = new CellId("north");
    private static final String SERVER = "127.93.0.31";
    private static final String REQUESTER = "127.93.0.7";

    @TempDir
    private Path directory;

    private int port;
    private int bulkPort;

    @Test
    void answersByDatagramAndInBulk() throws Exception {
        port = freePort();
        bulkPort = freePort();
        try (DhcpServer server = DhcpServer.start(serverFile())) {
            Packet unassigned = asked(Packet.builder().ciaddr(Ipv4.parse("10.79.0.10")));
            assertThat(unassigned.messageType()).contains(MessageType.LEASEUNASSIGNED);
            commit(server, 1, "lab", "10.79.0.10");
            commit(server, 2, "shop", "10.80.0.10");

            Packet active = asked(Packet.builder().ciaddr(Ipv4.parse("10.79.0.10")));
            assertThat(active.messageType()).contains(MessageType.LEASEACTIVE);
            assertThat(active.options().u32(OptionCode.ADDRESS_TIME).orElseThrow())
                    .isBetween(3500L, 3600L);
            Packet byHardware = asked(Packet.builder().hardware(HardwareAddress.ethernet("02:00:00:00:00:02")));
            assertThat(byHardware.ciaddr()).isEqualTo(Ipv4.parse("10.80.0.10"));

            String noCopy = "\u0001this server has no copy of [south]: ask another";
            assertThat(bulk(Packet.builder(), 3)).containsExactly("10.79.0.10", "10.80.0.10", noCopy);
            assertThat(bulk(Packet.builder().giaddr(Ipv4.parse("10.80.0.1")), 2))
                    .containsExactly("10.80.0.10", "");
            assertThat(bulk(Packet.builder().giaddr(Ipv4.parse("10.81.0.1")), 1))
                    .containsExactly(noCopy);
        }
    }

    private static void commit(DhcpServer server, int number, String network, String address) throws Exception {
        Octets hardware = Octets.of((byte) 1, (byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) number);
        LeaseClient client = new LeaseClient(
                new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.of((byte) 0, (byte) number)),
                hardware,
                "",
                Octets.EMPTY,
                Ipv4.UNSPECIFIED);
        RatisLeaseLog log = Objects.requireNonNull(server.log());
        CompletableFuture<Proposal> settled = new CompletableFuture<>();
        server.loop()
                .execute(() -> log.propose(
                        CELL,
                        new LeaseCommand.CommitLease(
                                client, network, Ipv4.parse(address), RequestKind.SELECTING, Duration.ofHours(1)),
                        settled::complete));
        assertThat(settled.get(30, TimeUnit.SECONDS)).isInstanceOf(Proposal.Committed.class);
    }

    /** Asks until there is an answer, as a requester does: the server may be starting. */
    private Packet asked(PacketBuilder query) throws IOException {
        // The requester's own port (RFC 8357), as port 67 needs privileges.
        Options options = Options.builder()
                .messageType(MessageType.LEASEQUERY)
                .relayInformation(RelayInformation.of((byte) RelayInformation.SOURCE_PORT, (byte) 0))
                .build();
        byte[] message =
                encoded(query.giaddr(Ipv4.parse(REQUESTER)).options(options).build());
        Instant end = Instant.now().plusSeconds(30);
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(REQUESTER, 0))) {
            socket.setSoTimeout(200);
            while (Instant.now().isBefore(end)) {
                socket.send(new DatagramPacket(message, message.length, InetAddress.getByName(SERVER), port));
                DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
                try {
                    socket.receive(answer);
                } catch (SocketTimeoutException e) {
                    continue;
                }
                return decoded(Arrays.copyOf(answer.getData(), answer.getLength()));
            }
        }
        throw new AssertionError("no answer in 30 s");
    }

    /** The addresses told and the status at the end. Asks again until as many answers come as there must: the disk is a moment behind the log. */
    private List<String> bulk(PacketBuilder query, int messages) throws IOException {
        Options options =
                Options.builder().messageType(MessageType.BULKLEASEQUERY).build();
        byte[] message = encoded(query.options(options).build());
        List<Packet> answers = List.of();
        Instant end = Instant.now().plusSeconds(10);
        while (answers.size() != messages && Instant.now().isBefore(end)) {
            answers = asked(message);
        }
        assertThat(answers).hasSize(messages);
        List<String> told = new ArrayList<>();
        answers.subList(0, messages - 1).forEach(each -> told.add(each.ciaddr().toString()));
        told.add(answers.getLast()
                .options()
                .bytes(OptionCode.STATUS_CODE)
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .orElse(""));
        return told;
    }

    private List<Packet> asked(byte[] message) throws IOException {
        List<Packet> answers = new ArrayList<>();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(REQUESTER, 0));
            socket.connect(new InetSocketAddress(SERVER, bulkPort), 10_000);
            socket.setSoTimeout(10_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(message.length);
            out.write(message);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            do {
                byte[] answer = new byte[in.readUnsignedShort()];
                in.readFully(answer);
                answers.add(decoded(answer));
            } while (answers.getLast().messageType().orElseThrow() != MessageType.LEASEQUERYDONE);
        }
        return answers;
    }

    private static byte[] encoded(Packet packet) {
        byte[] message = new byte[1500];
        return Arrays.copyOf(
                message,
                PacketCodec.encode(packet, EncodeLimits.of(1500), message).length());
    }

    /** An answer, which dhcp4java takes for the same. */
    private static Packet decoded(byte[] message) {
        Packet ours = ((Decoded.Ok) PacketCodec.decode(message, 0, message.length)).packet();
        DHCPPacket theirs = DHCPPacket.getPacket(message, 0, message.length, true);
        assertThat(theirs.getCiaddr().getHostAddress()).isEqualTo(ours.ciaddr().toString());
        assertThat((int) theirs.getDHCPMessageType())
                .isEqualTo(ours.messageType().orElseThrow().code());
        return ours;
    }

    private Path serverFile() throws IOException {
        Files.writeString(directory.resolve("anylease.yaml"), """
            cluster: leasequery
            service-address: 192.0.2.67
            sites:
              dc1: { servers: { dc1-a: { address: %s, raft-port: %d, link-port: %d } } }
              dc2: { servers: { dc2-a: 127.93.0.33 } }
            probe: { enabled: false }
            cells:
              north:
                servers: dc1-a
                networks:
                  lab: { subnets: { 10.79.0.0/24: { pools: [10.79.0.10-10.79.0.20] } } }
                  shop: { subnets: { 10.80.0.0/24: { pools: [10.80.0.10-10.80.0.20] } } }
              south:
                servers: dc2-a
                networks: { yard: { subnets: { 10.81.0.0/24: { pools: [10.81.0.10-10.81.0.20] } } } }
            """.formatted(SERVER, freePort(), freePort()));
        Path file = directory.resolve("dc1-a.yaml");
        Files.writeString(
                file, """
                    id: dc1-a
                    data-directory: %s
                    listen: { service: 127.93.0.32, port: %d }
                    admin: { address: %s, port: %d }
                    leasequery: { from: %s/32, port: %d }
                    """.formatted(directory.resolve("data"), port, SERVER, freePort(), REQUESTER, bulkPort));
        return file;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(SERVER))) {
            return socket.getLocalPort();
        }
    }
}
