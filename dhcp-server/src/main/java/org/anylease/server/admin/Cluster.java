package org.anylease.server.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.anylease.server.partition.Autonomy;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.command.Conflict;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.config.Member;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.lease.Binding;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseDigest;
import org.anylease.store.state.ReservationStatus;
import org.anylease.store.state.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * The running server and the cluster around it, as its admin side sees them.
 *
 * <p>Every method may be called from any thread, many at a time. Where an answer lives on the server's loop the caller
 * waits for its turn there; the loop never waits for the caller.
 */
public interface Cluster {
    /**
     * What this server is.
     *
     * @return fixed for as long as it runs
     */
    Facts facts();

    /**
     * All servers of the cluster that this server knows of, itself included.
     *
     * @return in order of name
     */
    List<Member> servers();

    /**
     * All cells of the cluster that this server knows of, whether or not it has a copy of them.
     *
     * @return in order of name
     */
    List<CellId> cells();

    /**
     * This server's copy of a cell.
     *
     * @param cell a cell
     * @return empty when this server has no copy of it
     * @throws IOException when the loop does not answer within a second or so, or is closed
     */
    Optional<CellState> state(CellId cell) throws IOException;

    /**
     * The reservations of this server's copy of a cell that were made at run time.
     *
     * @param cell the cell
     * @return in order of address; empty when this server has no copy
     * @throws IOException when the server is stopping
     */
    Optional<List<ReservationStatus>> reservations(CellId cell) throws IOException;

    /**
     * What stands against keeping addresses for clients, by this server's copy of a cell.
     *
     * @param cell the cell
     * @param command what would be asked for
     * @return why, for each that could not be; empty when this server has no copy
     * @throws IOException when the server is stopping
     */
    Optional<List<Outcome.NotReserved>> obstacles(CellId cell, LeaseCommand.ReserveAddresses command)
            throws IOException;

    /**
     * What waits, and what an operator has to see to, in this server's copy of a cell.
     *
     * @param cell a cell
     * @return empty when this server has no copy of it
     * @throws IOException when the loop does not answer within a second or so, or is closed
     */
    Optional<Unsettled> unsettled(CellId cell) throws IOException;

    /**
     * How well this server could serve a cell alone.
     *
     * @param cell a cell
     * @return empty when this server has no copy of it
     * @throws IOException when the loop does not answer within a second or so, or is closed
     */
    Optional<Autonomy> autonomy(CellId cell) throws IOException;

    /**
     * What this server promised alone of an address, and the cell has not committed yet.
     *
     * @param cell a cell
     * @param address the address
     * @return empty when there is no such promise, or this server has no copy of the cell
     * @throws IOException when the loop does not answer within a second or so, or is closed
     */
    Optional<JournalRecord.Promise> promisedAlone(CellId cell, Ipv4 address) throws IOException;

    /**
     * A consistent view of this server's stored copy, which is as new as everything that is applied here when this is
     * called, or nearly so: the view says at which index it stands.
     *
     * @param cell a cell
     * @return to be closed by the caller; empty when this server has no copy
     * @throws IOException when the store cannot be read
     */
    Optional<LeaseView> view(CellId cell) throws IOException;

    /**
     * Compares the copies of a cell on all its servers at one and the same entry, while service goes on.
     *
     * @param cell a cell
     * @return what was found, or an {@link IOException} that says why it cannot be compared; within 40 seconds
     */
    CompletableFuture<Verification> verify(CellId cell);

    /**
     * Who takes part in a cell and who is to, as this server knows it.
     *
     * @param cell a cell
     * @return empty when this server has no copy of it
     * @throws IOException when the loop does not answer within a second or so, or is closed
     */
    Optional<Membership> membership(CellId cell) throws IOException;

    /**
     * Lets this server commit what it promised alone, and report to the leader, as soon as it may. It does so by itself
     * as soon as anything waits for it; this is for when nothing does. Asking again changes nothing.
     *
     * @param cell a cell that this server has a copy of
     * @param upTo how far the report is to reach
     * @throws IOException when the cell has no leader to report to, or the loop does not answer
     */
    void report(CellId cell, LogIndex upTo) throws IOException;

