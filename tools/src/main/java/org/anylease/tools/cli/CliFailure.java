package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A command that did not do what was asked: what is wrong, and the next step. */
final class CliFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exit;
    private final String remedy;
    private final transient @Nullable JsonNode details;

    CliFailure(ExitCode exit, String what, String remedy) {
        this(exit, what, remedy, null);
    }

    CliFailure(ExitCode exit, String what, String remedy, @Nullable JsonNode details) {
        super(what, null, false, false);
        this.exit = exit;
        this.remedy = remedy;
        this.details = details;
    }

    ExitCode exit() {
        return exit;
    }

    String remedy() {
        return remedy;
    }

    /** What the server said beside the message: problems of a file, results of cells. */
    @Nullable
    JsonNode details() {
        return details;
    }

    ObjectNode toJson(ObjectMapper mapper) {
        ObjectNode node = mapper.createObjectNode();
        node.put("error", exit.name().toLowerCase(Locale.ROOT));
        node.put("what", getMessage());
        node.put("remedy", remedy);
        if (details != null) {
            node.set("details", details);
        }
        return node;
    }
}
