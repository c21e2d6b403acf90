package org.anylease.server.ddns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.server.ddns.NameUpdates.Result;
import org.anylease.server.ddns.NamedCell.Sent;
import org.anylease.server.ddns.NamedCell.Server;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;
import org.junit.jupiter.api.Test;

/** What the leader of a cell sends, when, and what is on record by then. */
final class DnsUpkeepTest {
    private static final Duration TURN = Duration.ofMillis(600);
    private static final Result DONE = new Result.Done();
    private static final Result DOWN =
            new Result.Failed("example.net", "name server 10.9.0.53 port 53 does not answer");

    private final NamedCell cell = new NamedCell();
    private final Server a = cell.server("a");

    private void answer(Sent sent, Result result) {
        sent.answer(result);
        cell.settle();
    }

    @Test
    void whatIsSentIsOnRecordBefore() {
        cell.leads(a);
        cell.lease(1);
        cell.pass(TURN);
        assertThat(cell.phase(1)).isEqualTo("ADDING");
        assertThat(a.sent).hasSize(1);
        assertThat(a.sent.getFirst().name()).isEqualTo("pc1.example.net");
        answer(a.sent.getFirst(), DONE);
        assertThat(cell.phase(1)).isEqualTo("PRESENT");
        cell.release(1);
        cell.pass(TURN);
        assertThat(cell.phase(1)).isEqualTo("REMOVING");
        assertThat(a.sent.getLast().removing()).isTrue();
        answer(a.sent.getLast(), DONE);
        assertThat(cell.phase(1)).isEqualTo("none");
        cell.pass(Duration.ofMinutes(10));
        assertThat(a.sent).hasSize(2);
    }

    @Test
    void onlyTheLeaderSends() {
        cell.lease(1);
        cell.pass(TURN);
        assertThat(a.sent).isEmpty();
        assertThat(cell.phase(1)).isEqualTo("none");
    }

    @Test
    void leaseThatEndsWhileItsNameIsSentIsNotForgotten() {
        cell.leads(a);
        cell.lease(1);
        cell.pass(TURN);
        cell.release(1);
        cell.pass(TURN);
        assertThat(a.sent).hasSize(1);
        answer(a.sent.getFirst(), DONE);
        cell.pass(TURN);
        assertThat(a.sent).hasSize(2);
        assertThat(a.sent.getLast().removing()).isTrue();
    }

    @Test
    void nextLeaderSendsWhatHasNoAnswerAndTheOldOneChangesNothing() {
        cell.leads(a);
        cell.lease(1);
        cell.lease(2);
        cell.pass(TURN);
        answer(a.sent.get(1), DONE);
        assertThat(cell.phase(2)).isEqualTo("PRESENT");
        cell.release(2);
        Server b = cell.server("b");
        cell.leads(b);
        cell.pass(TURN);
        assertThat(b.sent).extracting(Sent::name).containsExactlyInAnyOrder("pc1.example.net", "pc2.example.net");
        answer(a.sent.getFirst(), DONE);
        cell.pass(TURN);
        assertThat(cell.phase(1))
                .as("as the answer went to a server that leads no more")
                .isEqualTo("ADDING");
        b.sent.forEach(sent -> answer(sent, DONE));
        assertThat(cell.phase(1)).isEqualTo("PRESENT");
        assertThat(cell.phase(2)).isEqualTo("none");
    }

    @Test
    void answerChangesNothingOnceAnotherServerHasPutSomethingElseOnRecord() {
        cell.leads(a);
        cell.lease(1);
        cell.pass(TURN);
        DnsEntry adding = cell.table.dns().of(NamedCell.address(1)).orElseThrow();
        DnsRecord removing = adding.record().in(DnsRecord.Phase.REMOVING);
        cell.commit(new LeaseCommand.NoteDns(adding.address(), adding.index(), removing));
        answer(a.sent.getFirst(), DONE);
        assertThat(cell.phase(1)).isEqualTo("REMOVING");
    }

