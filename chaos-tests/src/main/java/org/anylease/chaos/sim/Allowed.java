package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.anylease.chaos.invariant.PoolsForMembers;
import org.anylease.chaos.invariant.Requests;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * By which rule a server could answer a request though it reaches nobody: the rules once more, naively, on its applied
 * state and on all that it ever appended. Where it is not sure, it says no.
 */
final class Allowed {
    /** What is about to run out is left out. */
    private static final Duration MARGIN = Duration.ofSeconds(25);

    /** With fewer addresses to spare, others may be faster. */
    private static final int SPARE_MIN = 3;

    private final ServerId self;
    private final LeaseLog log;
    private final SortedMap<CellId, PromiseJournal> images;
    private final Instant clock;
    private final Predicate<Ipv4> answersPing;

    Allowed(
            ServerId self,
            LeaseLog log,
            SortedMap<CellId, PromiseJournal> images,
            Instant clock,
            Predicate<Ipv4> answersPing) {
        this.self = self;
        this.log = log;
        this.images = images;
        this.clock = clock;
        this.answersPing = answersPing;
    }

    @Nullable
    PromiseRule of(Packet packet) {
        MessageType type = packet.messageType().orElse(null);
        ClientId client = Requests.client(packet);
        for (CellId cell : log.cells()) {
            PromiseJournal journal = images.get(cell);
            LeaseTable table = log.table(cell);
            if (journal == null || fenced(table, journal)) {
                continue;
            }
            PromiseRule rule = type == MessageType.DISCOVER
                    ? discover(table, journal, client, packet)
                    : type == MessageType.REQUEST ? request(table, journal, client, packet) : null;
            if (rule != null) {
                return rule;
            }
        }
        return null;
    }

    private boolean fenced(LeaseTable table, PromiseJournal journal) {
        boolean member = table.config().stream()
                .flatMap(config -> config.members().stream())
                .anyMatch(any -> any.server().equals(self));
        return !member
                || table.declaredDown().containsKey(self)
                || table.appliedIndex().compareTo(journal.reported()) < 0
                || journal.born() == null;
    }

    private @Nullable PromiseRule request(LeaseTable table, PromiseJournal journal, ClientId client, Packet packet) {
        Ipv4 address = Requests.address(packet);
        Binding binding = table.binding(address).orElse(null);
        Promise pending = journal.promise(address);
        NetworkPlan network = networkOf(table, packet);
        boolean here = network != null && network.contains(address);
        boolean free =
                pending == null || (pending.client().id().equals(client) && pending.ending() == PromiseEnding.HELD);
        if (network == null || !here || !free || binding == null || binding.state() != BindingState.ACTIVE) {
            return null;
        }
        LeaseClient holder = binding.client();
        boolean leads = holder != null
                && binding.isOf(client)
                && table.isLeasable(holder, network.network().name(), address);
        Duration mclt = table.config().orElseThrow().timers().mclt();
        return leads && binding.end().plus(mclt).minus(MARGIN).isAfter(clock) ? PromiseRule.R2_EXTENSION : null;
    }

    private @Nullable PromiseRule discover(LeaseTable table, PromiseJournal journal, ClientId client, Packet packet) {
        NetworkPlan network = networkOf(table, packet);
        if (network == null) {
            return null;
        }
        for (Binding binding : table.bindingsOf(client)) {
            if (binding.isOf(client)) {
                // What becomes of it may stand in the way.
                return null;
            }
        }
        Octets hardware = Octets.of(packet.hardware().bytes());
        LeaseClient asking = new LeaseClient(client, hardware, "", Octets.EMPTY, Ipv4.UNSPECIFIED)
                .in(PoolsForMembers.classesOf(hardware));
        int spare = 0;
        String name = network.network().name();
        for (Ipv4 address : table.escrowOf(self, name)) {
            Binding binding = table.binding(address).orElseThrow();
            LogIndex grant = binding.index();
            boolean ours =
                    journal.born() != null && grant.compareTo(journal.born().index()) > 0;
            boolean idle = journal.claim(address, grant) == null && journal.promise(address) == null;
            boolean lasts = binding.end().minus(MARGIN).isAfter(clock);
            boolean may = network.isDynamic(address) && network.permits(address, asking);
            spare += ours && idle && lasts && may && !answersPing.test(address) ? 1 : 0;
        }
        boolean ample = true;
        for (int group = 0; group < network.groupCount(); group++) {
            ample &= !network.permits(group, asking) || !table.isScarce(network, group);
        }
        return spare >= SPARE_MIN && ample ? PromiseRule.R3_ESCROW : null;
    }

    private @Nullable NetworkPlan networkOf(LeaseTable table, Packet packet) {
        Ipv4 where = packet.giaddr().isUnspecified() ? packet.ciaddr() : packet.giaddr();
        if (where.isUnspecified()) {
            return table.plan().map(plan -> plan.network("link-" + self)).orElse(null);
        }
        return table.plan()
                .flatMap(plan -> plan.networks().stream()
                        .filter(network -> network.network().subnets().stream()
                                .anyMatch(subnet -> subnet.prefix().contains(where)))
                        .findFirst())
                .orElse(null);
    }
}
