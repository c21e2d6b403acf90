package org.anylease.server.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.admin.ConfigText;
import org.anylease.server.config.ConfigSource;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.replication.LeaseLog;

/**
 * Gives a new cell its configuration, by the server that leads it: in a new cluster from that server's system file, and
 * afterwards from the newest revision that is in force in any cell. Once a cell has one, only {@code anylease config
 * apply} changes it. Confined to the loop.
 */
final class FirstConfiguration {
    /** The version of a new cluster's configuration. */
    private static final long FIRST_VERSION = 1;

    private final LeaseLog log;
    private final ServerId self;
    private final List<CellId> expected;
    private final TreeSet<CellId> proposed = new TreeSet<>();
    private final Map<CellId, LeaseCommand.ApplyConfig> ofFile = new TreeMap<>();
    private SortedMap<CellId, LeaseCommand.ApplyConfig> inForce = new TreeMap<>();

    FirstConfiguration(LeaseLog log, Setup setup) throws IOException, StartFailure {
        this.log = log;
        this.self = setup.server().own().id();
        this.expected = setup.server().cells();
        ConfigSource source = setup.source();
        Octets text = ConfigText.compressed(new String(source.octets().toArray(), StandardCharsets.UTF_8));
        for (CellConfig slice : setup.system().slices(FIRST_VERSION)) {
            LeaseCommand.ApplyConfig command =
                    new LeaseCommand.ApplyConfig(slice, 0, "first start, from " + source.name() + " of " + self, text);
            int bytes = EntryCodec.encodedBytes(command);
            if (bytes > EntryCodec.COMMAND_BYTES_MAX) {
                throw new StartFailure(
                        source.name() + ": " + ConfigText.tooLong(slice.cell(), bytes) + "; " + ConfigText.SHORTER);
            }
            ofFile.put(slice.cell(), command);
        }
    }

    /** From now on new cells get their configuration from a revision in force. */
    void use(SortedMap<CellId, LeaseCommand.ApplyConfig> slices) {
        inForce = slices;
    }

    /** Proposes what is missing in the cells that this server leads. Called now and then. */
    void proposeWhatIsMissing() {
        // In a cluster that has a configuration the file on the disk may be an old one.
        Map<CellId, LeaseCommand.ApplyConfig> commands = isAnyConfigured() ? inForce : ofFile;
        for (CellId cell : log.cells()) {
            LeaseCommand.ApplyConfig command = commands.get(cell);
            if (command != null
                    && log.table(cell).config().isEmpty()
                    && self.equals(log.quorum(cell).leader())
                    && proposed.add(cell)) {
                log.propose(cell, command, _ -> proposed.remove(cell));
            }
        }
    }

    /** Whether every cell that the files name for this server is formed and has a configuration. */
    boolean isComplete() {
        return log.cells().containsAll(expected)
                && expected.stream().allMatch(cell -> log.table(cell).config().isPresent());
    }

    /** Whether a cell of this server has a configuration, so that there is something to serve. */
    boolean isAnyConfigured() {
        return log.cells().stream().anyMatch(cell -> log.table(cell).config().isPresent());
    }
}
