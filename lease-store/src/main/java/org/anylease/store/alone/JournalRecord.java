package org.anylease.store.alone;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** A record of a server's journal for one cell. Each has a key; of all with one key the last one written counts. */
public sealed interface JournalRecord {
    /**
     * Something promised alone and not committed yet: one for each address.
     *
     * @param address the address; the key
     * @param client to whom
     * @param network the shared network it is on
     * @param until the latest time promised
     * @param binding the index of the binding that it rests on; of an escrowed address, that of the grant
     * @param rule by which rule
     * @param ending what the client did with it since
     * @param promised when the client was last heard of
     */
    record Promise(
            Ipv4 address,
            LeaseClient client,
            String network,
            Instant until,
            LogIndex binding,
            PromiseRule rule,
            PromiseEnding ending,
            Instant promised)
            implements JournalRecord {
        /** Cuts the times to whole milliseconds, and checks them. */
        public Promise {
            until = until.truncatedTo(ChronoUnit.MILLIS);
            promised = promised.truncatedTo(ChronoUnit.MILLIS);
            if (promised.isBefore(Instant.EPOCH) || until.isBefore(Instant.EPOCH) || until.isAfter(Binding.TIME_MAX)) {
                throw new IllegalArgumentException("a promise of " + promised + " until " + until
                        + " is not between 1970 and " + Binding.TIME_MAX);
            }
        }

        /**
         * What commits it.
         *
         * @return a command that may be proposed any number of times
         */
        public LeaseCommand.CommitPromise command() {
            return new LeaseCommand.CommitPromise(client, network, address, until, binding, rule, ending, promised);
        }
    }

    /**
     * A promise is committed, or there is nothing left to commit.
     *
     * @param address its key
     */
    record PromiseGone(Ipv4 address) implements JournalRecord {}

    /**
     * An escrowed address that this server gave out, gave back or found in use: by one grant it never gives it to
     * anyone else.
     *
     * @param address the address; part of the key
     * @param grant the index of the grant; part of the key
     * @param client to whom it was given, or null when it was returned or found in use
     * @param until the latest time promised; of one returned or in use, the end of the grant
     * @param flushed whether its commit, or return, may be under way or done: the address is then given to nobody more
     * @param inUse whether a probe found it in use by a stranger
     */
    record Claim(Ipv4 address, LogIndex grant, @Nullable ClientId client, Instant until, boolean flushed, boolean inUse)
            implements JournalRecord {
        /** Cuts the time to whole milliseconds. */
        public Claim {
            until = until.truncatedTo(ChronoUnit.MILLIS);
        }
    }

    /**
     * A grant is over in a state that survives a crash: its claim is of no use any more.
     *
     * @param address part of the claim's key
     * @param grant the other part
     */
    record ClaimGone(Ipv4 address, LogIndex grant) implements JournalRecord {}

    /**
     * The highest index that this server ever reported. On an older state it promises nothing.
     *
     * @param index synced before the report leaves
     */
    record Reported(LogIndex index) implements JournalRecord {}

    /**
     * This journal's first record. What an earlier disk of the same server promised, and what it gave out of its escrow,
     * is not known here.
     *
     * @param index how far the cell had got, as a commit of this server's own has shown
     * @param escrowUntil the latest end of a grant that the server had then: until it is past, this journal leaves the
     *     grants up to {@code index} alone; the epoch when it had none
     * @param quietUntil until when, by this server's clock, something may still run that an earlier disk promised:
     *     before that nothing is reported, as no journal holds it; the epoch when there was no earlier disk
     */
    record Born(LogIndex index, Instant escrowUntil, Instant quietUntil) implements JournalRecord {
        /** Cuts the times to whole milliseconds. */
        public Born {
            escrowUntil = escrowUntil.truncatedTo(ChronoUnit.MILLIS);
            quietUntil = quietUntil.truncatedTo(ChronoUnit.MILLIS);
        }

        /**
         * The first record of a server that had no disk before.
         *
         * @param index as in the record, like the next one
         * @param escrowUntil the latest end of a grant
         */
        public Born(LogIndex index, Instant escrowUntil) {
            this(index, escrowUntil, Instant.EPOCH);
        }
    }
}
