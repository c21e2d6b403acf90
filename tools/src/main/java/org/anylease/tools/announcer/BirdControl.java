package org.anylease.tools.announcer;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.anylease.server.config.Announcement;
import org.anylease.server.config.AnycastConfig.RouteDaemon.Bird;
import org.anylease.tools.anycast.DaemonText;

/**
 * BIRD 2, by a file of constants that its configuration includes. After a restart BIRD reads the file again, and so
 * announces what it did before.
 *
 * <p>It is told {@code configure}, not {@code configure soft}: soft leaves routes as the old filters made them until
 * something else renews them. A plain one refeeds the filters that have changed, and ends no session.
 */
final class BirdControl implements RouteControl {
    private final Bird bird;

    /** BIRD does not start without the file: where there is none yet, it says inferior until more is known. */
    BirdControl(Bird bird) throws IOException {
        this.bird = bird;
        if (!Files.exists(bird.include())) {
            StateFiles.replace(bird.include(), DaemonText.birdInclude(Announcement.INFERIOR));
        }
    }

    @Override
    public void apply(Announcement announcement) throws IOException, InterruptedException {
        String wanted = DaemonText.birdInclude(announcement);
        boolean written = !Files.exists(bird.include())
                || !Files.readString(bird.include()).equals(wanted);
        if (written) {
            StateFiles.replace(bird.include(), wanted);
        }
        if (!written && isInForce(announcement)) {
            return;
        }
        ProgramRun run = birdc("configure");
        if (run.exit() != 0 || !run.output().contains("Reconfigur")) {
            throw new IOException("BIRD has refused its configuration: " + run.brief());
        }
        if (!isInForce(announcement)) {
            throw new IOException("BIRD has not taken " + bird.include() + "; does bird.conf include it?");
        }
    }

    private boolean isInForce(Announcement announcement) throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        for (String constant : List.of(DaemonText.BIRD_ANNOUNCED, DaemonText.BIRD_INFERIOR)) {
            String output = birdc("eval", constant).output();
            said.add(output.substring(output.lastIndexOf('\n') + 1).strip());
        }
        return said.equals(DaemonText.birdConstants(announcement));
    }

    private ProgramRun birdc(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("birdc", "-s", bird.socket().toString()));
        all.addAll(List.of(words));
        ProgramRun run = ProgramRun.of(all);
        if (run.output().contains("control socket")) {
            throw new IOException("BIRD does not answer: " + run.brief());
        }
        return run;
    }
}
