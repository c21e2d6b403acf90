package org.anylease.server.core;

import java.time.Duration;
import org.anylease.server.dns.ClientFqdn;
import org.anylease.server.dns.HostNaming;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.expression.RequestView;
import org.anylease.server.port.Destination;
import org.anylease.server.port.Reply;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** Sends replies: builds each, finds its way, and counts it. */
final class Replies {
    private final LocalServer local;
    private final ReplyRouting routing;
    private final PlanView plans;
    private final Views views;
    private final Acting acting;
    private @Nullable HostNaming naming;
    private OfferTaker taker = (inquiry, address, turn) -> inquiry.end(PacketOutcome.SILENT, turn);

    Replies(LocalServer local, PlanView plans, Views views, Acting acting) {
        this.acting = acting;
        this.local = local;
        this.plans = plans;
        this.views = views;
        routing = new ReplyRouting(local);
    }

    /** The plan now in force. */
    @FunctionalInterface
    interface PlanView {
        ServingPlan plan();
    }

    /** What expressions see of a packet. */
    @FunctionalInterface
    interface Views {
        RequestView of(Inquiry inquiry);
    }

    /** Takes an offer in the name of a client that cannot, since it speaks BOOTP. */
    @FunctionalInterface
    interface OfferTaker {
        void take(Inquiry inquiry, Ipv4 address, Turn turn);
    }

    /** From now on hands what clients would be offered that speak BOOTP to whoever takes it for them. */
    void takeOffersBy(OfferTaker by) {
        taker = by;
    }

    /**
     * Why a client is not to be answered, by the rules for the address that it would have, or for its subnet when there is
     * none.
     *
     * @return null when it is
     */
    @Nullable
    ServerEvent refusal(Inquiry inquiry, @Nullable Ipv4 address) {
        Terms terms = address == null ? inquiry.subnet().terms(inquiry) : terms(inquiry, address);
        ReplyTemplate template = terms.template();
        if (!template.isServed()) {
            return ServerEvent.CLIENT_NOT_SERVED;
        }
        return switch (inquiry.kind()) {
            case BOOTP -> template.answersBootp() ? null : ServerEvent.PACKET_BOOTP;
            case DISCOVER ->
                inquiry.packet().secs() < template.offerAfterSeconds() ? ServerEvent.CLIENT_MUST_WAIT : null;
            default -> null;
        };
    }

    /** Whether a client that declines an address is heeded. */
    boolean heedsDecline(Inquiry inquiry, Ipv4 address) {
        return terms(inquiry, address).template().heedsDeclines();
    }

    /** Agrees on names with clients from now on, or not any more. */
    void agreeBy(@Nullable HostNaming by) {
        naming = by;
    }

    /** A client by the host name that is kept with its lease. */
    LeaseClient named(LeaseClient client, Packet packet) {
        HostNaming by = naming;
        String kept = by == null ? client.hostname() : by.kept(packet.options());
        return kept.equals(client.hostname())
                ? client
                : new LeaseClient(client.id(), client.hardware(), kept, client.relayInformation(), client.relay());
    }

    /** What a client is told of its name (RFC 4702 §4), or null when it did not say anything of it. */
    private byte @Nullable [] fqdn(Inquiry inquiry, Ipv4 address) {
        HostNaming by = naming;
        if (by == null) {
            return null;
        }
        ServedSubnet subnet = subnet(inquiry, address);
        return inquiry.packet()
                .options()
                .bytes(OptionCode.CLIENT_FQDN)
                .flatMap(ClientFqdn::decode)
                .map(wish -> by.answer(
                                wish,
                                inquiry.client().hostname(),
                                address,
                                subnet.isReserved(address, inquiry.client()),
                                subnet.reservedName(address, inquiry.client()))
                        .encode())
                .orElse(null);
    }

    /** The lease time that a client asks for, or null (option 51). */
    static @Nullable Duration wantedTime(Packet request) {
        var seconds = request.options().u32(OptionCode.ADDRESS_TIME);
        return seconds.isPresent() ? Duration.ofSeconds(seconds.getAsLong()) : null;
    }

    /**
     * Offers an address.
     *
     * @param standard the lease time of a client that asks for none, or null to let the plan say
     * @param most what the cell would commit now; leases may be short for a while
     */
    void offer(
            Inquiry inquiry, Ipv4 address, @Nullable Duration standard, Duration most, ServerEvent event, Turn turn) {
        if (inquiry.isBootp()) {
            taker.take(inquiry, address, turn);
            return;
        }
        Terms terms = terms(inquiry, address);
        Duration wanted = wantedTime(inquiry.packet());
        Duration time = wanted == null && standard != null ? standard : terms.leaseTime(wanted);
        offered(inquiry, address, time.compareTo(most) > 0 ? most : time, terms, event, turn);
    }

    private void offered(Inquiry inquiry, Ipv4 address, Duration time, Terms terms, ServerEvent event, Turn turn) {
        Packet reply = ReplyBuilder.offer(
                inquiry, address, time, computed(terms, inquiry, address, time, turn), fqdn(inquiry, address));
        send(inquiry, reply, way(inquiry, address, terms), event, PacketOutcome.OFFERED, turn);
    }

    private @Nullable Reply way(Inquiry inquiry, Ipv4 address, Terms terms) {
        return routing.lease(inquiry, address, terms.template().isBroadcast()).orElse(null);
    }

