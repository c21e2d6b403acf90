package org.anylease.chaos.nemesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import org.anylease.chaos.lab.Namespace;

/** Asks the admin API of a host's server, from inside the host's network. Any thread may use it. */
final class SiteAdmin {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PORT = 6780;
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    private final Namespace network;

    SiteAdmin(Namespace network) {
        this.network = network;
    }

    /**
     * Asks for a page.
     *
     * @throws IOException when the server does not answer with 200
     */
    JsonNode get(String path) throws IOException, InterruptedException {
        return network.inside(() -> {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + PORT + path).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            // Kept open, it would be used by the next question for this address, in whatever network that is asked.
            connection.setRequestProperty("Connection", "close");
            try (InputStream answer = connection.getInputStream()) {
                return MAPPER.readTree(answer.readAllBytes());
            } finally {
                connection.disconnect();
            }
        });
    }

    /** Whether the server says that it can answer clients. */
    boolean isReady() throws InterruptedException {
        try {
            get("/healthz");
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
