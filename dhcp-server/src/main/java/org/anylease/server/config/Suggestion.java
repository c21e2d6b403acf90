package org.anylease.server.config;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the known word that a misspelt one most likely meant. */
final class Suggestion {
    private static final int LENGTH_MAX = 48;

    /** What other DHCP servers call it. */
    private static final SortedMap<String, String> SYNONYMS = new TreeMap<>(Map.ofEntries(
            Map.entry("client-identifier", "client-id"),
            Map.entry("default-lease-time", "lease"),
            Map.entry("dns", "domain-name-servers"),
            Map.entry("filename", "file"),
            Map.entry("fixed-address", "address"),
            Map.entry("gateway", "routers"),
            Map.entry("hw-address", "hardware"),
            Map.entry("ip-address", "address"),
            Map.entry("lease-time", "lease"),
            Map.entry("mac", "hardware"),
            Map.entry("max-lease-time", "max-lease"),
            Map.entry("min-lease-time", "min-lease"),
            Map.entry("option-data", "options"),
            Map.entry("pool", "pools"),
            Map.entry("range", "pools"),
            Map.entry("shared-networks", "networks"),
            Map.entry("valid-lifetime", "lease")));

    private Suggestion() {}

    /** The nearest word, when no more than a third of the letters are wrong; of equally near ones the first. */
    static Optional<String> nearest(String word, Collection<String> known) {
        String synonym = SYNONYMS.get(word);
        if (synonym != null && known.contains(synonym)) {
            return Optional.of(synonym);
        }
        String best = null;
        int bestDistance = Math.max(1, Math.min(word.length(), LENGTH_MAX) / 3) + 1;
        for (String candidate : known) {
            int distance = word.length() > LENGTH_MAX ? Integer.MAX_VALUE : distance(word, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** What to write instead: the nearest word, or else all of them. */
    static String insteadOf(String word, Collection<String> known) {
        return insteadOf(word, known, oneOf(known));
    }

    /** What to write instead: the nearest word, or else something to say of all of them. */
    static String insteadOf(String word, Collection<String> known, String otherwise) {
        return nearest(word, known).map(near -> "did you mean '" + near + "'?").orElse(otherwise);
    }

    static String oneOf(Collection<String> known) {
        return known.isEmpty() ? "none" : "one of " + String.join(", ", known);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that make one word the other. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
