package org.anylease.server.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.anylease.server.core.SubnetSelector.Selection;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.expression.RequestView;
import org.anylease.server.partition.Autonomy;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.partition.ServingMode;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.jspecify.annotations.Nullable;

/**
 * The DHCPv4 service of one server: inputs in, effects out.
 *
 * <p>Confined to one thread, and never entered again from within its own effects. A packet's way: {@link
 * SubnetSelector} places it, {@link ClientIdentity} names its sender, {@link Classifying} tells what it is
 * like, {@link Discovering}, {@link Requesting}, {@link
 * Parting} or {@link Replies} decides; what must be awaited is an {@link Exchange} in the {@link ExchangeBook}.
 *
 * <p>All that it remembers is bounded, and none of it is a promise: a service that forgets everything has its clients
 * ask again. Promises are in the cells.
 */
public final class DhcpService {
    /** The token of the periodic timer. */
    private final long tick;

    private final CellViews cells;
    private final ServerId self;
    private final ReplySettings boot;
    private final SubnetSelector selector;
    private final Classifying classifying;
    private final ExchangeBook book;
    private final Replies replies;
    private final Discovering discovering;
    private final Requesting requesting;
    private final Parting parting;
    private final Commits commits;
    private final LeaseQuerying leaseQuerying;
    private final OwnCommits ownCommits = new OwnCommits();
    private final AutonomyCare autonomy;
    private final TreeMap<CellId, CellConfig> configs = new TreeMap<>();
    private final TreeMap<CellId, Boolean> reachable = new TreeMap<>();
    private final Protection protection;
    private final Acting acting;
    private ServingPlan plan = ServingPlan.NONE;

    /**
     * A service that has heard nothing yet.
     *
     * @param local what this server is by itself
     * @param cells the applied state, read only
     * @param journals what this server's disk held of each cell when the process began; asked once for each cell
     */
    public DhcpService(LocalServer local, CellViews cells, Function<CellId, PromiseJournal> journals) {
        this(local, cells, journals, ExchangeBook.EXCHANGES_MAX);
    }

    DhcpService(LocalServer local, CellViews cells, Function<CellId, PromiseJournal> journals, int exchangesMax) {
        this.cells = cells;
        this.boot = local.boot();
        this.self = local.self();
        Tokens tokens = new Tokens();
        tick = tokens.next();
        Deadlines deadlines = new Deadlines(tokens);
        commits = new Commits(cells, deadlines);
        selector = new SubnetSelector(local);
        protection = new Protection(local.limits(), cells);
        book = new ExchangeBook(tokens, commits, exchangesMax);
        acting = new Acting(this::view, () -> plan);
        replies = new Replies(local, () -> plan, this::view, acting);
        autonomy = new AutonomyCare(local.self(), cells, journals, tokens, deadlines, commits, book, replies, acting);
        classifying = new Classifying(cells, autonomy::promisedAlone);
        RecentOffers recents = new RecentOffers();
        discovering =
                new Discovering(cells, book, recents, replies, autonomy.offeringAlone(), commits, autonomy.alone());
        requesting = new Requesting(
                new Requesting.Sources(cells, book, recents, replies, () -> plan), autonomy, commits, ownCommits);
        leaseQuerying = new LeaseQuerying(local, cells, autonomy.alone(), () -> plan);
        replies.takeOffersBy(requesting::take);
        parting = new Parting(cells, book, replies, autonomy.withoutCommit(), commits, ownCommits, acting);
    }

