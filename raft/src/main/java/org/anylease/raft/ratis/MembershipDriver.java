package org.anylease.raft.ratis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.link.PeerLinks;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.CellMembership;
import org.anylease.raft.membership.GroupMembers;
import org.anylease.raft.membership.MembershipPlan;
import org.anylease.raft.membership.MembershipPlan.Standing;
import org.anylease.raft.membership.MembershipStep;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.Member;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Raft group of each cell that this server leads consist of the members that the configuration lists, a step
 * at a time. Nothing is remembered: what is to be done follows from what is the case, whoever leads. Confined to the
 * loop.
 */
final class MembershipDriver {
    private static final String READY = "raft.ready";
    static final String LEAVE = "raft.leave";
    private static final String STEP_ASIDE = "raft.aside";
    private static final String OUT = "raft.out";
    private static final Duration EXPELLED_AGAIN = Duration.ofSeconds(1);
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(10);

    /** A copy so few entries behind has caught up: under load it never gets nearer. */
    private static final long BEHIND_MAX = 256;

    /** Who is no member is told so every so many looks. */
    private static final int LOOKS_PER_FAREWELL = 10;

    private final ServerId self;
    private final ServerLoop loop;
    private final RatisNode node;
    private final PeerLinks links;
    private final Map<CellId, Cell> cells;
    private final CellMembers members;
    private final Leadership leadership;
    private final Admission admission;
    private final RaftEventListener events;
    private final Set<CellId> busy = new HashSet<>();
    /** This server deletes its copy of these and fetches it anew: nobody is to take it in meanwhile. */
    private final Set<CellId> rebuilding = new HashSet<>();

    /** Ratis has closed the groups of these here, since the last configuration in their log does not name this server. */
    private final Set<CellId> expelled = new HashSet<>();

    private final Map<CellId, MembershipPlan> plans = new TreeMap<>();
    private final Map<CellId, String> failures = new TreeMap<>();
    private int looks;

    MembershipDriver(
            ServerId self,
            ServerLoop loop,
            RatisNode node,
            PeerLinks links,
            Map<CellId, Cell> cells,
            CellMembers members,
            Leadership leadership,
            Admission admission,
            RaftEventListener events) {
        this.self = self;
        this.loop = loop;
        this.node = node;
        this.links = links;
        this.cells = cells;
        this.members = members;
        this.leadership = leadership;
        this.admission = admission;
        this.events = events;
    }

    /** From now on it answers leaders. */
    void handle() {
        links.handle(READY, (from, body) -> readyHere(cellIn(body)));
        links.handle(LEAVE, (from, body) -> leaveHere(cellIn(body), from));
        links.handle(OUT, (from, body) -> isOut(cellIn(body), from));
        links.handle(STEP_ASIDE, (from, body) -> stepAside(cellIn(body), from));
    }

