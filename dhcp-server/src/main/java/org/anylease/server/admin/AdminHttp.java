package org.anylease.server.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin API of a server, over HTTP.
 *
 * <p>Every request runs on a virtual thread of its own; at most {@link #REQUESTS_MAX} at a time, the rest is told to
 * come back. Nothing here runs on the packet loop or waits while holding it.
 */
public final class AdminHttp implements AutoCloseable {
    /** How many requests are answered at a time, watchers included. */
    public static final int REQUESTS_MAX = 128;

    private static final int BACKLOG_MAX = 64;
    private static final int QUERY_CHARACTERS_MAX = 8 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(AdminHttp.class);

    private final Cluster cluster;
    private final List<Route> routes;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore permits = new Semaphore(REQUESTS_MAX);

    private AdminHttp(Cluster cluster, List<Route> routes, HttpServer server) {
        this.cluster = cluster;
        this.routes = routes;
        this.server = server;
    }

    /**
     * Binds and starts to answer.
     *
     * @param bind where to listen; loopback unless the operator says otherwise, since there is no login yet
     * @param cluster the running server
     * @param compiler reads the operator's configuration files
     * @param hub from which watchers hear of changes
     * @param metrics the text of {@code /metrics}
     * @param clock for relative times
     * @return the running API
     * @throws IOException when the address cannot be bound
     */
    public static AdminHttp start(
            InetSocketAddress bind,
            Cluster cluster,
            ConfigCompiler compiler,
            WatchHub hub,
            Supplier<String> metrics,
            InstantSource clock)
            throws IOException {
        if (!bind.getAddress().isLoopbackAddress()) {
            LOG.warn(
                    "The admin API listens on {}, which is not loopback: whoever reaches it can read every lease and"
                            + " change the configuration. Bind it to 127.0.0.1, or put a firewall before it.",
                    bind);
        }
        AdminHttp http = new AdminHttp(cluster, routes(cluster, compiler, hub, metrics, clock), listener(bind));
        http.server.createContext("/", http::handle);
        http.server.setExecutor(http.threads);
        http.server.start();
        return http;
    }

    /** The one place where TLS goes: an HttpsServer with the server's key instead. */
    private static HttpServer listener(InetSocketAddress bind) throws IOException {
        try {
            return HttpServer.create(bind, BACKLOG_MAX);
        } catch (IOException e) {
            throw new IOException(
                    "the admin API cannot listen on " + bind + ": " + e.getMessage()
                            + ". Is another server running on it? Set admin.listen in server.yaml to a free address.",
                    e);
        }
    }

    static List<Route> routes(
            Cluster cluster, ConfigCompiler compiler, WatchHub hub, Supplier<String> metrics, InstantSource clock) {
        List<Route> routes = new ArrayList<>();
        routes.addAll(new LeaseRoutes(cluster, clock).routes());
        routes.addAll(new WatchRoute(cluster, hub, clock).routes());
        routes.addAll(new CellRoutes(cluster, clock).routes());
        routes.addAll(new ConflictRoutes(cluster, clock).routes());
        routes.addAll(new ReservationRoutes(cluster, clock).routes());
        routes.addAll(new DnsRoutes(cluster).routes());
        routes.addAll(new DownRoutes(cluster, clock).routes());
        routes.addAll(new AutonomyRoutes(cluster, clock).routes());
        routes.addAll(new VerifyRoute(cluster, clock).routes());
        routes.addAll(new DrainRoutes(cluster, clock).routes());
        routes.addAll(new MemberRoutes(cluster, clock).routes());
        routes.addAll(new ResyncRoutes(cluster, clock).routes());
        routes.addAll(new BackupRoutes(cluster).routes());
        routes.addAll(new PoolRoutes(cluster).routes());
        routes.addAll(new SiteRoutes(cluster, clock).routes());
        routes.addAll(new ConfigRoutes(cluster, compiler, clock).routes());
        routes.addAll(new ServiceRoutes(cluster, metrics).routes());
        return List.copyOf(routes);
    }

    /**
     * Where it listens.
     *
     * @return with the port that was chosen when 0 was asked for
     */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** The top of every request's thread. */
    private void handle(HttpExchange exchange) throws IOException {
        Call call = new Call(exchange, Map.of(), new TreeMap<>(), new Origin(cluster));
        if (!permits.tryAcquire()) {
            call.header("Retry-After", "1");
            refuse(
                    call,
                    Refusal.unavailable(
                            REQUESTS_MAX + " requests are being answered already",
                            "admin API",
                            "try again in a second",
                            null));
            return;
        }
        try {
            dispatch(exchange, call.origin());
        } catch (Refusal refusal) {
            refuse(call, refusal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server is stopping", e);
        } catch (IOException e) {
            if (call.started()) {
                throw e;
            }
            refuse(
                    call,
                    Refusal.unavailable(
                            String.valueOf(e.getMessage()),
                            "server",
                            "try again; when it stays, see the server's log",
                            null));
        } catch (RuntimeException e) {
            LOG.error(
                    "{} {} failed",
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    e);
            refuse(
                    call,
                    Refusal.failed(
                            "the server failed to answer: " + e,
                            "admin API",
                            "see the server's log; this is a defect"));
        } finally {
            permits.release();
        }
    }

    private void dispatch(HttpExchange exchange, Origin origin) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (exchange.getRequestHeaders().containsKey("Origin")) {
            throw Refusal.notAllowed(
                    "requests made by web pages are not answered", "header Origin", "use anylease or curl");
        }
        boolean known = false;
        for (Route route : routes) {
            Map<String, String> variables = route.match(path);
            known |= variables != null;
            if (variables != null && route.method().equals(method)) {
                Map<String, List<String>> query = parse(exchange.getRequestURI().getRawQuery());
                checkKnown(query, route);
                route.handler().answer(new Call(exchange, variables, query, origin));
                return;
            }
        }
        throw known
                ? Refusal.notAllowed(method + " is not for " + path, "method", "GET /openapi.json says what is")
                : Refusal.notFound("there is no " + path, "path", "GET /openapi.json lists every path");
    }

    private static void refuse(Call call, Refusal refusal) throws IOException {
        if (call.started()) {
            // Half of an answer is out: the broken connection has to say it.
            throw new IOException("answer broken off: " + refusal.getMessage(), refusal);
        }
        call.json(refusal.status(), refusal.toJson());
    }

    private static void checkKnown(Map<String, List<String>> query, Route route) {
        for (String name : query.keySet()) {
            if (!route.parameters().contains(name)) {
                throw Refusal.badRequest(
                        route.path() + " has no query parameter '" + name + "'",
                        "query",
                        route.parameters().isEmpty()
                                ? "leave it out"
                                : "it knows: " + String.join(", ", route.parameters()));
            }
        }
    }

    static Map<String, List<String>> parse(@Nullable String rawQuery) {
        Map<String, List<String>> query = new TreeMap<>();
        if (rawQuery == null || rawQuery.isEmpty()) {
            return query;
        }
        if (rawQuery.length() > QUERY_CHARACTERS_MAX) {
            throw Refusal.tooLarge("the query is too long", "query", "ask for less at once");
        }
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            try {
                query.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), n -> new ArrayList<>())
                        .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw Refusal.badRequest("'" + pair + "' is not URL-encoded: " + e.getMessage(), "query", "encode it");
            }
        }
        return query;
    }
}
