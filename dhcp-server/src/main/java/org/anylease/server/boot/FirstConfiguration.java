package org.anylease.server.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.admin.ConfigText;
import org.anylease.server.config.ConfigSource;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.replication.LeaseLog;

/**
 * Gives a new cell its configuration, from the system file of the server that leads it. Once a cell has one, the file
 * is not looked at again: {@code anylease config apply} changes it. Confined to the loop.
 */
final class FirstConfiguration {
    /** The version of a new cluster's configuration. */
    private static final long FIRST_VERSION = 1;

    private final LeaseLog log;
    private final ServerId self;
    private final List<CellId> expected;
    private final Map<CellId, LeaseCommand.ApplyConfig> commands = new TreeMap<>();
    private final TreeSet<CellId> proposed = new TreeSet<>();

    FirstConfiguration(LeaseLog log, Setup setup) throws IOException {
        this.log = log;
        this.self = setup.server().own().id();
        this.expected = setup.server().cells();
        ConfigSource source = setup.source();
        Octets text = ConfigText.compressed(new String(source.octets().toArray(), StandardCharsets.UTF_8));
        for (CellConfig slice : setup.system().slices(FIRST_VERSION)) {
            commands.put(
                    slice.cell(),
                    new LeaseCommand.ApplyConfig(slice, 0, "first start, from " + source.name() + " of " + self, text));
        }
    }

    /** Proposes what is missing in the cells that this server leads. Called now and then. */
    void proposeWhatIsMissing() {
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

    /** Whether every cell of this server is formed and has a configuration. */
    boolean isComplete() {
        List<CellId> formed = log.cells();
        return formed.containsAll(expected)
                && formed.stream().allMatch(cell -> log.table(cell).config().isPresent());
    }
}
