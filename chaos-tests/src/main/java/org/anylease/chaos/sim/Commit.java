package org.anylease.chaos.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Which commit is being tested, as far as git knows. */
final class Commit {
    private Commit() {}

    static String ofTree() {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            return git.waitFor() == 0 ? said : "unknown";
        } catch (IOException e) {
            return "unknown (no git)";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