    /**
     * Lets this server give back what is set aside for it of some addresses and no client has, so that leases can be
     * restored to them, and ask for no others for half a minute. Asking again changes nothing.
     *
     * @param cell a cell that this server has a copy of
     * @param addresses the addresses that are wanted; of those that are not set aside for this server none is touched
     * @throws IOException when the loop does not answer
     */
    void recallEscrow(CellId cell, List<Ipv4> addresses) throws IOException;

    /**
     * Deletes this server's copy of a cell and fetches it anew from the leader. Its promise journal stays.
     *
     * @param cell a cell
     * @throws IOException with the reason when that was not begun, in which case nothing was done
     */
    void rebuild(CellId cell) throws IOException;

    /**
     * Hands over every cell that this server leads, and whatever it comes to lead, until it is undrained or started
     * anew; or lets it lead again. Asking again changes nothing.
     *
     * @param drained whether it is to lead nothing
     * @throws IOException when the loop does not answer within a second or so, or is closed
     */
    void drain(boolean drained) throws IOException;

    /**
     * How far this server is drained.
     *
     * @return empty when it is not to be
     * @throws IOException when the loop does not answer within a second or so, or is closed
     */
    Optional<Drained> drained() throws IOException;

    /**
     * Asks a cell for a change. Any server may ask, with a copy of the cell or without.
     *
     * @param cell a cell
     * @param command the change
     * @return what became of it; never completes exceptionally
     */
    CompletableFuture<Proposal> propose(CellId cell, LeaseCommand command);

    /**
     * Asks the admin side of another server, which answers by {@link PeerAnswers#answer}.
     *
     * @param server another server
     * @param method which question
     * @param body its words, at most a few megabytes
     * @return its answer, or an {@link IOException} that says why there is none, within the link's deadline
     */
    CompletableFuture<byte[]> ask(ServerId server, String method, byte[] body);

    /**
     * The names of a cell's clients in DNS. May be called from any thread.
     *
     * @param cell a cell
     * @return empty when this server has no copy of it
     * @throws IOException when this server cannot answer in time
     */
    Optional<DnsNames> names(CellId cell) throws IOException;

    /**
     * All that is on record about DNS. May be called from any thread.
     *
     * @param cell a cell
     * @return in order of address; none when this server has no copy of the cell
     * @throws IOException when this server cannot answer in time
     */
    List<DnsEntry> namesOnRecord(CellId cell) throws IOException;

    /**
     * What this server warns of, beside what its cells' states tell: a strayed clock, a full disk, a probe that never
     * works, an escrow at its low water.
     *
     * @return what is wrong now, the worst first
     */
    List<Finding> warnings();

    /**
     * What a server is.
     *
     * @param cluster the cluster's name
     * @param server its name
     * @param site where it runs
     * @param software the program's version
     * @param started since when it runs
     */
    record Facts(String cluster, ServerId server, SiteId site, String software, Instant started) {}

    /** How a server serves a cell. */
    enum Mode {
        /** It can commit. */
        QUORATE,
        /** It cannot commit, and answers by rules R2 to R4. */
        PARTITIONED,
        /** It can commit again, and has promises of its own to commit yet. */
        RESYNCING
    }

    /**
     * This server's copy of a cell, at one index.
     *
     * @param cell the cell
     * @param mode how this server serves it
     * @param applied up to where the log is applied here
     * @param time the cell's time
     * @param quorum whether this server can commit
     * @param digest of the state at {@code applied}
     * @param pending how many commands wait for the cell here
     * @param config its configuration, or null before the first one
     * @param history the last revisions, oldest first
     */
    record CellState(
            CellId cell,
            Mode mode,
            LogIndex applied,
            Instant time,
            QuorumState quorum,
            LeaseDigest digest,
            int pending,
            @Nullable CellConfig config,
            List<ConfigRevision> history) {
        /** Copies the list. */
        public CellState {
            history = List.copyOf(history);
        }

        /**
         * The version of the configuration in force.
         *
         * @return 0 before the first one
         */
        public long configVersion() {
            return config == null ? 0 : config.version();
        }
    }

