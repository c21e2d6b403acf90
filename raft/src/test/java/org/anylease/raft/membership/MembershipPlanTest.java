package org.anylease.raft.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.anylease.raft.membership.MembershipPlan.Standing;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MembershipPlanTest {
    private final Map<ServerId, Standing> standings = new TreeMap<>();

    private static List<ServerId> servers(int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> new ServerId("s" + number))
                .toList();
    }

    private static ServerId server(int number) {
        return new ServerId("s" + number);
    }

    private MembershipPlan plan(
            List<ServerId> wanted, List<ServerId> voters, List<ServerId> listeners, int... awaited) {
        return MembershipPlan.of(
                server(1),
                wanted,
                new GroupMembers(voters, listeners, false),
                Stream.concat(wanted.stream(), servers(awaited).stream()).toList(),
                server -> standings.getOrDefault(server, Standing.UNREACHABLE));
    }

    private static List<ServerId> waiting(MembershipPlan plan) {
        return plan.waits().stream().map(MembershipPlan.Wait::server).toList();
    }

    private static @Nullable MembershipStep step(MembershipPlan plan) {
        return plan.step();
    }

    @Test
    void nothingIsDoneWhereNothingDiffersNorWhereNoMembersAreListed() {
        assertThat(plan(servers(1, 2, 3), servers(1, 2, 3), List.of())).isEqualTo(new MembershipPlan(null, List.of()));
        assertThat(plan(List.of(), servers(1, 2, 3), List.of())).isEqualTo(new MembershipPlan(null, List.of()));
    }

    @Test
    void aNewServerListensFirstAndVotesOnceItHasCaughtUp() {
        MembershipPlan away = plan(servers(1, 2, 3), servers(1, 2), List.of());
        assertThat(step(away)).isNull();
        assertThat(away.waits())
                .containsExactly(new MembershipPlan.Wait(
                        server(3), "cannot be reached: start it, with the configuration that names it"));
        standings.put(server(3), Standing.WITHOUT_COPY);
        assertThat(step(plan(servers(1, 2, 3), servers(1, 2), List.of()))).isNull();
        standings.put(server(3), Standing.BEHIND);
        assertThat(step(plan(servers(1, 2, 3), servers(1, 2), List.of())))
                .isEqualTo(new MembershipStep.Admit(server(3)));
        assertThat(step(plan(servers(1, 2, 3), servers(1, 2), servers(3)))).isNull();
        standings.put(server(3), Standing.CAUGHT_UP);
        assertThat(step(plan(servers(1, 2, 3), servers(1, 2), servers(3))))
                .isEqualTo(new MembershipStep.Promote(server(3)));
    }

    @Test
    void nobodyElseListensWhileOneCatchesUpButForOneThatIsGone() {
        standings.put(server(2), Standing.BEHIND);
        standings.put(server(3), Standing.BEHIND);
        MembershipPlan one = plan(servers(1, 2, 3), servers(1), servers(3));
        assertThat(step(one)).isNull();
        assertThat(one.waits())
                .containsExactly(
                        new MembershipPlan.Wait(server(2), "comes next"),
                        new MembershipPlan.Wait(server(3), "catches up"));
        standings.put(server(3), Standing.CAUGHT_UP);
        assertThat(step(plan(servers(1, 2, 3), servers(1), servers(3))))
                .isEqualTo(new MembershipStep.Promote(server(3)));
        standings.put(server(3), Standing.UNREACHABLE);
        assertThat(step(plan(servers(1, 2, 3), servers(1), servers(3)))).isEqualTo(new MembershipStep.Admit(server(2)));
    }

    @Test
    void oneAtATimeAndWhoComesComesFirst() {
        standings.put(server(4), Standing.CAUGHT_UP);
        standings.put(server(5), Standing.CAUGHT_UP);
        MembershipPlan plan = plan(servers(1, 2, 4, 5), servers(1, 2, 3), List.of());
        assertThat(step(plan)).isEqualTo(new MembershipStep.Admit(server(4)));
        assertThat(waiting(plan)).isEqualTo(servers(5, 3));
        MembershipPlan changing = MembershipPlan.of(
                server(1),
                servers(1, 2, 4),
                new GroupMembers(servers(1, 2, 3), List.of(), true),
                List.of(),
                server -> Standing.CAUGHT_UP);
        assertThat(step(changing)).isNull();
    }

    @Test
    void whoGoesStaysUntilItIsAwaitedNoMoreAndDoesNotWaitForOneWhoCannotCome() {
        assertThat(step(plan(servers(1, 2), servers(1, 2, 3), List.of(), 3))).isNull();
        assertThat(waiting(plan(servers(1, 2), servers(1, 2, 3), List.of(), 3))).isEqualTo(servers(3));
        assertThat(step(plan(servers(1, 2), servers(1, 2, 3), List.of())))
                .isEqualTo(new MembershipStep.Remove(server(3)));
        assertThat(step(plan(servers(1, 2, 4), servers(1, 2, 3), List.of())))
                .isEqualTo(new MembershipStep.Remove(server(3)));
        assertThat(step(plan(servers(1, 2), servers(1, 2), servers(3))))
                .isEqualTo(new MembershipStep.Remove(server(3)));
    }

    @Test
    void aLeaderThatGoesHandsOverFirstToOneThatStays() {
        MembershipPlan plan = plan(servers(3), servers(1, 2, 3), List.of());
        assertThat(step(plan)).isEqualTo(new MembershipStep.HandOver(server(3)));
        // Nobody is left to take over: it stays.
        assertThat(step(plan(servers(4), servers(1), List.of()))).isNull();
    }
}