    @Test
    void failedUpdateIsSentEverLaterAndAtOnceWhenAnotherSucceeds() {
        cell.leads(a);
        cell.lease(1);
        List<Integer> attempts = new ArrayList<>();
        for (int second = 0; second < 60; second++) {
            cell.pass(Duration.ofSeconds(1));
            if (attempts.size() < a.sent.size()) {
                attempts.add(second);
                answer(a.sent.getLast(), DOWN);
            }
        }
        assertThat(attempts.size())
                .as("attempts in a minute, after 1, 2, 4, 8, 16 and 32 s")
                .isBetween(5, 7);
        DnsUpkeep.Progress progress = a.upkeep.progress(NamedCell.CELL, 10).orElseThrow();
        assertThat(progress.failing()).isEqualTo(1);
        assertThat(progress.failures().getFirst().why()).contains("10.9.0.53");
        assertThat(progress.failures().getFirst().since()).isBefore(Instant.parse("2026-01-01T00:00:05Z"));
        int before = a.sent.size();
        cell.lease(2);
        cell.pass(TURN);
        answer(a.sent.get(before), DONE);
        cell.pass(TURN);
        assertThat(a.sent).hasSize(before + 2);
        answer(a.sent.getLast(), DONE);
        assertThat(cell.phase(1)).isEqualTo("PRESENT");
        assertThat(a.upkeep.progress(NamedCell.CELL, 10).orElseThrow().failing())
                .isZero();
    }

    @Test
    void noMoreThanSixteenUpdatesAreUnderWay() {
        cell.leads(a);
        for (int client = 0; client < 40; client++) {
            cell.lease(client);
        }
        cell.pass(TURN);
        assertThat(a.sent).hasSize(16);
        for (int next = 0; next < a.sent.size(); next++) {
            answer(a.sent.get(next), DONE);
            cell.pass(TURN);
        }
        assertThat(a.sent).hasSize(40);
        for (int client = 0; client < 40; client++) {
            assertThat(cell.phase(client)).isEqualTo("PRESENT");
        }
    }

    @Test
    void nameOfAnotherClientIsTriedAgainAfterAnHour() {
        cell.leads(a);
        cell.lease(1);
        cell.pass(TURN);
        answer(a.sent.getFirst(), new Result.Conflict());
        assertThat(cell.phase(1)).isEqualTo("REFUSED");
        cell.pass(Duration.ofMinutes(59));
        assertThat(a.sent).hasSize(1);
        cell.pass(Duration.ofMinutes(12));
        assertThat(a.sent).hasSize(2);
    }

    @Test
    void withoutAPolicyNothingIsSentAndWhatStandsStays() {
        cell.leads(a);
        cell.lease(1);
        cell.pass(TURN);
        answer(a.sent.getFirst(), DONE);
        a.upkeep.policy(null);
        cell.release(1);
        cell.pass(Duration.ofMinutes(1));
        assertThat(a.sent).hasSize(1);
        assertThat(cell.phase(1)).isEqualTo("PRESENT");
        a.upkeep.policy(NamedCell.policy());
        cell.pass(TURN);
        assertThat(a.sent.getLast().removing()).isTrue();
    }

    @Test
    void zoneThatTakesNoUpdatesForAWhileIsToldOnceAndAgainWhenItDoes() {
        cell.leads(a);
        cell.lease(1);
        for (int second = 0, answered = 0; second < 90; second++) {
            cell.pass(Duration.ofSeconds(1));
            for (; answered < a.sent.size(); answered++) {
                answer(a.sent.get(answered), DOWN);
            }
        }
        assertThat(a.events).hasSize(1);
        assertThat(a.events.getFirst())
                .startsWith("dns-zone-failing example.net since ")
                .contains("10.9.0.53");
        assertThat(a.upkeep.progress(NamedCell.CELL, 10).orElseThrow().zones()).containsOnlyKeys("example.net");
        int before = a.sent.size();
        cell.lease(2);
        cell.pass(TURN);
        answer(a.sent.get(before), DONE);
        assertThat(a.events.getLast()).startsWith("dns-zone-recovered example.net, after ");
        assertThat(a.events).hasSize(2);
        assertThat(a.upkeep.progress(NamedCell.CELL, 10).orElseThrow().zones()).isEmpty();
    }

    @Test
    void zoneThatTakesOtherUpdatesIsWell() {
        cell.leads(a);
        cell.lease(1);
        for (int second = 0, answered = 0; second < 60; second++) {
            cell.pass(Duration.ofSeconds(1));
            cell.lease(10 + second);
            cell.pass(TURN);
            for (; answered < a.sent.size(); answered++) {
                boolean first = a.sent.get(answered).name().equals("pc1.example.net");
                answer(a.sent.get(answered), first ? DOWN : DONE);
            }
        }
        assertThat(a.events).isEmpty();
    }
}
