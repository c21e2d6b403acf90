package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.anylease.server.config.AnycastConfig;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigProblem;
import org.anylease.server.config.ConfigReading.Accepted;
import org.anylease.server.config.ConfigReading.Refused;
import org.anylease.server.config.ConfigSource;
import org.anylease.tools.announcer.StateFiles;
import picocli.CommandLine.Option;

/** What the commands of {@code anylease anycast} have in common: the announcer's file. */
final class AnycastOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "/etc/anylease/anycast.yaml",
            description = "The announcer's file. Default: ${DEFAULT-VALUE}")
    private Path file = Path.of("/etc/anylease/anycast.yaml");

    /** Reads the file; what is wrong with it becomes the failure. */
    AnycastConfig read() {
        ConfigSource source;
        try {
            source = ConfigSource.read(file);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    file + " cannot be read: " + e.getMessage(),
                    "name the announcer's file by --config; docs/examples/anycast has some");
        }
        return switch (ConfigFile.anycast(source)) {
            case Accepted<AnycastConfig>(AnycastConfig config, var _) -> config;
            case Refused<AnycastConfig>(List<ConfigProblem> problems) ->
                throw new CliFailure(
                        ExitCode.USAGE,
                        file + " is not valid",
                        "mend what is listed; docs/configuration.md has every key",
                        details(problems));
        };
    }

    StateFiles files(AnycastConfig config) {
        return new StateFiles(config.stateDirectory());
    }

    private static ObjectNode details(List<ConfigProblem> problems) {
        ObjectNode details = AdminClient.MAPPER.createObjectNode();
        ArrayNode list = details.putArray("problems");
        for (ConfigProblem problem : problems) {
            ObjectNode node = list.addObject();
            node.put("file", problem.file());
            node.put("line", problem.line());
            node.put("column", problem.column());
            node.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
            node.put("path", problem.path());
            node.put("what", problem.what());
            node.put("valid", problem.valid());
        }
        return details;
    }
}
