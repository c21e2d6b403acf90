package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints what is wrong, since when, and what to do. */
final class Findings {
    private Findings() {}

    /** Prints the findings of an answer. @return whether all is well */
    static ExitCode print(Terminal terminal, JsonNode answer) {
        for (JsonNode finding : answer.path("findings")) {
            String severity = finding.path("severity").asText();
            String since = finding.path("since").asText("");
            String head = severity + ": " + finding.path("where").asText() + ": "
                    + finding.path("what").asText()
                    + (finding.hasNonNull("since")
                            ? ", since " + Times.of(since, terminal.clock().instant())
                            : "");
            String shown = Terminal.harmless(head);
            terminal.out()
                    .println(
                            switch (severity) {
                                case "critical" -> terminal.red(shown);
                                case "warning" -> terminal.yellow(shown);
                                default -> shown;
                            });
            terminal.out()
                    .println("  " + Terminal.harmless(finding.path("remedy").asText()));
        }
        return exit(answer);
    }

    static ExitCode exit(JsonNode answer) {
        return answer.path("healthy").asBoolean() ? ExitCode.OK : ExitCode.NO;
    }

    /** Says at which log index each cell was read, and which could not be. */
    static void read(Terminal terminal, JsonNode answer) {
        StringBuilder line = new StringBuilder();
        for (JsonNode read : answer.path("read")) {
            line.append(line.isEmpty() ? "read " : ", ")
                    .append("cell ")
                    .append(read.path("cell").asText())
                    .append(" at log index ")
                    .append(read.path("index").asText())
                    .append(" from ")
                    .append(read.path("server").asText());
        }
        if (!line.isEmpty()) {
            terminal.err().println(Terminal.harmless(line.toString()));
        }
        for (JsonNode unread : answer.path("unread")) {
            terminal.err()
                    .println(terminal.yellow(Terminal.harmless("not shown: cell "
                            + unread.path("cell").asText() + ": "
                            + unread.path("why").asText())));
        }
    }

    /** Prints a file's problems or cells' results, whichever a refusal carries. */
    static void details(Terminal terminal, @Nullable JsonNode details) {
        if (details == null) {
            return;
        }
        for (JsonNode problem : details.path("problems")) {
            terminal.err().println("  " + Terminal.harmless(problem(problem)));
        }
        // Of one alone all is said already.
        boolean several = details.path("obstacles").size() > 1;
        for (JsonNode obstacle : several ? details.path("obstacles") : List.<JsonNode>of()) {
            terminal.err()
                    .println("  " + Terminal.harmless(obstacle.path("what").asText()));
        }
        for (JsonNode cell : details.path("cells")) {
            terminal.err()
                    .println("  "
                            + Terminal.harmless(cell.path("cell").asText() + ": "
                                    + cell.path("result").asText() + ": "
                                    + cell.path("what").asText()));
        }
    }

    static String problem(JsonNode problem) {
        String path = problem.path("path").asText();
        String valid = problem.path("valid").asText();
        String file = problem.path("file").asText();
        return (file.isEmpty() ? "" : file + ":") + problem.path("line").asText() + ":"
                + problem.path("column").asText() + ": "
                + problem.path("severity").asText() + ": " + (path.isEmpty() ? "" : path + ": ")
                + problem.path("what").asText() + (valid.isEmpty() ? "" : " (expected " + valid + ")");
    }
}
