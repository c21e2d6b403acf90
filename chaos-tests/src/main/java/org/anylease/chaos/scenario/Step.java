package org.anylease.chaos.scenario;

import java.time.Duration;
import java.util.List;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.BindingState;
import org.jspecify.annotations.Nullable;

/** One step of a story. */
sealed interface Step {
    /** The cluster has so many sites, named a, b, c and so on. */
    record GivenSites(int count) implements Step {}

    /** The network {@code office} has this pool. */
    record GivenPool(AddressRange range) implements Step {}

    /** The network {@code office} has a pool before that, which only members of a class may use, or only others. */
    record GivenPoolFor(AddressRange range, String name, boolean members) implements Step {}

    /** A class has these members, and so many leases at most (0 for any number); told later, it changes that. */
    record Classed(String name, List<String> clients, int limit) implements Step {}

    /** Leases are this long. */
    record GivenLease(Duration lease) implements Step {}

    /** An address found in use is kept aside this long. */
    record GivenQuarantine(Duration quarantine) implements Step {}

    /** An offered address is held this long. */
    record GivenOfferHold(Duration hold) implements Step {}

    /** A server may lead so far alone. */
    record GivenMclt(Duration mclt) implements Step {}

    /** No promise is longer than this. */
    record GivenLongestLease(Duration longest) implements Step {}

    /** Each server is to have so many addresses of each network to give out alone. */
    record GivenEscrow(int addresses) implements Step {}

    /** An escrowed address stays so long with its server. */
    record GivenEscrowTerm(Duration term) implements Step {}

    /** Addresses are offered without a probe. */
    record GivenNoProbe() implements Step {}

    /** An address is kept for a client; told after others, it changes the configuration. */
    record Reserved(Ipv4 address, String client) implements Step {}

    /** Somebody uses an address without asking. */
    record Squatted(Ipv4 address) implements Step {}

    /** Time passes. */
    record After(Duration span) implements Step {}

    /** Servers are cut off from the others. */
    record Cut(List<ServerId> servers) implements Step {}

    /** All that was cut or stopped is well again. */
    record Heal() implements Step {}

    /** A server stops. */
    record Crash(ServerId server) implements Step {}

    /** A server starts again. */
    record Start(ServerId server) implements Step {}

    /** Another server leads. */
    record LeaderChanges() implements Step {}

    /** What a client can do. */
    enum Act {
        DISCOVERS,
        REQUESTS,
        RENEWS,
        REBINDS,
        REBOOTS,
        RELEASES,
        DECLINES
    }

    /** An operator vouches that a server is off, which is so or not. */
    record DeclareDown(ServerId server, boolean falsely) implements Step {}

    /** A client does something at a site, about an address or the one it knows of, and hears an answer. */
    record ClientActs(String client, Act act, @Nullable Ipv4 address, ServerId site, Answer answer) implements Step {}

    /** What a client is to hear. */
    sealed interface Answer {
        /** An offer of an address, or of any. */
        record Offer(@Nullable Ipv4 address) implements Answer {}

        /** A lease of an address, or of any, and of about a length if one is named. */
        record Ack(@Nullable Ipv4 address, @Nullable Duration lease) implements Answer {}

        /** A refusal. */
        record Nak() implements Answer {}

        /** Nothing. */
        record Silence() implements Answer {}

        /** Nothing is said about it. */
        record Whatever() implements Answer {}
    }

    /** The cell says this of an address. */
    record ExpectBinding(
            Ipv4 address, BindingState state, @Nullable String client) implements Step {}

    /** A committed lease runs out so long from now, give or take 40 seconds. */
    record ExpectExpiry(Ipv4 address, Duration left) implements Step {}

    /** Nothing that a server promised alone is left to be committed. */
    record ExpectMerged() implements Step {}

    /** Something, or nothing, waits for a server to report. */
    record ExpectWaiting(boolean some) implements Step {}

    /** A double promise of an address is on record, or none at all. */
    record ExpectConflict(@Nullable Ipv4 address) implements Step {}

    /** A client has so many addresses on record. */
    record ExpectBound(String client, int times) implements Step {}

    /** All servers have the same state. */
    record ExpectAgreement() implements Step {}
}