    /** Offers an address that cannot be had for longer than a time. */
    void offerAtMost(Inquiry inquiry, Ipv4 address, Duration most, ServerEvent event, Turn turn) {
        ServerEvent refusal = refusal(inquiry, address);
        if (refusal != null) {
            turn.report(refusal, inquiry.network().name());
            inquiry.end(PacketOutcome.SILENT, turn);
            return;
        }
        if (inquiry.isBootp()) {
            taker.take(inquiry, address, turn);
            return;
        }
        Terms terms = terms(inquiry, address);
        Duration time = terms.leaseTime(wantedTime(inquiry.packet()));
        offered(inquiry, address, time.compareTo(most) > 0 ? most : time, terms, event, turn);
    }

    /**
     * Offers no address to a client that asks for option 108 (RFC 8925), where it is configured for the address that it
     * would have, or for the subnet when none is left.
     *
     * @return false when it is to be offered an address like any other
     */
    boolean offeredNone(Inquiry inquiry, @Nullable Ipv4 address, Turn turn) {
        Terms around = address == null ? inquiry.subnet().terms(inquiry) : terms(inquiry, address);
        Terms terms = computed(around, inquiry, null, Duration.ZERO, turn);
        if (terms.template().find(OptionCode.IPV6_ONLY_PREFERRED) < 0) {
            return false;
        }
        Packet reply = ReplyBuilder.offerNone(inquiry, terms);
        send(
                inquiry,
                reply,
                routing.nak(inquiry).orElse(null),
                ServerEvent.DISCOVER_NO_ADDRESS_WANTED,
                PacketOutcome.OFFERED,
                turn);
        return true;
    }

    /** Tells a client on every route that its request came by, and what follows leases once. */
    void ack(LeaseExchange exchange, Ipv4 address, Duration leaseTime, Turn turn) {
        for (Inquiry route : exchange.routes()) {
            ack(route, address, leaseTime, turn);
        }
        acting.committed(exchange.first(), address, leaseTime.toSeconds(), turn);
    }

    private void ack(Inquiry inquiry, Ipv4 address, Duration leaseTime, Turn turn) {
        Terms terms = computed(terms(inquiry, address), inquiry, address, leaseTime, turn);
        if (inquiry.isBootp()) {
            Packet reply = ReplyBuilder.bootp(inquiry, address, terms);
            Reply way = way(inquiry, address, terms);
            send(inquiry, reply, way, ServerEvent.BOOTP_ANSWERED, PacketOutcome.ANSWERED, turn);
            return;
        }
        Packet reply = ReplyBuilder.ack(inquiry, address, leaseTime, terms, fqdn(inquiry, address));
        send(
                inquiry,
                reply,
                way(inquiry, address, terms),
                ServerEvent.REQUEST_ACKNOWLEDGED,
                PacketOutcome.ACKNOWLEDGED,
                turn);
    }

    void nak(Inquiry inquiry, ServerEvent event, String message, Turn turn) {
        if (inquiry.isBootp()) {
            // There is no word for it: the client asks again, and is offered another.
            turn.report(ServerEvent.BOOTP_REFUSED, inquiry.network().name());
            inquiry.end(PacketOutcome.SILENT, turn);
            return;
        }
        send(
                inquiry,
                ReplyBuilder.nak(inquiry, message),
                routing.nak(inquiry).orElse(null),
                event,
                PacketOutcome.REFUSED,
                turn);
    }

    void informed(Inquiry inquiry, Turn turn) {
        Packet request = inquiry.packet();
        Reply way = routing.informed(inquiry).orElse(null);
        boolean pastRelay = way != null
                && way.to() instanceof Destination.UdpTo to
                && !to.address().equals(request.giaddr());
        ServedSubnet subnet = subnet(inquiry, request.ciaddr());
        Terms terms = computed(subnet.terms(request.ciaddr(), inquiry), inquiry, null, Duration.ZERO, turn);
        Packet reply = ReplyBuilder.informed(inquiry, terms, pastRelay);
        send(inquiry, reply, way, ServerEvent.INFORM_ACKNOWLEDGED, PacketOutcome.ACKNOWLEDGED, turn);
    }

    /** Terms with all that is computed of them worked out for a reply with an address, or without one. */
    private Terms computed(Terms terms, Inquiry inquiry, @Nullable Ipv4 address, Duration time, Turn turn) {
        ReplyTemplate template = terms.template()
                .computed(
                        inquiry.network().cell().computing(),
                        () -> new ComputedReply.Lease(
                                views.of(inquiry),
                                inquiry.network().name(),
                                ReplyBuilder.serverIdentifier(inquiry),
                                address,
                                address == null ? -1 : time.toSeconds()),
                        turn);
        return template == terms.template() ? terms : new Terms(template, terms.times());
    }

    private Terms terms(Inquiry inquiry, Ipv4 address) {
        return subnet(inquiry, address).terms(address, inquiry);
    }

    /** The subnet of an address, which may be another one of the network than the packet came from. */
    private ServedSubnet subnet(Inquiry inquiry, Ipv4 address) {
        ServedSubnet subnet = plans.plan().subnetOf(address);
        return subnet != null && subnet.network().isSameAs(inquiry.network()) ? subnet : inquiry.subnet();
    }

    private void send(
            Inquiry inquiry, Packet reply, @Nullable Reply way, ServerEvent event, PacketOutcome outcome, Turn turn) {
        String network = inquiry.network().name();
        if (way == null) {
            turn.report(ServerEvent.REPLY_UNROUTABLE, network);
            inquiry.end(PacketOutcome.SILENT, turn);
            return;
        }
        EncodeLimits limits = EncodeLimits.replyTo(inquiry.packet(), local.mtuBytes());
        turn.emit(new Effect.SendReply(reply, way, limits, inquiry.asked()));
        turn.report(event, network);
        inquiry.end(outcome, turn);
    }
}
