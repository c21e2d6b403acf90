package org.anylease.chaos.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.anylease.store.address.Ipv4;
import org.anylease.tools.anycast.CheckPacket;
import org.anylease.tools.local.WatchedProcess;

/**
 * A program that asks the service address fifty times a second, as a relay does, and counts the questions that nobody
 * answers. It takes no lease. Ten times a second it prints {@code asked A settled N lost M silence S}: questions
 * asked, those that were answered or are older than a second, those that nobody answered, and the longest time without
 * any answer since the last line, in milliseconds.
 *
 * <p>It asks from several ports in turn, so that routers which hash ports see several flows.
 */
public final class Pulse {
    private static final int PORTS = 8;
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PRINT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOST_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int DHCP_PORT = 67;

    private final InetSocketAddress server;
    private final Ipv4 relay;
    private final Ipv4 link;
    private final Selector selector;
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(2000);
    private final TreeMap<Integer, Long> open = new TreeMap<>();
    private int asked;
    private long lost;
    private long silence;
    private long heard;

    private Pulse(Ipv4 relay, Ipv4 service, Ipv4 link) throws IOException {
        this.relay = relay;
        this.server = new InetSocketAddress(InetAddress.getByName(service.toString()), DHCP_PORT);
        this.link = link;
        this.selector = Selector.open();
        for (int i = 0; i < PORTS; i++) {
            DatagramChannel channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.getByName(relay.toString()), 0));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            channels.add(channel);
        }
    }

    /**
     * Starts the program on the relay router of a laboratory, asking about the clients' link.
     *
     * @param lab the laboratory
     * @param directory for its output
     * @return the process
     * @throws IOException when it cannot be started
     */
    public static WatchedProcess start(AnycastLab lab, Path directory) throws IOException {
        return Background.start(
                lab.relay(),
                "pulse",
                directory,
                Background.java(
                        Pulse.class.getName(),
                        AnycastLab.RELAY_ADDRESS,
                        AnycastLab.SERVICE_ADDRESS,
                        AnycastLab.RELAY_ADDRESS));
    }

    /**
     * Asks until it is killed.
     *
     * @param arguments the relay's address, the service address, and an address of the link asked about
     * @throws IOException when a socket fails
     */
    public static void main(String[] arguments) throws IOException {
        new Pulse(Ipv4.parse(arguments[0]), Ipv4.parse(arguments[1]), Ipv4.parse(arguments[2])).run();
    }

    private void run() throws IOException {
        long nextQuestion = System.nanoTime();
        long nextLine = nextQuestion + PRINT_NANOS;
        heard = nextQuestion;
        while (true) {
            long now = System.nanoTime();
            if (now >= nextQuestion) {
                ask(now);
                nextQuestion += EVERY_NANOS;
            }
            if (now >= nextLine) {
                print(now);
                nextLine += PRINT_NANOS;
            }
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextQuestion - System.nanoTime())));
            selector.selectedKeys().clear();
            for (DatagramChannel channel : channels) {
                hear(channel);
            }
        }
    }

    private void ask(long now) {
        asked++;
        open.put(asked, now);
        try {
            channels.get(asked % PORTS).send(ByteBuffer.wrap(CheckPacket.inform(asked, link, relay)), server);
        } catch (IOException e) {
            // There is no route now: the question is lost, like one that a router drops.
        }
    }

    private void hear(DatagramChannel channel) throws IOException {
        while (channel.receive(buffer.clear()) != null) {
            Long since = CheckPacket.acknowledged(buffer.array(), buffer.position())
                    .map(open::remove)
                    .orElse(null);
            if (since != null) {
                long now = System.nanoTime();
                silence = Math.max(silence, now - heard);
                heard = now;
            }
        }
    }

    private void print(long now) {
        for (Map.Entry<Integer, Long> oldest = open.firstEntry();
                oldest != null && now - oldest.getValue() > LOST_AFTER_NANOS;
                oldest = open.firstEntry()) {
            open.remove(oldest.getKey());
            lost++;
        }
        long settled = open.isEmpty() ? asked : open.firstKey() - 1L;
        long longest = Math.max(silence, now - heard);
        System.out.println("asked " + asked + " settled " + settled + " lost " + lost + " silence "
                + TimeUnit.NANOSECONDS.toMillis(longest));
        silence = 0;
    }
}
