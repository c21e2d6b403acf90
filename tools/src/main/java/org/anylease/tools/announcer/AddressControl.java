package org.anylease.tools.announcer;

import java.io.IOException;
import java.util.List;
import org.anylease.server.config.Announcement;
import org.anylease.store.address.Ipv4;

/** The service address on an interface, by iproute2. There is no inferior address: it is there, or it is not. */
final class AddressControl implements RouteControl {
    private final Ipv4 address;
    private final String interfaceName;

    AddressControl(Ipv4 address, String interfaceName) {
        this.address = address;
        this.interfaceName = interfaceName;
    }

    @Override
    public void apply(Announcement announcement) throws IOException, InterruptedException {
        String prefix = address + "/32";
        boolean there = ProgramRun.of(List.of("ip", "-o", "addr", "show", "dev", interfaceName, "to", prefix))
                .orThrow("'ip addr show'")
                .contains(prefix);
        boolean wanted = announcement != Announcement.WITHDRAWN;
        if (there != wanted) {
            String verb = wanted ? "add" : "del";
            ProgramRun.of(List.of("ip", "addr", verb, prefix, "dev", interfaceName))
                    .orThrow("'ip addr " + verb + " " + prefix + " dev " + interfaceName + "'");
        }
    }
}
