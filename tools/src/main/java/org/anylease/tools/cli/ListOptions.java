package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that list what all cells have, or one of them. */
final class ListOptions {
    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(names = "--cell", paramLabel = "CELL", defaultValue = "", description = "Only of this cell.")
    private String cell = "";

    boolean json() {
        return options.json();
    }

    /** The list, as the server that is asked has it. */
    JsonNode ask(Terminal terminal, String path) {
        return new AdminClient(terminal, options).get(path + AdminClient.query(Map.of("cell", List.of(cell))));
    }
}
