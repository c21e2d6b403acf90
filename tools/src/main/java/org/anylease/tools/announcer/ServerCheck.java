package org.anylease.tools.announcer;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.anylease.server.config.AnycastConfig.Check;
import org.anylease.store.address.Ipv4;
import org.anylease.tools.anycast.CheckPacket;
import org.anylease.tools.anycast.Health;
import org.anylease.tools.anycast.Observation;

/**
 * Checks the local server by the exchange of {@link CheckPacket} for each link, and asks it whether it is cut off.
 *
 * <p>What counts is the exchange. A server whose admin API does not answer, but which answers clients, is serving.
 * Used by one thread.
 */
public final class ServerCheck implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int DATAGRAM_OCTETS_MAX = 9000;
    private static final int ERROR_SHOWN_MAX = 200;

    private final Check check;
    private final RandomGenerator random;
    private final DatagramSocket socket;
    private final HttpClient http;

    private ServerCheck(Check check, RandomGenerator random, DatagramSocket socket) {
        this.check = check;
        this.random = random;
        this.socket = socket;
        this.http = HttpClient.newBuilder().connectTimeout(check.timeout()).build();
    }

    /**
     * Opens the socket that asks.
     *
     * @param check what to check
     * @param random draws transaction ids
     * @return the check, to be closed
     * @throws IOException when there is no loopback interface
     */
    public static ServerCheck open(Check check, RandomGenerator random) throws IOException {
        InetAddress loopback = InetAddress.getByName(CheckPacket.LOOPBACK.toString());
        return new ServerCheck(check, random, new DatagramSocket(new InetSocketAddress(loopback, 0)));
    }

    /**
     * Checks once.
     *
     * @return how the server is, after at most the configured timeout
     * @throws InterruptedException when the thread is to end
     */
    public Observation observe() throws InterruptedException {
        long start = System.nanoTime();
        long deadline = start + check.timeout().toNanos();
        CompletableFuture<HttpResponse<String>> mode = askForMode();
        String problem = exchange(deadline);
        if (!problem.isEmpty()) {
            mode.cancel(true);
            return new Observation(Health.FAILING, problem);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        String said = said(mode, deadline);
        if (said.equals("ok") || said.isEmpty()) {
            return new Observation(
                    Health.SERVING,
                    "answers within " + Math.max(1, took.toMillis()) + " ms"
                            + (said.isEmpty() ? "; its admin API at " + check.admin() + " does not" : ""));
        }
        return new Observation(
                Health.ALONE,
                said.equals("alone")
                        ? "answers, but is cut off from the quorum of a cell"
                        : "answers, but says of itself that it is '" + said + "'");
    }

    private CompletableFuture<HttpResponse<String>> askForMode() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + check.admin() + "/healthz"))
                .timeout(check.timeout())
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    /** The word that the server has for itself; empty when it does not say. */
    private static String said(CompletableFuture<HttpResponse<String>> mode, long deadline)
            throws InterruptedException {
        try {
            long left = Math.max(0, deadline - System.nanoTime());
            HttpResponse<String> response = mode.get(left, TimeUnit.NANOSECONDS);
            String status = MAPPER.readTree(response.body()).path("status").asText();
            return status.length() > ERROR_SHOWN_MAX ? status.substring(0, ERROR_SHOWN_MAX) : status;
        } catch (ExecutionException | TimeoutException | IOException e) {
            mode.cancel(true);
            return ""; // It does not say: the exchange alone decides.
        }
    }

    /** Asks for each link, and waits for all answers. Says what is wrong, or nothing. */
    private String exchange(long deadline) {
        Map<Integer, Ipv4> open = new TreeMap<>();
        try {
            InetAddress server = InetAddress.getByName(check.server().toString());
            for (Ipv4 link : check.links()) {
                int xid = random.nextInt();
                byte[] inform = CheckPacket.inform(xid, link);
                open.put(xid, link);
                socket.send(new DatagramPacket(inform, inform.length, server, check.port()));
            }
            DatagramPacket answer = new DatagramPacket(new byte[DATAGRAM_OCTETS_MAX], DATAGRAM_OCTETS_MAX);
            while (!open.isEmpty()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return silent(open);
                }
                socket.setSoTimeout((int) left);
                answer.setLength(DATAGRAM_OCTETS_MAX);
                socket.receive(answer);
                CheckPacket.acknowledged(answer.getData(), answer.getLength()).ifPresent(open::remove);
            }
            return "";
        } catch (SocketTimeoutException e) {
            return silent(open);
        } catch (IOException e) {
            return "cannot ask " + check.server() + ":" + check.port() + ": " + e.getMessage();
        }
    }

    private String silent(Map<Integer, Ipv4> open) {
        return "no answer from " + check.server() + ":" + check.port() + " for link "
                + open.values().stream().map(Ipv4::toString).sorted().collect(Collectors.joining(", ")) + " within "
                + check.timeout().toMillis() + " ms";
    }

    @Override
    public void close() {
        socket.close();
        http.shutdownNow();
    }
}
