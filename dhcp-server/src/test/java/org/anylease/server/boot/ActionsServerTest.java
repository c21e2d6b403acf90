package org.anylease.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole server on the loopback computes an option and runs a command when a lease begins, is given back and ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ActionsServerTest {
    private static final String SERVER = "127.93.0.41";
    private static final String RELAY = "127.93.0.8";

    @TempDir
    private Path directory;

    private int port;

    @Test
    void aCommandHearsOfEveryCommitReleaseAndExpiryOnce() throws Exception {
        port = freePort();
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path command = Files.writeString(directory.resolve("tell"), "#!/bin/sh\necho \"$*\" > " + pipe + "\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        // Open for both, so that whoever writes or reads does not wait for the other to open it.
        try (RandomAccessFile told = new RandomAccessFile(pipe.toFile(), "rw");
                DhcpServer _ = DhcpServer.start(serverFile(command))) {
            actionsAreInForce(told);
            Packet released = lease(1);
            assertThat(next(told)).isEqualTo("selecting 2:0:0:0:0:1 " + released.yiaddr() + " 2");
            assertThat(released.options().string(OptionCode.HOSTNAME)).contains("c-" + dashed(released.yiaddr()));
            send(packet(MessageType.RELEASE, 1, null).ciaddr(released.yiaddr()).build());
            assertThat(next(told)).isEqualTo("release 2:0:0:0:0:1 " + released.yiaddr() + " 0");

            Packet expiring = lease(2);
            assertThat(next(told)).isEqualTo("selecting 2:0:0:0:0:2 " + expiring.yiaddr() + " 2");
            assertThat(next(told)).isEqualTo("expiry 2:0:0:0:0:2 " + expiring.yiaddr() + " 0");
        }
    }

    /** A new cluster's configuration is read a moment after it is in force. */
    private void actionsAreInForce(RandomAccessFile told) throws IOException {
        // Not closed: it is the same descriptor.
        FileInputStream waiting = new FileInputStream(told.getFD());
        while (waiting.available() == 0) {
            Packet _ = lease(3);
        }
    }

    /** What is told next of another client than the one that came first. */
    private static String next(RandomAccessFile told) throws IOException {
        String line;
        do {
            line = told.readLine();
        } while (line.contains(" 2:0:0:0:0:3 "));
        return line;
    }

    private static String dashed(Ipv4 address) {
        return address.toString().replace('.', '-');
    }

    private Packet lease(int client) throws IOException {
        Packet offer = answer(packet(MessageType.DISCOVER, client, null).build());
        Packet ack = answer(packet(MessageType.REQUEST, client, offer.yiaddr()).build());
        assertThat(ack.messageType()).contains(MessageType.ACK);
        return ack;
    }

    private static org.anylease.server.wire.PacketBuilder packet(
            MessageType type, int client, @org.jspecify.annotations.Nullable Ipv4 chosen) {
        // The relay's own port (RFC 8357), as port 67 needs privileges; and the link (RFC 3527).
        RelayInformation relay = RelayInformation.of(
                (byte) RelayInformation.SOURCE_PORT,
                (byte) 0,
                (byte) RelayInformation.LINK_SELECTION,
                (byte) 4,
                (byte) 10,
                (byte) 79,
                (byte) 0,
                (byte) 1);
        OptionsBuilder options = Options.builder().messageType(type);
        if (chosen != null) {
            options.ipv4(OptionCode.ADDRESS_REQUEST, chosen).ipv4(OptionCode.SERVER_ID, Ipv4.parse("192.0.2.67"));
        }
        return Packet.builder()
                .xid(client)
                .giaddr(Ipv4.parse(RELAY))
                .hardware(HardwareAddress.ethernet("02:00:00:00:00:0" + client))
                .options(options.relayInformation(relay).build());
    }

    private void send(Packet packet) throws IOException {
        byte[] message = encoded(packet);
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(RELAY, 0))) {
            socket.send(new DatagramPacket(message, message.length, InetAddress.getByName(SERVER), port));
        }
    }

    /** Asks until there is an answer, as a client does: the server may be starting. */
    private Packet answer(Packet packet) throws IOException {
        byte[] message = encoded(packet);
        Instant end = Instant.now().plusSeconds(30);
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(RELAY, 0))) {
            socket.setSoTimeout(1_000);
            while (Instant.now().isBefore(end)) {
                socket.send(new DatagramPacket(message, message.length, InetAddress.getByName(SERVER), port));
                DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
                try {
                    socket.receive(answer);
                } catch (SocketTimeoutException e) {
                    continue;
                }
                byte[] heard = Arrays.copyOf(answer.getData(), answer.getLength());
                return ((Decoded.Ok) PacketCodec.decode(heard, 0, heard.length)).packet();
            }
        }
        throw new AssertionError("no answer in 30 s");
    }

    private static byte[] encoded(Packet packet) {
        byte[] message = new byte[1500];
        return Arrays.copyOf(
                message,
                PacketCodec.encode(packet, EncodeLimits.of(1500), message).length());
    }

    private Path serverFile(Path command) throws IOException {
        List<Integer> ports = List.of(freePort(), freePort(), freePort());
        Files.writeString(directory.resolve("anylease.yaml"), """
            cluster: actions
            service-address: 192.0.2.67
            sites:
              dc1: { servers: { dc1-a: { address: %s, raft-port: %d, link-port: %d } } }
            probe: { enabled: false }
            lease: 2s
            max-lease: 2s
            options: { host-name: { computed: 'concat("c-", binary-to-ascii(10, 8, "-", lease.address))' } }
            actions:
              tell:
                at: [commit, release, expiry]
                run:
                  - tell
                  - request
                  - 'binary-to-ascii(16, 8, ":", hardware.address)'
                  - 'binary-to-ascii(10, 8, ".", lease.address)'
                  - 'binary-to-ascii(10, 32, "", encode-int(lease.time, 32))'
            networks:
              lab: { subnets: { 10.79.0.0/24: { pools: [10.79.0.10-10.79.0.99] } } }
            """.formatted(SERVER, ports.get(0), ports.get(1)));
        return Files.writeString(directory.resolve("server.yaml"), """
            id: dc1-a
            data-directory: %s
            system-file: anylease.yaml
            listen: { service: %s, port: %d }
            admin: { port: %d }
            commands: { allow: { tell: %s } }
            """.formatted(
                        directory.resolve("data"), SERVER, port, ports.get(2), command));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(SERVER))) {
            return free.getLocalPort();
        }
    }
}
