package org.anylease.tools.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.dhcp4java.DHCPConstants;
import org.dhcp4java.DHCPPacket;
import org.jspecify.annotations.Nullable;

/**
 * One client behind a relay: the states of RFC 2131 §4.4 without their waits, since its owner says when to act.
 *
 * <p>Used by one thread at a time. What it sees goes into the fleet's history.
 */
public final class FleetClient {
    private final int number;
    private final byte[] mac;
    private final FleetRelay relay;
    private final Route route;
    private final History history;
    private final Patience patience;
    private final RandomGenerator random;
    private byte[] identifier = new byte[0];
    private @Nullable InetAddress address;
    private @Nullable DHCPPacket lastAck;
    private final TreeMap<Byte, byte[]> said = new TreeMap<>();
    private Instant leaseEnd = Instant.MIN;

    /**
     * How long a client waits for an answer.
     *
     * @param first before the first retransmission; each further wait is twice as long, up to {@code most}
     * @param most the longest wait
     * @param transmissions how often a message is sent at most
     */
    public record Patience(Duration first, Duration most, int transmissions) {
        /** Waits as tests need them: 0.5 s, 1 s, 2 s, 2 s … for at most 8 transmissions. */
        public static final Patience SHORT = new Patience(Duration.ofMillis(500), Duration.ofSeconds(2), 8);
    }