    /**
     * Takes one input.
     *
     * @param input what happened
     * @param now this server's clock
     * @param effects takes what is to be done, in order, before this returns
     */
    public void on(Input input, Instant now, Consumer<? super Effect> effects) {
        Turn turn = new Turn(now, effects);
        switch (input) {
            case Input.Started() -> started(turn);
            case Input.PacketArrived(Packet packet, Arrival arrival) -> received(packet, arrival, turn);
            case Input.ProbeFinished(long token, var result) -> {
                OfferExchange exchange = book.takeProbe(token);
                if (exchange != null) {
                    probed(exchange, result, turn);
                }
            }
            case Input.ProposalSettled(long token, Proposal proposal) -> settled(token, proposal, turn);
            case Input.CellChanged(CellId cell) -> planChanged(cell, turn);
            case Input.QuorumChanged(CellId cell, QuorumState state) -> quorumChanged(cell, state, turn);
            case Input.JournalSynced(long token) -> autonomy.synced(token, turn);
            case Input.PeerSaid(CellId cell, ServerId from, PeerMessage message) -> said(cell, from, message, turn);
            case Input.EscrowRecalled(CellId cell, List<Ipv4> addresses) -> autonomy.recalled(cell, addresses, turn);
            case Input.ClockTrusted(boolean trusted, String reason) -> autonomy.clock(trusted, reason, turn);
            case Input.NamingChanged(var naming) -> replies.agreeBy(naming);
            case Input.ActionsChanged(var actions) -> acting.by(actions);
            case Input.LeasesRanOut(CellId cell, var index, var bindings) -> acting.ranOut(cell, index, bindings, turn);
            case Input.TimerFired(long token) -> {
                if (token == tick) {
                    ticked(turn);
                } else {
                    autonomy.fired(token, turn, overdue -> overdue(overdue, turn));
                }
            }
        }
    }

    /**
     * Whether leases of a cell that run out are to be told, since something is to be done then, and this server leads.
     *
     * @param cell one of the cells that this server has a copy of
     * @return false when nobody needs to look for them
     */
    public boolean followsExpiry(CellId cell) {
        return acting.followsExpiry() && self.equals(cells.quorum(cell).leader());
    }

    /**
     * How this server serves a cell.
     *
     * @param cell one of the cells that this server has a copy of
     * @param now this server's clock
     * @return as it is now
     */
    public ServingMode mode(CellId cell, Instant now) {
        return autonomy.mode(cell, now);
    }

    /**
     * How well this server could serve a cell alone, and what waits for whom. Looks at every binding: for display.
     *
     * @param cell one of the cells that this server has a copy of
     * @param now this server's clock
     * @return as it is now
     */
    public Autonomy autonomy(CellId cell, Instant now) {
        return autonomy.view(cell, now);
    }

    /**
     * What this server promised alone of an address, and the cell has not committed yet.
     *
     * @param cell one that it has a copy of
     * @param address the address
     * @return the promise, as it is in the journal
     */
    public Optional<JournalRecord.Promise> promisedAlone(CellId cell, Ipv4 address) {
        return autonomy.promisedAlone(cell, address);
    }

    /**
     * Everything that this server promised alone, and the cell has not committed yet.
     *
     * @param cell one that it has a copy of
     * @return the promises, as they are in the journal
     */
    public List<JournalRecord.Promise> promisedAlone(CellId cell) {
        return autonomy.alone().journal(cell).pending();
    }

    private void started(Turn turn) {
        for (CellId cell : cells.cells()) {
            planChanged(cell, turn);
            commits.of(cell, turn.now()).quorum(cells.quorum(cell).reachable(), turn.now());
        }
        ticked(turn);
    }

    private void ticked(Turn turn) {
        book.closeOverdue(turn);
        discovering.tick(turn);
        ownCommits.forgetApplied(cells);
        autonomy.tick(turn);
        leaseQuerying.tick();
        turn.emit(new Effect.SetTimer(tick, Expiring.PERIOD));
    }

    private void planChanged(CellId cell, Turn turn) {
        protection.prepare(cells.table(cell));
        CellConfig config = cells.table(cell).config().orElse(null);
        CellConfig before = configs.get(cell);
        if (config == null || config.equals(before)) {
            return;
        }
        configs.put(cell, config);
        plan = ServingPlan.of(configs.values(), boot);
        discovering.planChanged();
        turn.report(ServerEvent.PLAN_CHANGED, cell.name());
        for (CellId overlapping : plan.overlapping()) {
            turn.report(ServerEvent.PLAN_OVERLAP, overlapping.name());
        }
    }

    private void quorumChanged(CellId cell, QuorumState state, Turn turn) {
        commits.of(cell, turn.now()).quorum(state.reachable(), turn.now());
        autonomy.quorumChanged(cell, turn);
        Boolean before = reachable.put(cell, state.reachable());
        if (before == null || before != state.reachable()) {
            turn.report(state.reachable() ? ServerEvent.QUORUM_FOUND : ServerEvent.QUORUM_LOST, cell.name());
        }
    }

