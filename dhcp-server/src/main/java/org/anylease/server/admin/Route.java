package org.anylease.server.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be asked.
 *
 * @param method GET or POST
 * @param path such as {@code /v1/cells/{cell}}
 * @param parameters the query parameters that it knows; any other is refused, since a filter that is misspelt and
 *     ignored shows the wrong leases
 * @param handler answers
 */
record Route(String method, String path, List<String> parameters, Handler handler) {
    /** Answers a call, or throws a {@link Refusal}. */
    @FunctionalInterface
    interface Handler {
        void answer(Call call) throws IOException, InterruptedException;
    }

    static Route get(String path, List<String> parameters, Handler handler) {
        return new Route("GET", path, List.copyOf(parameters), handler);
    }

    static Route post(String path, List<String> parameters, Handler handler) {
        return new Route("POST", path, List.copyOf(parameters), handler);
    }

    /** The values of the path's variables, or null when this is another path. */
    @Nullable
    Map<String, String> match(String asked) {
        String[] pattern = path.split("/", -1);
        String[] parts = asked.split("/", -1);
        if (pattern.length != parts.length) {
            return null;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i].startsWith("{")) {
                variables.put(pattern[i].substring(1, pattern[i].length() - 1), parts[i]);
            } else if (!pattern[i].equals(parts[i])) {
                return null;
            }
        }
        return variables;
    }
}
