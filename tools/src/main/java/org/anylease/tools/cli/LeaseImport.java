package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.anylease.server.admin.ImportedBackup;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.isc.convert.Finding;
import org.anylease.server.isc.convert.Verdict;
import org.anylease.server.isc.leases.LeaseConversion;
import org.anylease.server.isc.leases.LeaseFile;
import org.anylease.store.cell.CellId;
import org.anylease.store.lease.Binding;

/** A lease file of ISC DHCP, converted for the cells of a configuration, each of which restores its part as a backup. */
final class LeaseImport {
    /** About five million leases. */
    private static final long FILE_BYTES_MAX = 2_000_000_000L;

    private final LeaseConversion conversion;
    private final String cluster;
    private final Instant now;

    private LeaseImport(LeaseConversion conversion, String cluster, Instant now) {
        this.conversion = conversion;
        this.cluster = cluster;
        this.now = now;
    }

    static LeaseFile read(Path file) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new CliFailure(ExitCode.USAGE, file + " is larger than 2 GB", "name a dhcpd.leases");
            }
            return LeaseFile.read(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.USAGE, file + " cannot be read: " + e.getMessage(), "name a file that exists");
        }
    }

    static LeaseImport of(LeaseFile file, SystemConfig system, LeaseConversion.Declarations declarations, Instant now) {
        return new LeaseImport(LeaseConversion.of(file, system.slices(1), declarations, now), system.cluster(), now);
    }

    LeaseConversion conversion() {
        return conversion;
    }

    /** Writes the part of one cell. */
    void write(CellId cell, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ImportedBackup.write(out, cluster, cell, now, conversion.bindings().getOrDefault(cell, List.of()));
        }
    }

    /** Writes a file for each cell that has leases. */
    void write(Path folder) throws IOException {
        for (Map.Entry<CellId, List<Binding>> part : conversion.bindings().entrySet()) {
            if (!part.getValue().isEmpty()) {
                write(part.getKey(), file(folder, part.getKey()));
            }
        }
    }

    void requireAbsent(Path folder) throws FileAlreadyExistsException {
        for (CellId cell : conversion.bindings().keySet()) {
            if (Files.exists(file(folder, cell))) {
                throw new FileAlreadyExistsException(file(folder, cell).toString());
            }
        }
    }

    private static Path file(Path folder, CellId cell) {
        return folder.resolve("leases-" + cell.name() + ".backup");
    }

    ObjectNode toJson() {
        ObjectNode node = AdminClient.MAPPER.createObjectNode();
        node.put("file", conversion.name());
        node.put("entries", conversion.findings().size());
        ObjectNode counts = node.putObject("counts");
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict.word(), conversion.count(verdict));
        }
        ObjectNode states = node.putObject("states");
        conversion.states().forEach(states::put);
        ObjectNode cells = node.putObject("cells");
        conversion.bindings().forEach((cell, bindings) -> cells.put(cell.name(), bindings.size()));
        put(node.putArray("findings"), conversion.findings());
        return node;
    }

    static void put(ArrayNode node, List<Finding> findings) {
        for (Finding finding : findings) {
            node.addObject()
                    .put("file", finding.at().file())
                    .put("line", finding.at().line())
                    .put("column", finding.at().column())
                    .put("statement", finding.source())
                    .put("verdict", finding.verdict().word())
                    .put("what", finding.what())
                    .put("instead", finding.instead());
        }
    }
}
