package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigProblem;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.isc.convert.Conversion;
import org.anylease.server.isc.convert.Verdict;
import org.anylease.server.isc.leases.LeaseConversion;
import org.anylease.server.isc.leases.LeaseFile;
import org.anylease.server.isc.syntax.IscFile;
import org.anylease.server.isc.syntax.Statement;
import org.jspecify.annotations.Nullable;

/** A dhcpd.conf as it was read from disk, converted and checked, with its leases where they were given. */
final class IscImport {
    static final String SYSTEM_FILE = "anylease.yaml";
    private static final String REPORT_FILE = "report.txt";
    private static final String LEASE_REPORT_FILE = "leases-report.txt";
    private static final long FILE_BYTES_MAX = 64 << 20;

    private final List<Statement> statements;
    private final Conversion conversion;
    private final @Nullable ConfigReading<SystemConfig> reading;
    private final @Nullable LeaseImport leases;

    private IscImport(List<Statement> statements, Conversion conversion, @Nullable LeaseFile file, Instant now) {
        this.statements = List.copyOf(statements);
        this.conversion = conversion;
        this.reading = conversion.system().isEmpty()
                ? null
                : ConfigFile.system(ConfigSource.of(SYSTEM_FILE, conversion.system()));
        this.leases = file != null && reading instanceof ConfigReading.Accepted<SystemConfig> accepted
                ? LeaseImport.of(file, accepted.value(), LeaseConversion.Declarations.TOLD_ELSEWHERE, now)
                : null;
    }

    /** Reads both files, the second of which may be missing. */
    static IscImport read(Path file, @Nullable Path leases, Conversion.Wishes wishes, Instant now) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
        IscFile parsed = IscFile.parse(file.toString(), text(file), name -> included(folder, name));
        List<Statement> statements = new ArrayList<>(parsed.statements());
        LeaseFile read = leases == null ? null : LeaseImport.read(leases);
        if (read != null) {
            statements.addAll(read.declarations());
        }
        return new IscImport(statements, Conversion.of(statements, wishes), read, now);
    }

    /** A file's octets, each as one character. */
    static String text(Path file) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new CliFailure(ExitCode.USAGE, file + " is larger than 64 MiB", "name a dhcpd.conf");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.USAGE, file + " cannot be read: " + e.getMessage(), "name a file that exists");
        }
    }

    /** dhcpd looks from its working directory; here a relative name is looked for beside the file first. */
    private static Optional<String> included(Path folder, String name) {
        for (Path candidate : List.of(folder.resolve(name), Path.of(name))) {
            if (Files.isRegularFile(candidate)) {
                return Optional.of(text(candidate));
            }
        }
        return Optional.empty();
    }

    /** What both files declare. */
    List<Statement> statements() {
        return statements;
    }

    Conversion conversion() {
        return conversion;
    }

    /** The leases; null when none were given, or no configuration could be made that would serve them. */
    @Nullable
    LeaseImport leases() {
        return leases;
    }

    boolean isValid() {
        return reading instanceof ConfigReading.Accepted;
    }

    /** The configuration, where it is valid. */
    Optional<SystemConfig> system() {
        return reading instanceof ConfigReading.Accepted<SystemConfig> accepted
                ? Optional.of(accepted.value())
                : Optional.empty();
    }

    /** What the configuration's own check says of it. */
    List<String> problems() {
        return reading == null
                ? List.of()
                : reading.problems().stream().map(ConfigProblem::toString).toList();
    }

    /** Writes all files, or none when one is there already. */
    void write(Path folder) {
        Map<String, String> files = new TreeMap<>();
        files.put(SYSTEM_FILE, conversion.system());
        conversion.servers().forEach((server, text) -> files.put("server-" + server + ".yaml", text));
        files.put(REPORT_FILE, String.join("\n", conversion.report(true)) + "\n");
        if (leases != null) {
            files.put(LEASE_REPORT_FILE, String.join("\n", leases.conversion().report(true)) + "\n");
        }
        try {
            Files.createDirectories(folder);
            if (leases != null) {
                leases.requireAbsent(folder);
            }
            for (String name : Stream.concat(files.keySet().stream(), conversion.keys().keySet().stream())
                    .toList()) {
                if (Files.exists(folder.resolve(name))) {
                    throw new FileAlreadyExistsException(folder.resolve(name).toString());
                }
            }
            writeKeys(folder);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue(), StandardOpenOption.CREATE_NEW);
            }
            if (leases != null) {
                leases.write(folder);
            }
        } catch (FileAlreadyExistsException e) {
            throw new CliFailure(ExitCode.REFUSED, e.getFile() + " exists already", "choose another --out");
        } catch (IOException e) {
            throw new CliFailure(ExitCode.FAILED, folder + " cannot be written: " + e, "choose another --out");
        }
    }

    /** Writes the keys, each into a file that nobody else may read. */
    void writeKeys(Path folder) throws IOException {
        FileAttribute<?> own = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        for (Map.Entry<String, Conversion.KeyFile> key : conversion.keys().entrySet()) {
            Path file = folder.resolve(key.getKey());
            if (!Files.exists(file)) {
                Files.createFile(file, own);
            }
            Files.writeString(file, key.getValue().text());
        }
    }

    ObjectNode toJson() {
        ObjectNode node = AdminClient.MAPPER.createObjectNode();
        node.put("valid", isValid());
        node.put("statements", conversion.findings().size());
        ObjectNode counts = node.putObject("counts");
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict.word(), conversion.count(verdict));
        }
        LeaseImport.put(node.putArray("findings"), conversion.findings());
        ArrayNode decisions = node.putArray("decisions");
        conversion.decisions().forEach(decisions::add);
        ArrayNode problems = node.putArray("problems");
        problems().forEach(problems::add);
        node.put("configuration", conversion.system());
        ObjectNode servers = node.putObject("servers");
        conversion.servers().forEach(servers::put);
        if (leases != null) {
            node.set("leases", leases.toJson());
        }
        return node;
    }
}
