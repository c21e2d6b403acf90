package org.anylease.tools.announcer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.anylease.server.config.Announcement;
import org.anylease.server.config.AnycastConfig.RouteDaemon.Frr;
import org.anylease.tools.anycast.DaemonText;

/** FRR, by configuration lines through vtysh. They are not saved: FRR that was started anew is told again. */
final class FrrControl implements RouteControl {
    private final Frr frr;

    FrrControl(Frr frr) {
        this.frr = frr;
    }

    @Override
    public void apply(Announcement announcement) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("vtysh"));
        words.addAll(DaemonText.vtysh(frr, announcement));
        ProgramRun run = ProgramRun.of(words);
        // vtysh marks what it does not understand by a percent sign, and succeeds all the same.
        if (run.exit() != 0
                || run.output().lines().anyMatch(line -> line.strip().startsWith("%"))) {
            throw new IOException("FRR has refused its configuration: " + run.brief());
        }
    }
}
