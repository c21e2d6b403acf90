package org.anylease.server.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.server.port.Destination;
import org.anylease.server.port.Endpoint;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.port.Reply;
import org.anylease.store.address.Ipv4;

/** A process of its own, started without capabilities by {@link UnprivilegedTest}; prints what it was permitted. */
final class UnprivilegedServer {
    private UnprivilegedServer() {}

    /** Arguments: the service address, the interface and the port. */
    public static void main(String[] arguments) throws Exception {
        Ipv4 address = Ipv4.parse(arguments[0]);
        int port = Integer.parseInt(arguments[2]);
        System.out.println("probe: " + IcmpProbe.availability(address));
        try (EventLoop loop = EventLoop.start("unprivileged", Throwable::printStackTrace);
                UdpNetwork network = UdpNetwork.open(
                        loop,
                        InterfaceTable.read(),
                        List.of(
                                new Endpoint.Service(address, port),
                                new Endpoint.Link(arguments[1], port, port + 1, address)))) {
            System.out.println("frames: " + network.sendsFrames());
            byte[] mac = {2, 0, 0, 0, 0, 1};
            loop.execute(() -> network.send(
                    new Reply(1, new Destination.LinkUnicast(1, mac, Ipv4.parse("10.1.0.77"))),
                    ByteBuffer.wrap("instead".getBytes(StandardCharsets.ISO_8859_1))));
            if (IcmpProbe.availability(address) instanceof ProbeAvailability.PingSocket) {
                System.out.println("result: " + probeOnce(loop, address));
            }
        } catch (BindFailure failure) {
            System.out.println("bind: " + failure.getMessage());
        }
    }

    private static ProbeResult probeOnce(EventLoop loop, Ipv4 address) throws Exception {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        ProbeSource source = new ProbeSource(address, Set.of());
        try (IcmpProbe probe =
                IcmpProbe.open(loop, source, InterfaceTable.read(), ProbeLimits.DEFAULT, new SplittableRandom())) {
            loop.execute(
                    () -> probe.probe(address, Duration.ofSeconds(2), (about, finished) -> result.complete(finished)));
            return result.get(5, TimeUnit.SECONDS);
        }
    }
}
