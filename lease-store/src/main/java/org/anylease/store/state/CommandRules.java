package org.anylease.store.state;

import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;

/** Which rules decide what becomes of which command. */
final class CommandRules {
    private final CellState state;
    private final OfferRules offerRules;
    private final CommitRules commitRules;
    private final ReturnRules returnRules;
    private final ExpiryRules expiryRules;
    private final ConfigRules configRules;
    private final RestoreRules restoreRules;
    private final PromiseRules promiseRules;
    private final EscrowRules escrowRules;
    private final ReservationRules reservationRules;

    CommandRules(CellState state, Leasability leasability) {
        this.state = state;
        offerRules = new OfferRules(state, leasability);
        commitRules = new CommitRules(state, leasability);
        returnRules = new ReturnRules(state);
        expiryRules = new ExpiryRules(state);
        PlanChange planChange = new PlanChange(state);
        configRules = new ConfigRules(state, planChange);
        reservationRules = new ReservationRules(state, planChange);
        restoreRules = new RestoreRules(state);
        promiseRules = new PromiseRules(state);
        escrowRules = new EscrowRules(state);
    }

    OfferRules offers() {
        return offerRules;
    }

    ExpiryRules expiry() {
        return expiryRules;
    }

    ReservationRules reservations() {
        return reservationRules;
    }

    Outcome carryOut(LeaseCommand command, ServerId by) {
        return switch (command) {
            case LeaseCommand.OfferAddress offer -> offerRules.offer(offer, by);
            case LeaseCommand.CommitLease commit -> commitRules.commit(commit, by);
            case LeaseCommand.ReleaseLease release -> returnRules.release(release);
            case LeaseCommand.DeclineAddress decline -> returnRules.decline(decline);
            case LeaseCommand.CancelOffer cancel -> returnRules.cancel(cancel);
            case LeaseCommand.ExpireDue expire -> expiryRules.expire(expire);
            case LeaseCommand.ApplyConfig apply -> configRules.apply(apply);
            case LeaseCommand.ReserveAddresses reserve -> reservationRules.reserve(reserve);
            case LeaseCommand.UnreserveAddresses unreserve -> reservationRules.unreserve(unreserve);
            case LeaseCommand.RestoreBindings restore -> restoreRules.restore(restore);
            case LeaseCommand.CommitPromise promise -> promiseRules.merge(promise, by);
            case LeaseCommand.GrantEscrow grant -> escrowRules.grant(grant);
            case LeaseCommand.ReturnEscrow back -> escrowRules.giveBack(back, by);
            case LeaseCommand.DeclareDown down -> escrowRules.declareDown(down);
            case LeaseCommand.UndoDeclareDown undo -> escrowRules.undo(undo, by);
            case LeaseCommand.RecoverCell recover -> escrowRules.recover(recover);
            case LeaseCommand.ClearConflict clear ->
                new Outcome.Done(state.conflicts.clear(clear.address(), clear.index()));
            case LeaseCommand.NoteDns note -> state.dns.note(note);
        };
    }

    /** The outcome of a command that was applied before: what the state says now, changing nothing. */
    Outcome outcomeNow(LeaseCommand command, ServerId by) {
        return switch (command) {
            case LeaseCommand.OfferAddress offer -> offerRules.offeredNow(offer);
            case LeaseCommand.CommitLease commit -> commitRules.boundNow(commit, by);
            case LeaseCommand.ApplyConfig apply -> configRules.appliedNow(apply);
            case LeaseCommand.ReleaseLease _,
                    LeaseCommand.DeclineAddress _,
                    LeaseCommand.CancelOffer _,
                    LeaseCommand.ExpireDue _,
                    LeaseCommand.RestoreBindings _,
                    LeaseCommand.ReserveAddresses _,
                    LeaseCommand.UnreserveAddresses _,
                    LeaseCommand.GrantEscrow _,
                    LeaseCommand.ReturnEscrow _,
                    LeaseCommand.DeclareDown _,
                    LeaseCommand.UndoDeclareDown _,
                    LeaseCommand.RecoverCell _,
                    LeaseCommand.ClearConflict _,
                    LeaseCommand.NoteDns _ -> new Outcome.Done(0);
            case LeaseCommand.CommitPromise _ -> new Outcome.Merged(Outcome.Merged.Result.OBSOLETE);
        };
    }
}
