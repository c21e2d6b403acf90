package org.anylease.tools.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.server.isc.convert.Conversion;
import org.anylease.store.address.Ipv4;
import picocli.CommandLine.Option;

/** What the operator knows of the new cluster, and no file of ISC DHCP says. */
final class ImportWishes {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "imported",
            description = "The new cluster's name (default: ${DEFAULT-VALUE}).")
    private String cluster = "imported";

    @Option(
            names = "--service-address",
            paramLabel = "ADDRESS",
            defaultValue = "",
            description = "The anycast address (default: an example, to be replaced).")
    private String serviceAddress = "";

    @Option(
            names = "--site",
            paramLabel = "NAME=ADDRESS[,ADDRESS]",
            description = "A site and its servers' own addresses; once for each site (default: from failover peers).")
    private Map<String, String> sites = new TreeMap<>();

    @Option(
            names = "--key-directory",
            paramLabel = "DIR",
            defaultValue = Conversion.KEY_DIRECTORY,
            description = "Where each server has the files with keys for DNS (default: ${DEFAULT-VALUE}).")
    private String keyDirectory = Conversion.KEY_DIRECTORY;

    Conversion.Wishes toWishes() {
        if (!keyDirectory.startsWith("/")) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "'" + keyDirectory + "' is not the same directory on every server",
                    "write one that begins with /");
        }
        TreeMap<String, List<Ipv4>> servers = new TreeMap<>();
        sites.forEach((name, addresses) -> {
            if (!name.matches("[a-z0-9][a-z0-9-]{0,60}")) {
                throw new CliFailure(
                        ExitCode.USAGE,
                        "'" + name + "' is no site's name",
                        "write lower-case letters, digits and dashes");
            }
            List<Ipv4> own = new ArrayList<>();
            for (String address : addresses.split(",", -1)) {
                own.add(address(address));
            }
            servers.put(name, own);
        });
        Ipv4 service = serviceAddress.isEmpty() ? Ipv4.UNSPECIFIED : address(serviceAddress);
        if (!cluster.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new CliFailure(
                    ExitCode.USAGE, "'" + cluster + "' is no cluster's name", "write letters, digits and dashes");
        }
        return new Conversion.Wishes(cluster, service, servers, keyDirectory);
    }

    private static Ipv4 address(String text) {
        try {
            return Ipv4.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCode.USAGE, "'" + text + "' is no IPv4 address", "write one like 10.1.0.2");
        }
    }
}
