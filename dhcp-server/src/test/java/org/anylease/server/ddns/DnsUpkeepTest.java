package org.anylease.server.ddns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.anylease.server.ddns.NameUpdates.Result;
import org.anylease.server.ddns.NamedCell.Sent;
import org.anylease.server.ddns.NamedCell.Server;
import org.anylease.server.dns.DnsPolicy;
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

    private List<String> failingZones() {
        return List.copyOf(
                a.upkeep.progress(NamedCell.CELL, 10).orElseThrow().zones().keySet());
    }

    /** Waits for the next update of a server, and answers it. */
    private void answerNext(Result result) {
        int before = a.sent.size();
        for (int turns = 0; a.sent.size() == before && turns < 60; turns++) {
            cell.pass(TURN);
        }
        assertThat(a.sent).hasSizeGreaterThan(before);
        answer(a.sent.get(before), result);
    }

    private static DnsPolicy policy(DnsPolicy.Updates updates) {
        DnsPolicy all = Objects.requireNonNull(NamedCell.policy());
        DnsPolicy.Names names = all.names();
        return new DnsPolicy(
                all.style(),
                all.zones(),
                all.clientUpdates(),
                new DnsPolicy.Names(names.domain(), updates, names.reserved(), names.ttl(), names.generated()),
                List.of());
    }

    @Test
    void zonesOfACellThatAnotherServerLeadsAreForgottenWhateverElseIsLed() {
        cell.leads(a);
        cell.leadsOther(a);
        cell.lease(1);
        cell.lease(2);
        cell.pass(TURN);
        answer(a.sent.getFirst(), DOWN);
        assertThat(failingZones()).containsExactly("example.net");
        cell.leads(cell.server("b"));
        cell.pass(TURN);
        DnsUpkeep.Progress other = a.upkeep.progress(NamedCell.OTHER, 10).orElseThrow();
        assertThat(other.zones()).isEmpty();
        answer(a.sent.get(1), DOWN);
        assertThat(a.upkeep.progress(NamedCell.OTHER, 10).orElseThrow().zones())
                .as("an answer that was under way")
                .isEmpty();
    }

    @Test
    void zoneIsWellThatTookItsPartBeforeTheOtherFailed() {
        Result reverseDown = new Result.Failed("0.10.in-addr.arpa", "REFUSED");
        cell.leads(a);
        cell.lease(1);
        answerNext(DOWN);
        assertThat(failingZones()).containsExactly("example.net");
        answerNext(reverseDown);
        assertThat(failingZones()).as("the A record comes first").containsExactly("0.10.in-addr.arpa");
        answerNext(DOWN);
        assertThat(failingZones()).as("the PTR record was not tried").hasSize(2);
        answerNext(DONE);
        assertThat(failingZones()).isEmpty();
        cell.release(1);
        answerNext(reverseDown);
        assertThat(failingZones()).containsExactly("0.10.in-addr.arpa");
        answerNext(DOWN);
        assertThat(failingZones()).as("the PTR record goes first").containsExactly("example.net");
    }

    @Test
    void zoneIsNotWellThatWasNotAsked() {
        cell.leads(a);
        a.upkeep.policy(policy(DnsPolicy.Updates.FORWARD));
        cell.lease(1);
        answerNext(DONE);
        cell.release(1);
        answerNext(new Result.Failed("0.10.in-addr.arpa", "REFUSED"));
        cell.lease(2);
        cell.pass(TURN);
        answer(a.sent.getLast(), DONE);
        assertThat(cell.phase(2)).isEqualTo("PRESENT");
        assertThat(failingZones()).as("only the A record was sent").containsExactly("0.10.in-addr.arpa");
        a.upkeep.policy(policy(DnsPolicy.Updates.REVERSE));
        answerNext(DOWN);
        assertThat(failingZones()).containsExactly("example.net");
        cell.lease(3);
        cell.pass(TURN);
        Sent pointer = a.sent.stream()
                .filter(sent -> sent.address().equals(NamedCell.address(3)))
                .findFirst()
                .orElseThrow();
        answer(pointer, DONE);
        assertThat(cell.phase(3)).isEqualTo("PRESENT");
        assertThat(failingZones()).as("only the PTR record was sent").containsExactly("example.net");
    }
}
