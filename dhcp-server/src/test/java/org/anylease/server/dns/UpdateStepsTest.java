package org.anylease.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.anylease.server.dns.UpdateStep.Answer;
import org.anylease.server.dns.UpdateStep.Next;
import org.anylease.store.address.Octets;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Phase;
import org.anylease.store.dns.DnsRecord.Style;
import org.junit.jupiter.api.Test;

/** The steps of RFC 4703 §5.3 to §5.5, and what is on record before each is sent. */
final class UpdateStepsTest {
    private static final DnsRecord ADDING =
            new DnsRecord(Phase.ADDING, "a.example.net", Octets.of((byte) 1), Style.STANDARD, true);

    private static final DnsRecord REMOVING = ADDING.in(Phase.REMOVING);

    private static Next step(UpdateStep step) {
        return new Next.Step(step);
    }

    @Test
    void nameThatNobodyHasIsClaimedAndPointedBackTo() {
        assertThat(UpdateStep.first(ADDING)).isEqualTo(UpdateStep.CLAIM_NAME);
        assertThat(UpdateStep.CLAIM_NAME.after(Answer.NOERROR, ADDING)).isEqualTo(step(UpdateStep.POINT_BACK));
        assertThat(UpdateStep.POINT_BACK.after(Answer.NOERROR, ADDING)).isEqualTo(new Next.Done());
    }

    @Test
    void nameInUseIsTheClientsOwnOrStaysAsItIs() {
        assertThat(UpdateStep.CLAIM_NAME.after(Answer.YXDOMAIN, ADDING)).isEqualTo(step(UpdateStep.UPDATE_OWN));
        assertThat(UpdateStep.UPDATE_OWN.after(Answer.NOERROR, ADDING)).isEqualTo(step(UpdateStep.POINT_BACK));
        assertThat(UpdateStep.UPDATE_OWN.after(Answer.NXRRSET, ADDING)).isEqualTo(new Next.Conflict());
        assertThat(UpdateStep.UPDATE_OWN.after(Answer.NXDOMAIN, ADDING)).isEqualTo(new Next.Changed());
    }

    @Test
    void onlyWhatIsTheClientsIsRemoved() {
        assertThat(UpdateStep.first(REMOVING)).isEqualTo(UpdateStep.UNPOINT);
        for (Answer answer : Answer.values()) {
            assertThat(UpdateStep.UNPOINT.after(answer, REMOVING)).isEqualTo(step(UpdateStep.REMOVE_ADDRESS));
            assertThat(UpdateStep.REMOVE_OWNER.after(answer, REMOVING)).isEqualTo(new Next.Done());
        }
        assertThat(UpdateStep.REMOVE_ADDRESS.after(Answer.NOERROR, REMOVING)).isEqualTo(step(UpdateStep.REMOVE_OWNER));
        assertThat(UpdateStep.REMOVE_ADDRESS.after(Answer.NXRRSET, REMOVING)).isEqualTo(new Next.Done());
    }

    @Test
    void clientThatKeepsItsOwnNameIsOnlyPointedBackTo() {
        DnsRecord pointer = new DnsRecord(Phase.ADDING, "a.example.net", Octets.of((byte) 1), Style.STANDARD, false);
        assertThat(UpdateStep.first(pointer)).isEqualTo(UpdateStep.POINT_BACK);
        assertThat(UpdateStep.UNPOINT.after(Answer.NOERROR, pointer)).isEqualTo(new Next.Done());
    }

    @Test
    void nothingIsSentThatIsNotOnRecord() {
        assertThat(DnsDecision.of(null, null, false)).isEqualTo(new DnsDecision.Settled());
        assertThat(DnsDecision.of(null, ADDING, false)).isEqualTo(new DnsDecision.Note(ADDING));
        assertThat(DnsDecision.of(ADDING, ADDING, false)).isEqualTo(new DnsDecision.Send(ADDING));
        assertThat(DnsDecision.of(ADDING, null, false)).isEqualTo(new DnsDecision.Note(REMOVING));
        assertThat(DnsDecision.of(REMOVING, ADDING, false)).isEqualTo(new DnsDecision.Send(REMOVING));
    }

    @Test
    void nameThatStandsIsLeftAloneUntilTheLeaseGoesOrIsNamedOtherwise() {
        DnsRecord present = ADDING.in(Phase.PRESENT);
        DnsRecord other = new DnsRecord(Phase.ADDING, "b.example.net", Octets.of((byte) 1), Style.STANDARD, true);
        assertThat(DnsDecision.of(present, ADDING, false)).isEqualTo(new DnsDecision.Settled());
        assertThat(DnsDecision.of(present, null, false)).isEqualTo(new DnsDecision.Note(REMOVING));
        assertThat(DnsDecision.of(present, other, false)).isEqualTo(new DnsDecision.Note(REMOVING));
    }

    @Test
    void nameOfAnotherClientIsTriedAgainNowAndThen() {
        DnsRecord refused = ADDING.in(Phase.REFUSED);
        assertThat(DnsDecision.of(refused, ADDING, false)).isEqualTo(new DnsDecision.Settled());
        assertThat(DnsDecision.of(refused, ADDING, true)).isEqualTo(new DnsDecision.Note(ADDING));
        assertThat(DnsDecision.of(refused, null, false)).isEqualTo(new DnsDecision.Note(null));
    }
}
