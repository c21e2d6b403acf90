package org.anylease.tools.announcer;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.anylease.server.config.Announcement;
import org.anylease.server.config.AnycastConfig.RouteDaemon.Exabgp;
import org.anylease.store.address.Ipv4;
import org.anylease.tools.anycast.DaemonText;

/** ExaBGP, which has started this process and takes the lines that it prints as commands. */
final class ExabgpControl implements RouteControl {
    private final Exabgp exabgp;
    private final Ipv4 address;
    private final PrintStream out;
    private final InputStream answers;

    ExabgpControl(Exabgp exabgp, Ipv4 address, PrintStream out, InputStream answers) {
        this.exabgp = exabgp;
        this.address = address;
        this.out = out;
        this.answers = answers;
    }

    @Override
    public void apply(Announcement announcement) throws IOException {
        String heard = heard();
        out.println(DaemonText.exabgp(exabgp, address, announcement));
        if (out.checkError()) {
            throw new IOException("ExaBGP no longer reads the output of this process; has it ended?");
        }
        if (heard.contains("error")) {
            throw new IOException("ExaBGP has refused an earlier line, as its log says: " + heard);
        }
    }

    /** ExaBGP answers each line by {@code done} or {@code error}. Unread, they would fill the pipe, and block it. */
    private String heard() throws IOException {
        byte[] octets = answers.readNBytes(answers.available());
        return new String(octets, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    }
}