    /**
     * A client that holds nothing.
     *
     * @param number its number in the fleet, which makes its hardware address
     * @param relay its relay
     * @param route where its packets go
     * @param history what it sees is added there
     * @param patience how long it waits
     * @param random draws transaction ids
     */
    public FleetClient(
            int number, FleetRelay relay, Route route, History history, Patience patience, RandomGenerator random) {
        this.number = number;
        this.mac = new byte[] {
            2, 0x0a, (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
        };
        this.relay = relay;
        this.route = route;
        this.history = history;
        this.patience = patience;
        this.random = random;
    }

    /**
     * Its hardware address.
     *
     * @return such as {@code 02:0a:00:00:00:01}
     */
    public String mac() {
        return HexFormat.ofDelimiter(":").formatHex(mac);
    }

    /**
     * The address it holds.
     *
     * @return empty while it holds none
     */
    public Optional<InetAddress> address() {
        return Optional.ofNullable(address);
    }

    /**
     * When its lease ends, counted from its REQUEST (RFC 2131 §4.4.1).
     *
     * @return the distant past while it never had one
     */
    public Instant leaseEnd() {
        return leaseEnd;
    }

    /**
     * Sends a client identifier (option 61) with every packet from now on.
     *
     * @param identifier its octets
     */
    public void identify(byte[] identifier) {
        this.identifier = identifier.clone();
    }

    /**
     * Sends an option with every packet from now on, in place of what it would say otherwise.
     *
     * @param code its code
     * @param value its value; nothing to leave the option out
     */
    public void say(byte code, byte... value) {
        said.put(code, value.clone());
    }

    /**
     * Takes up an address that it got elsewhere, such as from a server that was replaced.
     *
     * @param held the address
     */
    public void resume(InetAddress held) {
        address = held;
    }

    /** Forgets its lease without a word, as a client does whose time has run out, or that was reset. */
    public void forget() {
        address = null;
    }

    /**
     * Gets a lease: DISCOVER, OFFER, REQUEST, ACK.
     *
     * @return whether it was bound
     * @throws IOException when the relay's socket fails
     * @throws InterruptedException when its thread is to end
     */
    public boolean bind() throws IOException, InterruptedException {
        Instant begun = Instant.now();
        int xid = random.nextInt();
        try (FleetRelay.Exchange exchange = relay.exchange(xid)) {
            DHCPPacket discover = packet(DHCPConstants.DHCPDISCOVER, xid);
            DHCPPacket offer = ask(exchange, discover, DHCPConstants.DHCPOFFER, "DISCOVER").reply;
            if (offer == null) {
                return false;
            }
            DHCPPacket request = packet(DHCPConstants.DHCPREQUEST, xid);
            request.setOptionRaw(DHCPConstants.DHO_DHCP_REQUESTED_ADDRESS, offer.getYiaddrRaw());
            request.setOptionRaw(
                    DHCPConstants.DHO_DHCP_SERVER_IDENTIFIER,
                    Objects.requireNonNull(
                            offer.getOptionRaw(DHCPConstants.DHO_DHCP_SERVER_IDENTIFIER),
                            "an OFFER without a server identifier"));
            return settle(exchange, request, FleetPacket.address(offer.getYiaddrRaw()), begun);
        }
    }

    /**
     * Extends its lease by a REQUEST that carries ciaddr (REBINDING as the relay passes it on).
     *
     * @return whether it was extended; after a NAK it holds nothing
     * @throws IOException when the relay's socket fails
     * @throws InterruptedException when its thread is to end
     */
    public boolean renew() throws IOException, InterruptedException {
        InetAddress held = held();
        int xid = random.nextInt();
        try (FleetRelay.Exchange exchange = relay.exchange(xid)) {
            DHCPPacket request = packet(DHCPConstants.DHCPREQUEST, xid);
            request.setCiaddrRaw(held.getAddress());
            return settle(exchange, request, held, Instant.now());
        }
    }

    /**
     * Verifies its address as after a reboot (INIT-REBOOT).
     *
     * @return whether it may go on using it
     * @throws IOException when the relay's socket fails
     * @throws InterruptedException when its thread is to end
     */
    public boolean reboot() throws IOException, InterruptedException {
        InetAddress held = held();
        int xid = random.nextInt();
        try (FleetRelay.Exchange exchange = relay.exchange(xid)) {
            DHCPPacket request = packet(DHCPConstants.DHCPREQUEST, xid);
            request.setOptionRaw(DHCPConstants.DHO_DHCP_REQUESTED_ADDRESS, held.getAddress());
            return settle(exchange, request, held, Instant.now());
        }
    }

    /**
     * Gives its lease back; nobody answers that.
     *
     * @throws IOException when the relay's socket fails
     */
    public void release() throws IOException {
        InetAddress held = held();
        int xid = random.nextInt();
        try (FleetRelay.Exchange exchange = relay.exchange(xid)) {
            DHCPPacket release = packet(DHCPConstants.DHCPRELEASE, xid);
            release.setCiaddrRaw(held.getAddress());
            address = null;
            history.add(new History.Released(Instant.now(), number, held.getHostAddress()));
            send(exchange, release, route.next(number));
        }
    }

    /**
     * Says that somebody else uses its address (RFC 2131 §4.4.4); nobody answers that.
     *
     * @throws IOException when the relay's socket fails
     */
    public void decline() throws IOException {
        InetAddress held = held();
        int xid = random.nextInt();
        try (FleetRelay.Exchange exchange = relay.exchange(xid)) {
            DHCPPacket decline = packet(DHCPConstants.DHCPDECLINE, xid);
            decline.setOptionRaw(DHCPConstants.DHO_DHCP_REQUESTED_ADDRESS, held.getAddress());
            address = null;
            history.add(new History.Released(Instant.now(), number, held.getHostAddress()));
            send(exchange, decline, route.next(number));
        }
    }

    /**
     * Asks for an address, and for no lease once it is offered one.
     *
     * @return whether it was offered one
     * @throws IOException when the relay's socket fails
     * @throws InterruptedException when its thread is to end
     */
    public boolean discover() throws IOException, InterruptedException {
        int xid = random.nextInt();
        try (FleetRelay.Exchange exchange = relay.exchange(xid)) {
            DHCPPacket discover = packet(DHCPConstants.DHCPDISCOVER, xid);
            return ask(exchange, discover, DHCPConstants.DHCPOFFER, "DISCOVER").reply != null;
        }
    }

    /**
     * An option of the last ACK.
     *
     * @param code its code
     * @return its value, empty when the ACK did not have it or there was none
     */
    public Optional<byte[]> option(byte code) {
        DHCPPacket last = lastAck;
        return last == null ? Optional.empty() : Optional.ofNullable(last.getOptionRaw(code));
    }

    private InetAddress held() {
        return Objects.requireNonNull(address, () -> "client " + number + " holds no address");
    }

    private DHCPPacket packet(byte type, int xid) {
        DHCPPacket packet = FleetPacket.of(type, xid, mac, relay.giaddr(), relay.link(), "port-" + number);
        packet.setOptionAsString(DHCPConstants.DHO_HOST_NAME, "fleet-" + number);
        if (identifier.length > 0) {
            packet.setOptionRaw(DHCPConstants.DHO_DHCP_CLIENT_IDENTIFIER, identifier);
        }
        said.forEach((code, value) -> {
            if (value.length > 0) {
                packet.setOptionRaw(code, value);
            } else {
                packet.removeOption(code);
            }
        });
        return packet;
    }

    private boolean settle(FleetRelay.Exchange exchange, DHCPPacket request, InetAddress asked, Instant begun)
            throws IOException, InterruptedException {
        Instant requested = Instant.now();
        Answer answer = ask(exchange, request, DHCPConstants.DHCPACK, "REQUEST");
        DHCPPacket reply = answer.reply;
        if (reply == null) {
            return false;
        }
        Instant now = Instant.now();
        if (type(reply) == DHCPConstants.DHCPNAK) {
            address = null;
            history.add(new History.Naked(now, number, asked.getHostAddress(), answer.site.name()));
            return false;
        }
        InetAddress leased = FleetPacket.address(reply.getYiaddrRaw());
        address = leased;
        lastAck = reply;
        long seconds = Integer.toUnsignedLong(Objects.requireNonNull(
                reply.getOptionAsInteger(DHCPConstants.DHO_DHCP_LEASE_TIME), "an ACK without a lease time"));
        leaseEnd = requested.plusSeconds(seconds);
        history.add(new History.Acked(
                now,
                number,
                mac(),
                leased.getHostAddress(),
                requested,
                Duration.ofSeconds(seconds),
                answer.site.name(),
                Duration.between(begun, now)));
        return true;
    }

    private record Answer(@Nullable DHCPPacket reply, Site site) {}

    private Answer ask(FleetRelay.Exchange exchange, DHCPPacket message, byte wanted, String what)
            throws IOException, InterruptedException {
        Duration wait = patience.first;
        Site site = route.next(number);
        for (int sent = 0; sent < patience.transmissions; sent++) {
            site = route.next(number);
            send(exchange, message, site);
            long end = System.nanoTime() + wait.toNanos();
            for (long left = wait.toNanos(); left > 0; left = end - System.nanoTime()) {
                Optional<DHCPPacket> reply = exchange.await(Duration.ofNanos(left));
                if (reply.isPresent() && isAnswer(reply.get(), wanted)) {
                    DHCPPacket taken = reply.get();
                    history.add(packet(taken, false, FleetPacket.address(taken.getYiaddrRaw()), site));
                    return new Answer(reply.get(), site);
                }
            }
            wait = wait.multipliedBy(2).compareTo(patience.most) < 0 ? wait.multipliedBy(2) : patience.most;
        }
        history.add(new History.Unanswered(Instant.now(), number, what, site.name()));
        return new Answer(null, site);
    }

    private void send(FleetRelay.Exchange exchange, DHCPPacket message, Site site) throws IOException {
        byte[] asked = message.getOptionRaw(DHCPConstants.DHO_DHCP_REQUESTED_ADDRESS);
        InetAddress about = FleetPacket.address(asked == null ? message.getCiaddrRaw() : asked);
        history.add(packet(message, true, about, site));
        for (Site copy : route.copies(number, site)) {
            exchange.send(message, copy);
        }
    }

    private History.Packet packet(DHCPPacket packet, boolean sent, InetAddress about, Site site) {
        String kind = switch (type(packet)) {
            case DHCPConstants.DHCPDISCOVER -> "DISCOVER";
            case DHCPConstants.DHCPOFFER -> "OFFER";
            case DHCPConstants.DHCPREQUEST -> "REQUEST";
            case DHCPConstants.DHCPDECLINE -> "DECLINE";
            case DHCPConstants.DHCPACK -> "ACK";
            case DHCPConstants.DHCPNAK -> "NAK";
            case DHCPConstants.DHCPRELEASE -> "RELEASE";
            default -> "type " + type(packet);
        };
        return new History.Packet(
                Instant.now(), number, sent, kind, about.getHostAddress(), packet.getXid(), site.name());
    }

    private static boolean isAnswer(DHCPPacket reply, byte wanted) {
        byte type = type(reply);
        return type == wanted || (wanted == DHCPConstants.DHCPACK && type == DHCPConstants.DHCPNAK);
    }

    private static byte type(DHCPPacket packet) {
        return Objects.requireNonNull(packet.getDHCPMessageType(), "a reply without a message type");
    }
}