    /**
     * Takes a packet in. One that this program trips over is dropped, and costs its sender an answer, nobody else: what
     * a packet can change here is no promise.
     */
    private void received(Packet packet, Arrival arrival, Turn turn) {
        MessageType type = packet.op() == BootpOp.REQUEST ? packet.messageType().orElse(null) : null;
        boolean bootp = packet.op() == BootpOp.REQUEST && packet.isBootp();
        PacketKind otherwise = bootp ? PacketKind.BOOTP : PacketKind.OTHER;
        Story story = new Story(type == null ? otherwise : Inquiry.kind(type, packet, arrival));
        try {
            arrived(packet, type, story, arrival, turn);
        } catch (RuntimeException defect) {
            Exchange exchange = story.exchange();
            if (exchange != null) {
                book.abandon(exchange, turn);
            }
            story.endIfOpen(PacketOutcome.DROPPED, turn);
            turn.emit(new Effect.TrippedOver(defect));
        }
    }

    private void arrived(Packet packet, @Nullable MessageType type, Story story, Arrival arrival, Turn turn) {
        if (type == null && story.kind() != PacketKind.BOOTP) {
            turn.report(ServerEvent.PACKET_IGNORED_REPLY);
            story.end(PacketOutcome.DROPPED, turn);
            return;
        }
        if (!usable(packet.giaddr()) || !usable(packet.ciaddr())) {
            turn.report(ServerEvent.PACKET_BAD_ADDRESS);
            story.end(PacketOutcome.DROPPED, turn);
            return;
        }
        if (type == MessageType.LEASEQUERY && leaseQuerying.isOn()) {
            leaseQuerying.asked(packet, arrival, story, turn);
            return;
        }
        if (!protection.limits().allowsRelay(packet.giaddr())) {
            turn.report(ServerEvent.RELAY_NOT_ALLOWED, "giaddr " + packet.giaddr());
            story.end(PacketOutcome.DROPPED, turn);
            return;
        }
        switch (selector.select(packet, arrival, plan)) {
            case Selection.Nowhere(ServerEvent why) -> {
                turn.report(why);
                story.end(PacketOutcome.DROPPED, turn);
            }
            case Selection.In(ServedSubnet subnet, ServerEvent by) -> {
                turn.report(by, subnet.network().name());
                placed(packet, type, story, arrival, subnet, turn);
            }
        }
    }

    private static boolean usable(Ipv4 address) {
        return address.isUnspecified() || ReplyRouting.isHost(address);
    }

    private void placed(
            Packet packet, @Nullable MessageType type, Story story, Arrival arrival, ServedSubnet subnet, Turn turn) {
        String network = subnet.network().name();
        if (VirtualNetwork.isNamed(packet) && !VirtualNetwork.isObeyed(packet, subnet.network())) {
            // Echoing sub-option 152 or leaving option 221 out says so (RFC 6607).
            turn.report(ServerEvent.PACKET_VPN_IGNORED, network);
        }
        boolean bootp = story.kind() == PacketKind.BOOTP;
        switch (ClientIdentity.of(
                packet,
                bootp
                        ? NetworkPolicy.Identity.HARDWARE
                        : subnet.network().policy().identity())) {
            case ClientIdentity.Anonymous(ServerEvent why) -> {
                turn.report(why, network);
                story.end(PacketOutcome.DROPPED, turn);
            }
            case ClientIdentity.Known(var client) ->
                classified(packet, type, story, arrival, subnet, replies.named(client, packet), turn);
        }
    }

    private RequestView view(Inquiry inquiry) {
        return classifying.view(inquiry.packet(), inquiry.kind(), inquiry.subnet(), inquiry.client());
    }

    private void classified(
            Packet packet,
            @Nullable MessageType type,
            Story story,
            Arrival arrival,
            ServedSubnet subnet,
            LeaseClient client,
            Turn turn) {
        boolean readable = subnet.network().cell().classes().isReadable();
        Classified classes = readable ? classifying.classify(packet, story.kind(), subnet, client) : null;
        if (classes == null) {
            turn.report(
                    readable ? ServerEvent.PACKET_CLASSES_EXHAUSTED : ServerEvent.CLASS_UNREADABLE,
                    subnet.network().name());
            story.end(PacketOutcome.DROPPED, turn);
            return;
        }
        LeaseClient member = classes.kept().isEmpty() ? client : client.in(classes.kept());
        if (story.kind() == PacketKind.BOOTP) {
            member = member.speakingBootp();
        }
        admitted(type, new Inquiry(packet, arrival, story, subnet, member, classes.overlay(), turn.now()), turn);
    }

