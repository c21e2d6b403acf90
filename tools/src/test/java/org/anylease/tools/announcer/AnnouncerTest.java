package org.anylease.tools.announcer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import org.anylease.server.config.AnycastConfig;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading.Accepted;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The announcer against a server on the loopback interface that answers as told, and an ExaBGP that is a buffer. */
class AnnouncerTest {
    private static final Instant NOW = Instant.parse("2026-02-26T15:00:00Z");
    private static final Ipv4 SERVED = Ipv4.parse("10.0.0.0");

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream commands = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private String exabgpAnswers = "done\ndone\n";
    private volatile boolean answers = true;
    private volatile String mode = "ok";
    private DatagramSocket dhcp;
    private HttpServer admin;
    private Thread serving;

    @BeforeEach
    void startServer() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        dhcp = new DatagramSocket(any);
        serving = Thread.ofPlatform().start(this::serve);
        admin = HttpServer.create(any, 0);
        admin.createContext("/healthz", exchange -> {
            byte[] body = ("{\"status\":\"" + mode + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        admin.start();
    }

    @AfterEach
    void stopServer() throws InterruptedException {
        dhcp.close();
        serving.join();
        admin.stop(0);
    }

    private void serve() {
        byte[] buffer = new byte[2000];
        try {
            while (true) {
                DatagramPacket in = new DatagramPacket(buffer, buffer.length);
                dhcp.receive(in);
                Packet asked = ((Decoded.Ok) PacketCodec.decode(buffer, 0, in.getLength())).packet();
                boolean served = asked.relayInformation()
                        .flatMap(relay -> relay.linkSelection())
                        .filter(SERVED::equals)
                        .isPresent();
                if (answers
                        && served
                        && asked.messageType()
                                .filter(MessageType.INFORM::equals)
                                .isPresent()) {
                    byte[] out = new byte[2000];
                    int length = PacketCodec.encode(ack(asked), EncodeLimits.of(1000), out)
                            .length();
                    dhcp.send(new DatagramPacket(out, length, in.getSocketAddress()));
                }
            }
        } catch (SocketException e) {
            // Closed: the test is over.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Packet ack(Packet asked) {
        return Packet.builder()
                .op(BootpOp.REPLY)
                .hardware(asked.hardware())
                .xid(asked.xid())
                .giaddr(asked.giaddr())
                .options(Options.builder()
                        .messageType(MessageType.ACK)
                        .ipv4(OptionCode.SERVER_ID, Ipv4.parse("192.0.2.67"))
                        .build())
                .build();
    }

    private AnycastConfig config(String links, String announce) {
        String text = """
            service-address: 192.0.2.67
            state-directory: %s
            check:
              links: %s
              server: 127.0.0.1
              port: %d
              timeout: 1s
              admin: { address: 127.0.0.1, port: %d }
            rise: 2
            fall: 2
            when-failing: withdrawn
            %s
            """.formatted(
                directory, links, dhcp.getLocalPort(), admin.getAddress().getPort(), announce);
        return ((Accepted<AnycastConfig>) ConfigFile.anycast(ConfigSource.of("anycast.yaml", text))).value();
    }

    private AnycastConfig exabgp(String links) {
        return config(links, "exabgp: { preferred: next-hop self med 0, inferior: next-hop self med 1000 }");
    }

    private Announcer announcer(AnycastConfig config) throws IOException {
        return new Announcer(
                config,
                new PrintStream(commands, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(exabgpAnswers.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(messages, true, StandardCharsets.UTF_8),
                InstantSource.fixed(NOW),
                new SplittableRandom(1));
    }

    private List<String> said() {
        return commands.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void twice(Announcer announcer) throws InterruptedException {
        announcer.check();
        announcer.check();
    }

    private ObjectNode status() throws IOException {
        return new StateFiles(directory).readStatus().orElseThrow();
    }

    @Test
    void theRouteFollowsTheServer() throws Exception {
        try (Announcer announcer = announcer(exabgp("[10.0.0.0]"))) {
            announcer.check();
            assertThat(said()).isEmpty();
            assertThat(status().path("announcement").asText()).isEqualTo("unknown");
            announcer.check();
            assertThat(said()).containsExactly("announce route 192.0.2.67/32 next-hop self med 0");
            mode = "alone";
            twice(announcer);
            assertThat(said()).last().isEqualTo("announce route 192.0.2.67/32 next-hop self med 1000");
            mode = "draining";
            announcer.check();
            assertThat(status().path("lastCheck").path("why").asText())
                    .isEqualTo("answers, but says of itself that it is 'draining'");
            answers = false;
            twice(announcer);
            assertThat(said()).last().isEqualTo("withdraw route 192.0.2.67/32 next-hop self med 0");
            answers = true;
            mode = "ok";
            twice(announcer);
            assertThat(said()).hasSize(4).last().isEqualTo("announce route 192.0.2.67/32 next-hop self med 0");
            assertThat(status().path("health").asText()).isEqualTo("serving");
            assertThat(status().path("inForce").asBoolean()).isTrue();
        }
        assertThat(messages.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("anylease-anycast: route 192.0.2.67/32 "));
    }

    @Test
    void oneLinkWithoutAnAnswerIsAFailure() throws Exception {
        try (Announcer announcer = announcer(exabgp("[10.0.0.0, 10.9.0.0]"))) {
            twice(announcer);
            assertThat(said()).containsExactly("withdraw route 192.0.2.67/32 next-hop self med 0");
            assertThat(status().path("why").asText())
                    .isEqualTo("no answer from 127.0.0.1:" + dhcp.getLocalPort() + " for link 10.9.0.0 within 1000 ms");
        }
    }

    @Test
    void aServerWhoseAdminApiIsSilentServesAllTheSame() throws Exception {
        AnycastConfig config = exabgp("[10.0.0.0]");
        admin.stop(0);
        try (Announcer announcer = announcer(config)) {
            twice(announcer);
            assertThat(said()).containsExactly("announce route 192.0.2.67/32 next-hop self med 0");
            assertThat(status().path("lastCheck").path("why").asText()).contains("its admin API at 127.0.0.1:");
        }
    }

    @Test
    void aDrainHoldsAcrossRestartsUntilItIsUndone() throws Exception {
        StateFiles files = new StateFiles(directory);
        try (Announcer announcer = announcer(exabgp("[10.0.0.0]"))) {
            twice(announcer);
            files.drain(NOW, "kim", "new switch");
            announcer.check();
            assertThat(said()).last().isEqualTo("announce route 192.0.2.67/32 next-hop self med 1000");
            assertThat(status().path("drained").path("reason").asText()).isEqualTo("new switch");
        }
        commands.reset();
        try (Announcer announcer = announcer(exabgp("[10.0.0.0]"))) {
            announcer.check();
            assertThat(said()).containsExactly("announce route 192.0.2.67/32 next-hop self med 1000");
            assertThat(files.undrain()).isTrue();
            announcer.check();
            assertThat(said()).last().isEqualTo("announce route 192.0.2.67/32 next-hop self med 0");
        }
    }

    @Test
    void anAnnouncerThatIsStartedAgainMovesNoRoute() throws Exception {
        try (Announcer announcer = announcer(exabgp("[10.0.0.0]"))) {
            twice(announcer);
        }
        commands.reset();
        answers = false;
        try (Announcer announcer = announcer(exabgp("[10.0.0.0]"))) {
            announcer.check();
            assertThat(said()).containsExactly("announce route 192.0.2.67/32 next-hop self med 0");
        }
    }

    @Test
    void afterARestartOfTheMachineTheServerHasToAnswerFirst() throws Exception {
        try (Announcer announcer = announcer(exabgp("[10.0.0.0]"))) {
            twice(announcer);
        }
        commands.reset();
        ObjectNode before = status();
        before.put("boot", "another");
        Files.writeString(directory.resolve("status.json"), before.toString());
        try (Announcer announcer = announcer(exabgp("[10.0.0.0]"))) {
            announcer.check();
            assertThat(said()).containsExactly("withdraw route 192.0.2.67/32 next-hop self med 0");
            announcer.check();
            assertThat(said()).last().isEqualTo("announce route 192.0.2.67/32 next-hop self med 0");
        }
    }

    @Test
    void aLineThatExabgpRefusesIsTold() throws Exception {
        exabgpAnswers = "done\nerror\n";
        try (Announcer announcer = announcer(exabgp("[10.0.0.0]"))) {
            twice(announcer);
            assertThat(status().path("problem").asText()).endsWith("as its log says: done error");
            announcer.check();
            assertThat(status().path("inForce").asBoolean()).isTrue();
        }
    }

    @Test
    void whatADaemonRefusesIsToldOnceAndTriedAgain() throws Exception {
        Path include = directory.resolve("bird/anylease.conf");
        String bird = "bird: { include: " + include + ", socket: " + directory.resolve("none.ctl") + " }";
        try (Announcer announcer = announcer(config("[10.0.0.0]", bird))) {
            assertThat(include).content().contains("anylease_inferior = true");
            twice(announcer);
            announcer.check();
            assertThat(include).content().contains("anylease_inferior = false");
            assertThat(status().path("inForce").asBoolean()).isFalse();
            assertThat(status().path("problem").asText()).startsWith("the route is not preferred yet: ");
        }
        assertThat(messages.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
    }
}
