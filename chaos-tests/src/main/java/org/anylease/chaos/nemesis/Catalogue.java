package org.anylease.chaos.nemesis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The scenarios that come with the program, in the order in which they run. */
public final class Catalogue {
    private Catalogue() {}

    /**
     * All of them.
     *
     * @return in order
     * @throws IOException when they cannot be read
     */
    public static List<Scenario> all() throws IOException {
        List<Scenario> all = new ArrayList<>();
        for (String name : text("order.txt").lines().toList()) {
            if (!name.isBlank() && !name.startsWith("#")) {
                all.add(Scenario.parse(name, text(name + ".chaos")));
            }
        }
        return all;
    }

    private static String text(String file) throws IOException {
        try (InputStream in = Catalogue.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IOException("there is no " + file + " among the scenarios");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