    private void admitted(@Nullable MessageType type, Inquiry inquiry, Turn turn) {
        ServerEvent against = protection.against(inquiry, type, turn.now());
        if (against == null) {
            dispatch(type, inquiry, turn);
        } else {
            turn.report(against, inquiry.network().name());
            inquiry.end(PacketOutcome.DROPPED, turn);
        }
    }

    private void dispatch(@Nullable MessageType type, Inquiry inquiry, Turn turn) {
        switch (inquiry.kind()) {
            case DISCOVER, BOOTP -> discovering.discover(inquiry, turn);
            case REQUEST_SELECTING, REQUEST_INIT_REBOOT, REQUEST_RENEWING, REQUEST_REBINDING ->
                requesting.request(inquiry, turn);
            case RELEASE -> parting.release(inquiry, turn);
            case DECLINE -> parting.decline(inquiry, turn);
            case INFORM -> replies.informed(inquiry, turn);
            case LEASEQUERY, OTHER -> {
                if (type == MessageType.REQUEST) {
                    requesting.request(inquiry, turn);
                } else {
                    turn.report(
                            ServerEvent.PACKET_UNSERVED_TYPE, inquiry.network().name());
                    inquiry.end(PacketOutcome.DROPPED, turn);
                }
            }
        }
    }

    private void probed(OfferExchange exchange, ProbeResult result, Turn turn) {
        try {
            discovering.probed(exchange, result, turn);
        } catch (RuntimeException defect) {
            book.abandon(exchange, turn);
            turn.emit(new Effect.TrippedOver(defect));
        }
    }

    /** Something that was asked for has not come in time. */
    private void overdue(long token, Turn turn) {
        LeaseExchange forwarded = autonomy.forwarding().take(token);
        if (forwarded != null) {
            requesting.notPromised(forwarded, turn);
        } else if (commits.isOverdue(token, turn)) {
            Exchange exchange = book.awaiting(token);
            switch (exchange) {
                case OfferExchange offer -> discovering.overdue(offer, turn);
                case LeaseExchange lease -> requesting.overdue(lease, turn);
                case PartingExchange part -> parting.overdue(part, turn);
                case null -> {}
            }
        }
    }

    private void said(CellId cell, ServerId from, PeerMessage message, Turn turn) {
        if (message instanceof PeerMessage.ForwardedAnswer(long id, var leaseTime)) {
            LeaseExchange exchange = autonomy.forwarding().take(id);
            if (exchange != null && leaseTime != null) {
                requesting.promisedElsewhere(exchange, leaseTime, turn);
            } else if (exchange != null) {
                requesting.notPromised(exchange, turn);
            }
        } else {
            autonomy.said(cell, from, message, turn);
        }
    }

    private void settled(long token, Proposal proposal, Turn turn) {
        if (proposal instanceof Proposal.Rejected(var reason)) {
            turn.report(WithoutCommit.event(reason));
        } else if (proposal instanceof Proposal.Unknown) {
            turn.report(ServerEvent.LOG_UNKNOWN);
        }
        commits.settled(token, proposal, turn);
        if (autonomy.settled(token, proposal, turn)) {
            return;
        }
        Exchange exchange = book.takeProposal(token);
        if (exchange != null) {
            try {
                settled(exchange, proposal, turn);
            } catch (RuntimeException defect) {
                book.abandon(exchange, turn);
                turn.emit(new Effect.TrippedOver(defect));
            }
        }
    }

    private void settled(Exchange settled, Proposal proposal, Turn turn) {
        switch (settled) {
            case OfferExchange exchange -> {
                if (proposal instanceof Proposal.Committed(var index, var outcome)) {
                    discovering.committed(exchange, outcome, turn);
                } else {
                    discovering.uncommitted(exchange, turn);
                }
            }
            case LeaseExchange exchange -> {
                if (proposal instanceof Proposal.Committed(var index, var outcome)) {
                    requesting.committed(exchange, outcome, turn);
                } else {
                    requesting.uncommitted(exchange, turn);
                }
            }
            case PartingExchange exchange -> {
                if (proposal instanceof Proposal.Committed(var index, var outcome)) {
                    parting.committed(exchange, outcome, turn);
                } else {
                    parting.uncommitted(exchange, turn);
                }
            }
        }
    }
}
