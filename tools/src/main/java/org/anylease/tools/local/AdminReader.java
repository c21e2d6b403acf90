package org.anylease.tools.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Asks the admin API of a server, from outside. Any thread may use it. */
public final class AdminReader implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 100;

    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /**
     * A reader of one server.
     *
     * @param base where its admin API listens
     */
    public AdminReader(URI base) {
        this.base = base;
    }

    /**
     * Asks for a page.
     *
     * @param path such as {@code /v1/cells}
     * @return the answer
     * @throws IOException when the server does not answer, or refuses; the message says what it said
     * @throws InterruptedException when the waiting thread is to end
     */
    public JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER_PATIENCE)
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(base.resolve(path) + " answered " + answer.statusCode() + ": "
                    + new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return MAPPER.readTree(answer.body());
    }

    /**
     * Asks again and again until the answer is as wanted.
     *
     * @param path such as {@code /v1/cells}
     * @param wanted whether it is
     * @param patience how long to go on
     * @return the answer
     * @throws IOException when it never is; the message holds the last answer
     * @throws InterruptedException when the waiting thread is to end
     */
    public JsonNode await(String path, Predicate<JsonNode> wanted, Duration patience)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            try {
                JsonNode answer = get(path);
                if (wanted.test(answer)) {
                    return answer;
                }
                last = answer.toString();
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        throw new IOException("not so within " + patience + "; the last answer was " + last);
    }

    /**
     * Waits until every server of the first cell answers, and all are at one index with one digest.
     *
     * @param servers how many servers there are
     * @param patience how long to wait
     * @return the digest
     * @throws IOException when they do not agree in time; the message holds the last answer
     * @throws InterruptedException when the waiting thread is to end
     */
    public String awaitAgreement(int servers, Duration patience) throws IOException, InterruptedException {
        JsonNode cells = await(
                "/v1/cells",
                answer -> {
                    TreeMap<String, Integer> states = new TreeMap<>();
                    for (JsonNode member : answer.path("cells").path(0).path("members")) {
                        states.merge(
                                member.path("applied").asText() + "/"
                                        + member.path("digest").asText(),
                                1,
                                Integer::sum);
                    }
                    return states.size() == 1 && states.firstEntry().getValue() == servers;
                },
                patience);
        return cells.path("cells")
                .path(0)
                .path("members")
                .path(0)
                .path("digest")
                .asText();
    }

    /**
     * Every lease that a client holds now, as this server lists it.
     *
     * @return address to hardware address, such as {@code 02:0a:00:00:00:01}
     * @throws IOException when the server does not answer
     * @throws InterruptedException when the waiting thread is to end
     */
    public SortedMap<String, String> activeLeases() throws IOException, InterruptedException {
        TreeMap<String, String> leases = new TreeMap<>();
        for (JsonNode lease : get("/v1/leases?state=active&format=json").path("leases")) {
            leases.put(
                    lease.path("address").asText(),
                    lease.path("client").path("mac").asText());
        }
        return leases;
    }

    @Override
    public void close() {
        http.close();
    }
}