    /**
     * What of a cell is not settled, at one index.
     *
     * @param applied up to where the log is applied here
     * @param time the cell's time
     * @param waiting how many addresses wait for reports, and until when at the latest
     * @param since the oldest entry that something waits on, or null when nothing waits
     * @param awaited the servers whose reports count, in order of name
     * @param down the servers that were declared down, in order of name
     * @param downUntil the cell time past which a server would be awaited no longer that is declared down now
     * @param escrow how many addresses are set aside for each server that has any
     * @param conflicts the double promises that nobody has seen to yet, oldest first
     * @param conflictsDropped how many of these were dropped to make room for later ones
     */
    record Unsettled(
            LogIndex applied,
            Instant time,
            Waiting waiting,
            @Nullable LogIndex since,
            List<ServerId> awaited,
            List<Down> down,
            Instant downUntil,
            SortedMap<ServerId, Integer> escrow,
            List<Conflict> conflicts,
            long conflictsDropped) {
        /** Copies the lists. */
        public Unsettled {
            awaited = List.copyOf(awaited);
            down = List.copyOf(down);
            escrow = Collections.unmodifiableSortedMap(new TreeMap<>(escrow));
            conflicts = List.copyOf(conflicts);
        }
    }

    /**
     * A server that was declared down.
     *
     * @param server the server
     * @param since when it was, in cell time
     * @param awaitedUntil the cell time past which it is awaited no longer
     */
    record Down(ServerId server, Instant since, Instant awaitedUntil) {}

    /**
     * How far a server is drained: it leads no cell, and takes on none.
     *
     * @param since when it was asked for
     * @param leading the cells that it still leads: it hands each over as soon as another server can take it
     */
    record Drained(Instant since, List<CellId> leading) {
        /** Copies the list. */
        public Drained {
            leading = List.copyOf(leading);
        }
    }

    /**
     * Who takes part in a cell and who is to.
     *
     * @param leads whether this server leads the cell: only then it knows what waits, and for what
     * @param listed the members that the configuration in force lists
     * @param voters those that vote
     * @param listeners those that only listen yet
     * @param changing whether another membership is being agreed on
     * @param awaited the servers whose reports count yet, members or not
     * @param waits the servers that are yet to come or to go, and what they wait for
     * @param lastFailure why the last step failed; empty when it did not
     */
    record Membership(
            boolean leads,
            List<ServerId> listed,
            List<ServerId> voters,
            List<ServerId> listeners,
            boolean changing,
            List<ServerId> awaited,
            SortedMap<ServerId, String> waits,
            String lastFailure) {
        /** Copies the collections. */
        public Membership {
            listed = List.copyOf(listed);
            voters = List.copyOf(voters);
            listeners = List.copyOf(listeners);
            awaited = List.copyOf(awaited);
            waits = Collections.unmodifiableSortedMap(new TreeMap<>(waits));
        }
    }

    /**
     * The copies of a cell, compared at one entry.
     *
     * @param index the entry
     * @param reference the server whose copy the others are compared with
     * @param digests of the whole state, by server
     * @param deviations the servers whose copy is another than the reference's
     * @param silent the servers that did not answer, and why
     */
    record Verification(
            LogIndex index,
            ServerId reference,
            SortedMap<ServerId, LeaseDigest> digests,
            List<Deviation> deviations,
            SortedMap<ServerId, String> silent) {
        /** Copies maps and list. */
        public Verification {
            digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
            deviations = List.copyOf(deviations);
            silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
        }
    }

    /**
     * How a server's copy is another than the reference's.
     *
     * @param server the server
     * @param ranges the addresses whose stored bindings differ
     * @param elsewhere whether what is stored besides bindings differs: time, configuration, exchanges
     * @param inMemory whether its table in memory has another digest
     */
    record Deviation(ServerId server, List<AddressRange> ranges, boolean elsewhere, boolean inMemory) {
        /** Copies the list. */
        public Deviation {
            ranges = List.copyOf(ranges);
        }
    }

    /** A consistent view of a cell's bindings. */
    interface LeaseView extends AutoCloseable {
        /**
         * Where it stands in the log.
         *
         * @return the last entry that it includes
         */
        LogIndex index();

        /**
         * The bindings from an address on, in order of address, decoded as they are read.
         *
         * @param first the lowest address of interest
         * @return to be walked once
         */
        Iterable<Binding> from(Ipv4 first);

        @Override
        void close();
    }
}
