package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.membership.Survivor;
import org.anylease.raft.ratis.CellRecovery;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease cell recover}. Asks no server: it reads the data directories of stopped ones, and writes to one. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description =
                "Lets a cell whose majority is gone for good go on with one survivor. Works on the data directories of"
                        + " stopped servers on this machine; prints what each has and what is lost at worst. --yes does"
                        + " it, to the most advanced one.")
final class RecoverCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "CELL", description = "The cell.")
    private String cell = "";

    @Parameters(
            index = "1",
            arity = "1..*",
            paramLabel = "DIRECTORY",
            description = "The data directories of survivors, which must be stopped.")
    private List<Path> directories = new ArrayList<>();

    @Option(names = "--yes", description = "Do it. You vouch that all other servers of the cell are off and stay off.")
    private boolean yes;

    @Option(names = "--author", paramLabel = "NAME", defaultValue = "", description = "Who vouches (default: $USER).")
    private String author = "";

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    /** What a directory holds of the cell. */
    private record Found(Path directory, DataDirectory.Owner owner, Survivor survivor, boolean begun) {}

    RecoverCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CellId id = cellId();
        List<Found> found = directories.stream().map(one -> look(one, id)).toList();
        refuseMixed(found);
        Found best = found.stream()
                .max(Comparator.comparing(Found::begun).thenComparing(Found::survivor))
                .orElseThrow();
        TreeSet<ServerId> gone = new TreeSet<>(best.survivor().voters());
        found.forEach(one -> gone.remove(one.owner().server()));
        ObjectNode answer = describe(id, found, best, gone);
        if (!json) {
            print(found, best, gone);
        }
        refuseMajority(found, best);
        if (!yes) {
            if (json) {
                Anylease.print(terminal, answer);
                return ExitCode.REFUSED.number();
            }
            throw new CliFailure(
                    ExitCode.REFUSED,
                    "nothing was changed",
                    "see that every other server of the cell is off and stays off, and that no survivor elsewhere has"
                            + " more (a higher epoch, then term, then entry); then add --yes");
        }
        Survivor after = recover(best, id);
        answer.put("recovered", true);
        answer.put("newEpoch", after.epoch());
        if (json) {
            Anylease.print(terminal, answer);
        } else {
            printDone(best, after);
        }
        return ExitCode.OK.number();
    }

    private CellId cellId() {
        try {
            return new CellId(cell);
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "give the name of a cell");
        }
    }

    private static Found look(Path directory, CellId cell) {
        DataDirectory.Owner owner;
        try {
            owner = DataDirectory.owner(directory);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    String.valueOf(e.getMessage()),
                    "name the data-directory of a server's own file, such as /var/lib/anylease");
        }
        try {
            return new Found(
                    directory,
                    owner,
                    CellRecovery.inspect(directory, owner.cluster(), owner.server(), cell),
                    CellRecovery.isBegun(directory, owner.cluster(), owner.server(), cell));
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.FAILED,
                    String.valueOf(e.getMessage()),
                    "nothing was changed; mend that, or leave this directory out");
        }
    }

    private static void refuseMixed(List<Found> found) {
        if (found.stream().map(one -> one.owner().cluster()).distinct().count() > 1
                || found.stream().map(one -> one.owner().server()).distinct().count() < found.size()) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "these are not directories of different servers of one cluster: "
                            + found.stream()
                                    .map(one -> one.directory() + " is that of "
                                            + one.owner().server() + " in "
                                            + one.owner().cluster())
                                    .collect(Collectors.joining(", ")),
                    "name each survivor's once");
        }
    }

    /** Where a majority is there nothing is lost, and nothing is to be recovered. */
    private void refuseMajority(List<Found> found, Found best) {
        List<ServerId> voters = best.survivor().voters();
        long here = found.stream()
                .filter(one -> one.survivor().epoch() == best.survivor().epoch())
                .filter(one -> voters.contains(one.owner().server()))
                .count();
        if (!best.begun() && 2 * here > voters.size()) {
            throw new CliFailure(
                    ExitCode.REFUSED,
                    here + " of the " + voters.size() + " voters of cell " + cell + " are here: that is a majority",
                    "start these servers: the cell goes on where it was, and nothing is lost");
        }
        if (!best.begun() && !voters.contains(best.owner().server())) {
            throw new CliFailure(
                    ExitCode.REFUSED,
                    best.owner().server() + " has the most of cell " + cell + ", but is none of its voters " + voters,
                    "name the directory of one that is");
        }
    }

    private Survivor recover(Found best, CellId id) {
        try {
            String who = author.isEmpty() ? terminal.environment().getOrDefault("USER", "unknown") : author;
            return CellRecovery.recover(
                    best.directory(), best.owner().cluster(), best.owner().server(), id, who);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.FAILED,
                    String.valueOf(e.getMessage()),
                    "start the same command again: what is done stays done");
        }
    }

    private ObjectNode describe(CellId id, List<Found> found, Found best, Set<ServerId> gone) {
        ObjectNode answer = AdminClient.MAPPER.createObjectNode();
        answer.put("cell", id.name());
        ArrayNode list = answer.putArray("survivors");
        for (Found one : found) {
            ObjectNode node = list.addObject();
            node.put("directory", one.directory().toString());
            node.put("cluster", one.owner().cluster());
            node.put("server", one.owner().server().name());
            node.put("epoch", one.survivor().epoch());
            node.put("lastTerm", one.survivor().lastTerm());
            node.put("lastEntry", one.survivor().lastEntry().value());
            ArrayNode voters = node.putArray("voters");
            one.survivor().voters().forEach(voter -> voters.add(voter.name()));
            node.put("recoveryBegun", one.begun());
        }
        answer.put("goesOn", best.owner().server().name());
        ArrayNode lost = answer.putArray("lost");
        gone.forEach(server -> lost.add(server.name()));
        answer.put("recovered", false);
        return answer;
    }

    private void print(List<Found> found, Found best, Set<ServerId> gone) {
        Table table = new Table(terminal, "SERVER", "EPOCH", "TERM", "LAST ENTRY", "VOTERS", "DIRECTORY");
        for (Found one : found) {
            Survivor survivor = one.survivor();
            table.row(
                    one.owner().server().name(),
                    Long.toString(survivor.epoch()),
                    Long.toString(survivor.lastTerm()),
                    survivor.lastEntry().toString(),
                    survivor.voters().stream().map(ServerId::name).collect(Collectors.joining(", ")),
                    one.directory().toString());
        }
        table.end();
        if (best.begun()) {
            terminal.out().println("a recovery with " + best.owner().server() + " was begun; --yes ends it");
            return;
        }
        terminal.out()
                .println(best.owner().server() + " would be the only voter of cell " + cell + ", in epoch "
                        + (best.survivor().epoch() + 1));
        terminal.out()
                .println("lost at worst: whatever " + gone + " committed after entry "
                        + best.survivor().lastEntry()
                        + ". Clients hold leases from that which nobody knows of; so until the longest lease is over,"
                        + " free addresses go only to clients that ask for them, and none into escrow");
        terminal.out()
                .println("you vouch that " + gone
                        + " are off and stay off: two of them that reach each other and clients"
                        + " would go on in the old epoch");
    }

    private void printDone(Found best, Survivor after) {
        terminal.out()
                .println("cell " + cell + " goes on with " + best.owner().server() + " in epoch " + after.epoch()
                        + ": start that server");
        terminal.out()
                .println("the others cannot take part with what their disks hold: started so they end, and say why."
                        + " Empty their data directories before they are started again, one after the other: the"
                        + " next when anylease cell members list " + cell
                        + " shows that the one before votes. Those that are gone"
                        + " for good: anylease cell members remove " + cell + " SERVER");
    }
}
