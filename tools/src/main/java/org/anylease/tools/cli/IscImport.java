package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigProblem;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.isc.convert.Conversion;
import org.anylease.server.isc.convert.Finding;
import org.anylease.server.isc.convert.Verdict;
import org.anylease.server.isc.syntax.IscFile;
import org.jspecify.annotations.Nullable;

/** A dhcpd.conf as it was read from disk, converted and checked. */
final class IscImport {
    static final String SYSTEM_FILE = "anylease.yaml";
    private static final String REPORT_FILE = "report.txt";
    private static final long FILE_BYTES_MAX = 64 << 20;

    private final Conversion conversion;
    private final @Nullable ConfigReading<SystemConfig> reading;

    private IscImport(Conversion conversion) {
        this.conversion = conversion;
        this.reading = conversion.system().isEmpty()
                ? null
                : ConfigFile.system(ConfigSource.of(SYSTEM_FILE, conversion.system()));
    }

    static IscImport read(Path file, Conversion.Wishes wishes) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
        IscFile parsed = IscFile.parse(file.toString(), text(file), name -> included(folder, name));
        return new IscImport(Conversion.of(parsed.statements(), wishes));
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

    Conversion conversion() {
        return conversion;
    }

    boolean isValid() {
        return reading instanceof ConfigReading.Accepted;
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
        try {
            Files.createDirectories(folder);
            for (String name : files.keySet()) {
                if (Files.exists(folder.resolve(name))) {
                    throw new FileAlreadyExistsException(folder.resolve(name).toString());
                }
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue(), StandardOpenOption.CREATE_NEW);
            }
        } catch (FileAlreadyExistsException e) {
            throw new CliFailure(ExitCode.REFUSED, e.getFile() + " exists already", "choose another --out");
        } catch (IOException e) {
            throw new CliFailure(ExitCode.FAILED, folder + " cannot be written: " + e, "choose another --out");
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
        ArrayNode findings = node.putArray("findings");
        for (Finding finding : conversion.findings()) {
            findings.addObject()
                    .put("file", finding.at().file())
                    .put("line", finding.at().line())
                    .put("column", finding.at().column())
                    .put("statement", finding.source())
                    .put("verdict", finding.verdict().word())
                    .put("what", finding.what())
                    .put("instead", finding.instead());
        }
        ArrayNode decisions = node.putArray("decisions");
        conversion.decisions().forEach(decisions::add);
        ArrayNode problems = node.putArray("problems");
        problems().forEach(problems::add);
        node.put("configuration", conversion.system());
        ObjectNode servers = node.putObject("servers");
        conversion.servers().forEach(servers::put);
        return node;
    }
}
