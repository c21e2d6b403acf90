package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a server's admin API, shows that it waits, and turns what goes wrong into a {@link CliFailure}. */
final class AdminClient {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final int PATIENCE_SECONDS = 2;

    private final Terminal terminal;
    private final URI server;
    private final Duration timeout;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .build();

    AdminClient(Terminal terminal, ServerOptions options) {
        this.terminal = terminal;
        this.server = options.server(terminal.environment());
        this.timeout = options.timeout();
    }

    /** A request's query: names and values in turn, those with an empty value left out. */
    static String query(Map<String, List<String>> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, values) -> values.stream()
                .filter(value -> !value.isEmpty())
                .forEach(value -> query.append(query.isEmpty() ? "?" : "&")
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8))));
        return query.toString();
    }

    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) {
        return read(getStream(path));
    }

    InputStream getStream(String path) {
        return send(request(path).GET().build());
    }

    JsonNode post(String path, HttpRequest.BodyPublisher body) {
        return read(postStream(path, body));
    }

    InputStream postStream(String path, HttpRequest.BodyPublisher body) {
        return send(request(path).POST(body).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path)).timeout(timeout);
    }

    private JsonNode read(InputStream body) {
        try (body) {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw brokenOff(e);
        }
    }

    CliFailure brokenOff(IOException e) {
        return new CliFailure(
                ExitCode.FAILED,
                "the answer of " + server + " broke off: " + e.getMessage(),
                "what was printed is not all; try again, and see the server's log");
    }

    private InputStream send(HttpRequest request) {
        HttpResponse<InputStream> response = await(http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream()));
        if (response.statusCode() == 200) {
            return response.body();
        }
        throw refused(response);
    }

    /** Waits, and says so when it takes longer than a person waits without wondering. */
    private HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> answer) {
        int waited = 0;
        try {
            while (true) {
                try {
                    HttpResponse<InputStream> response = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    clearProgress(waited);
                    return response;
                } catch (TimeoutException e) {
                    waited += PATIENCE_SECONDS;
                    progress("waiting for " + server + ", " + waited + "s", waited == PATIENCE_SECONDS);
                }
            }
        } catch (ExecutionException e) {
            clearProgress(waited);
            throw unreachable(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.FAILED, "interrupted", "start the command again");
        }
    }

    /** A line on standard error that overwrites itself on a terminal; elsewhere only the first one is written. */
    void progress(String text, boolean first) {
        if (terminal.interactive()) {
            terminal.err().print("\r" + text + "\u001b[K");
            terminal.err().flush();
        } else if (first) {
            terminal.err().println(text);
        }
    }

    void clearProgress(long shown) {
        if (terminal.interactive() && shown > 0) {
            terminal.err().print("\r\u001b[K");
            terminal.err().flush();
        }
    }

    private CliFailure unreachable(Throwable cause) {
        String remedy =
                "is it running? Start it with: anylease server run --config server.yaml. Another server: --server"
                        + " http://HOST:6780, or set " + ServerOptions.VARIABLE;
        if (cause instanceof ConnectException) {
            return new CliFailure(ExitCode.UNREACHABLE, "no server answers at " + server, remedy);
        }
        if (cause instanceof HttpTimeoutException) {
            return new CliFailure(
                    ExitCode.UNREACHABLE,
                    server + " did not answer within " + timeout.toSeconds() + "s",
                    "see its log, ask another server with --server, or wait longer with --timeout SECONDS");
        }
        return new CliFailure(ExitCode.UNREACHABLE, "cannot ask " + server + ": " + cause, remedy);
    }

    private CliFailure refused(HttpResponse<InputStream> response) {
        JsonNode error;
        try (InputStream body = response.body()) {
            error = MAPPER.readTree(body);
        } catch (IOException e) {
            return new CliFailure(
                    ExitCode.FAILED,
                    server + " answered " + response.statusCode() + " without words",
                    "is that an Anylease server? Check --server");
        }
        ExitCode exit = switch (response.statusCode()) {
            case 404 -> ExitCode.NO;
            case 400 -> ExitCode.USAGE;
            case 405, 409, 413, 422 -> ExitCode.REFUSED;
            default -> ExitCode.FAILED;
        };
        return new CliFailure(
                exit, error.path("what").asText(), error.path("remedy").asText(), error.get("details"));
    }
}
