package org.anylease.tools.cli;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that asks a server. */
final class ServerOptions {
    /** Where a server listens unless told otherwise. */
    static final String DEFAULT = "http://127.0.0.1:6780";

    static final String VARIABLE = "ANYLEASE_SERVER";

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The server to ask (default: $" + VARIABLE + ", else " + DEFAULT + ").")
    private @Nullable String server;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for the start of an answer (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    boolean json() {
        return json;
    }

    Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }

    URI server(Map<String, String> environment) {
        String url = server != null ? server : environment.getOrDefault(VARIABLE, DEFAULT);
        String whole = url.contains("://") ? url : "http://" + url;
        try {
            URI uri = URI.create(whole);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for any other text that names no server.
        }
        throw new CliFailure(
                ExitCode.USAGE,
                "'" + url + "' names no server",
                "write --server http://HOST:6780, or set " + VARIABLE + " to it");
    }
}