    private static CellId cellIn(byte[] body) {
        return new CellId(new String(body, StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(CellId cell) {
        return cell.name().getBytes(StandardCharsets.US_ASCII);
    }

    /** How far this server's copy is, once its group is there. */
    private CompletionStage<byte[]> readyHere(CellId id) {
        Cell cell = cells.get(id);
        if (cell == null
                || !node.isReady(id)
                || rebuilding.contains(id)
                || expelled.contains(id)
                || cell.replica().failure() != null) {
            return CompletableFuture.failedFuture(new IOException("server " + self + " has no copy of cell " + id));
        }
        return CompletableFuture.completedFuture(ByteBuffer.allocate(Long.BYTES)
                .putLong(cell.replica().appliedIndex().value())
                .array());
    }

    /**
     * The leader says that this server is no member any more. That is believed only of one who has nothing to say in
     * the cell anyway: whose copy does not list it, or who hears of no leader.
     */
    private CompletionStage<byte[]> leaveHere(CellId id, ServerId from) {
        Cell cell = cells.get(id);
        if (cell == null || members.hasLeft(id)) {
            return CompletableFuture.completedFuture(new byte[0]);
        }
        boolean listed = wanted(cell).contains(self);
        if (listed && cell.watch().state().reachable()) {
            return CompletableFuture.failedFuture(
                    new IOException("server " + self + " is a member of cell " + id + ", as far as it knows"));
        }
        return leave(id, from).thenApply(done -> new byte[0]);
    }

    /**
     * As this server stood for election, Ratis found that it is no member any more, and closed its group. The change that
     * says so need not be committed, and this copy may be one of few: so nothing is deleted until a leader confirms it.
     */
    void expelled(CellId id) {
        if (!members.hasLeft(id) && expelled.add(id)) {
            askWhetherOut(id);
        }
    }

    private void askWhetherOut(CellId id) {
        if (!expelled.contains(id)) {
            return;
        }
        for (ServerId peer : links.peers()) {
            if (links.isUp(peer)) {
                var _ = links.call(peer, OUT, bytes(id), READY_TIMEOUT)
                        .whenComplete((answer, failure) -> loop.execute(() -> heardWhetherOut(id, peer, answer)));
            }
        }
        loop.after(EXPELLED_AGAIN, () -> askWhetherOut(id));
    }

    /** A leader whose group is settled knows: what it was agreed on before that is committed. */
    private CompletionStage<byte[]> isOut(CellId id, ServerId from) {
        GroupMembers group = members.group(id);
        if (!node.contact(id).leading() || group.changing()) {
            return refused("server " + self + " does not lead cell " + id + ", or its members are being changed");
        }
        boolean member = group.voters().contains(from) || group.listeners().contains(from);
        return CompletableFuture.completedFuture(new byte[] {(byte) (member ? 0 : 1)});
    }

    private void heardWhetherOut(CellId id, ServerId leader, byte @Nullable [] answer) {
        Cell cell = cells.get(id);
        if (answer == null || answer.length != 1 || cell == null || rebuilding.contains(id) || !expelled.remove(id)) {
            return;
        }
        List<ServerId> voters = wanted(cell);
        if (answer[0] == 0) {
            cell.replica()
                    .stop(
                            "following its group",
                            new IOException("Ratis closed it, though leader " + leader
                                    + " counts this server among its members"));
        } else if (voters.contains(self)) {
            // Taken out only for a while, such as to be rebuilt, and whoever did that was not heard of again.
            rebuilding.add(id);
            events.heard(new RaftEvent.CellLeft(id, leader));
            var _ = admission
                    .comeAnew(id, voters)
                    .whenComplete((done, failure) -> loop.execute(() -> rebuilt(id, failure == null)));
        } else {
            var _ = leave(id, leader).whenComplete((done, failure) -> {
                if (failure != null) {
                    events.heard(new RaftEvent.CellStopped(id, "leaving the group", failure));
                }
            });
        }
    }

    private CompletionStage<@Nullable Void> leave(CellId id, ServerId leader) {
        expelled.remove(id);
        members.leave(id);
        return admission.leave(id).thenApply(done -> {
            events.heard(new RaftEvent.CellLeft(id, leader));
            return null;
        });
    }

    /**
     * Deletes this server's copy and fetches it anew. The leader takes this server out of the group first, so that what
     * its log held counts for nothing any more; then it comes as a new one does. Completes when it is out; what follows
     * is told by events, and by {@link #membership}.
     */
    CompletionStage<@Nullable Void> rebuild(CellId id) {
        Cell cell = cells.get(id);
        ServerId leader = cell == null ? null : cell.watch().state().leader();
        if (cell == null || leader == null) {
            return MembershipDriver.<@Nullable Void>refused(
                    cell == null ? "server " + self + " has no copy of cell " + id : "cell " + id + " has no leader");
        }
        List<ServerId> voters = wanted(cell);
        if (leader.equals(self) || !voters.contains(self)) {
            return MembershipDriver.<@Nullable Void>refused("server " + self
                    + (leader.equals(self) ? " leads cell " + id + ": drain it first" : " is no member of cell " + id));
        }
        if (!rebuilding.add(id)) {
            return MembershipDriver.<@Nullable Void>refused("the copy of server " + self + " is being rebuilt already");
        }
        CompletionStage<byte[]> aside = links.call(leader, STEP_ASIDE, bytes(id), LEAVE_TIMEOUT);
        var _ = aside.thenCompose(done -> {
                    expelled.remove(id);
                    events.heard(new RaftEvent.CellLeft(id, leader));
                    return admission.comeAnew(id, voters);
                })
                .whenComplete((done, failure) -> loop.execute(() -> rebuilt(id, failure == null)));
        return aside.thenApply(done -> null);
    }

    /** What Ratis said meanwhile of the old group does not count for the new one. */
    private void rebuilt(CellId id, boolean anew) {
        rebuilding.remove(id);
        if (anew) {
            expelled.remove(id);
        }
    }

    private static <T extends @Nullable Object> CompletionStage<T> refused(String why) {
        return CompletableFuture.failedFuture(new IOException(why));
    }

    /** A member asks the leader to be taken out of the group. It stays a member by the configuration, and comes back. */
    private CompletionStage<byte[]> stepAside(CellId id, ServerId from) {
        GroupMembers group = members.group(id);
        if (!node.contact(id).leading()) {
            return refused("server " + self + " does not lead cell " + id);
        }
        if (group.changing() || !busy.add(id)) {
            return refused("the members of cell " + id + " are being changed: ask again");
        }
        CompletableFuture<@Nullable Void> out =
                node.configure(id, without(group.voters(), from), without(group.listeners(), from));
        var _ = out.whenComplete((done, failure) -> loop.execute(() -> {
            busy.remove(id);
            if (failure == null) {
                events.heard(new RaftEvent.MembershipChanged(id, new MembershipStep.Remove(from)));
            }
        }));
        return out.thenApply(done -> new byte[0]);
    }

    private static List<ServerId> without(List<ServerId> servers, ServerId one) {
        return servers.stream().filter(server -> !server.equals(one)).toList();
    }

    private static List<ServerId> wanted(Cell cell) {
        return cell.replica()
                .table()
                .config()
                .map(config -> config.members().stream().map(Member::server).toList())
                .orElse(List.of());
    }

    /** Looks at every cell that this server leads; to be called every second. */
    void look() {
        looks++;
        for (Cell cell : cells.values()) {
            if (!node.contact(cell.id()).leading()) {
                plans.remove(cell.id());
                failures.remove(cell.id());
            } else if (!busy.contains(cell.id()) && !cell.pipeline().isRecovering()) {
                look(cell);
            }
        }
    }

    private void look(Cell cell) {
        CellId id = cell.id();
        List<ServerId> wanted = wanted(cell);
        GroupMembers group = members.group(id);
        if (wanted.isEmpty() || group.voters().isEmpty()) {
            return;
        }
        if (looks % LOOKS_PER_FAREWELL == 0) {
            farewell(id, wanted, group);
        }
        List<ServerId> coming = wanted.stream()
                .filter(server -> !group.voters().contains(server))
                .toList();
        busy.add(id);
        var _ = standings(cell, coming).whenComplete(loop.guarded((standings, failure) -> {
            if (standings == null) {
                busy.remove(id);
                return;
            }
            LeaseTable table = cell.replica().table();
            MembershipPlan plan = MembershipPlan.of(
                    self,
                    wanted(cell),
                    members.group(id),
                    table.awaited(),
                    server -> standings.getOrDefault(server, Standing.UNREACHABLE));
            plans.put(id, plan);
            MembershipStep step = plan.step();
            if (step == null) {
                busy.remove(id);
            } else {
                carryOut(id, step);
            }
        }));
    }

    private CompletableFuture<Map<ServerId, Standing>> standings(Cell cell, List<ServerId> coming) {
        Map<ServerId, Standing> standings = new TreeMap<>();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (ServerId server : coming) {
            if (!links.isUp(server)) {
                standings.put(server, links.knows(server) ? Standing.UNREACHABLE : Standing.UNKNOWN);
                continue;
            }
            CompletableFuture<Boolean> answered = new CompletableFuture<>();
            asked.add(answered);
            var _ = links.call(server, READY, bytes(cell.id()), READY_TIMEOUT)
                    .whenComplete((answer, failure) -> loop.execute(() -> {
                        standings.put(server, standing(cell, answer));
                        answered.complete(true);
                    }));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(done -> standings);
    }

    private static Standing standing(Cell cell, byte @Nullable [] answer) {
        if (answer == null || answer.length != Long.BYTES) {
            return Standing.WITHOUT_COPY;
        }
        long applied = ByteBuffer.wrap(answer).getLong();
        return applied + BEHIND_MAX >= cell.replica().appliedIndex().value() ? Standing.CAUGHT_UP : Standing.BEHIND;
    }

    private void carryOut(CellId id, MembershipStep step) {
        GroupMembers group = members.group(id);
        List<ServerId> voters = new ArrayList<>(group.voters());
        List<ServerId> listeners = new ArrayList<>(group.listeners());
        listeners.remove(step.server());
        CompletableFuture<@Nullable Void> done = switch (step) {
            case MembershipStep.Admit(ServerId server) -> {
                listeners.add(server);
                yield node.configure(id, voters, listeners);
            }
            case MembershipStep.Promote(ServerId server) -> {
                voters.add(server);
                yield node.configure(id, voters, listeners);
            }
            case MembershipStep.Remove(ServerId server) -> {
                voters.remove(server);
                yield node.configure(id, voters, listeners);
            }
            case MembershipStep.HandOver(ServerId heir) -> leadership.transfer(id, heir);
        };
        var _ = done.whenComplete((nothing, failure) -> loop.execute(() -> {
            busy.remove(id);
            if (failure != null) {
                failures.put(id, step + ": " + RatisNode.deepest(failure));
            } else {
                failures.remove(id);
                events.heard(new RaftEvent.MembershipChanged(id, step));
                if (step instanceof MembershipStep.Remove(ServerId gone)) {
                    tellToLeave(id, gone);
                }
            }
        }));
    }

    /** One that was away when it was removed still stands for election when it comes back: it is told, again and again. */
    private void farewell(CellId id, List<ServerId> wanted, GroupMembers group) {
        for (ServerId peer : links.peers()) {
            boolean member = wanted.contains(peer)
                    || group.voters().contains(peer)
                    || group.listeners().contains(peer);
            if (!member && links.isUp(peer)) {
                tellToLeave(id, peer);
            }
        }
    }

    private void tellToLeave(CellId id, ServerId gone) {
        // When it does not hear it now it is told again.
        var _ = links.call(gone, LEAVE, bytes(id), LEAVE_TIMEOUT);
    }

    boolean hasLeft(CellId id) {
        return members.hasLeft(id);
    }

    Optional<CellMembership> membership(CellId id) {
        return Optional.ofNullable(cells.get(id))
                .map(cell -> new CellMembership(
                        id,
                        wanted(cell),
                        members.group(id),
                        cell.replica().table().awaited(),
                        plans.get(id),
                        failures.get(id)));
    }
}
