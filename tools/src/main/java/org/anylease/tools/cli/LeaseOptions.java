package org.anylease.tools.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Which leases are asked for. */
final class LeaseOptions {
    @Option(
            names = "--address",
            split = ",",
            paramLabel = "A",
            description = "Address, part of one, range A-B or prefix.")
    private List<String> addresses = List.of();

    @Option(names = "--mac", split = ",", paramLabel = "MAC", description = "Hardware address, or part of one.")
    private List<String> macs = List.of();

    @Option(
            names = "--client",
            split = ",",
            paramLabel = "ID",
            description = "Client id (hex or text), or part of one.")
    private List<String> clients = List.of();

    @Option(names = "--hostname", split = ",", paramLabel = "NAME", description = "Host name, or part of one.")
    private List<String> hostnames = List.of();

    @Option(
            names = "--state",
            split = ",",
            paramLabel = "S",
            description = "free, active, expired, released, abandoned, escrowed, reserved, offered or all"
                    + " (default: all but free and escrowed).")
    private List<String> states = List.of();

    @Option(names = "--subnet", split = ",", paramLabel = "PREFIX", description = "Subnet, such as 10.0.0.0/24.")
    private List<String> subnets = List.of();

    @Option(names = "--cell", split = ",", paramLabel = "CELL", description = "Cell.")
    private List<String> cells = List.of();

    @Option(names = "--site", split = ",", paramLabel = "SITE", description = "Site through which it was last served.")
    private List<String> sites = List.of();

    @Option(names = "--relay", split = ",", paramLabel = "A", description = "The relay's address, or part of it.")
    private List<String> relays = List.of();

    @Option(
            names = "--expiring",
            paramLabel = "WITHIN",
            defaultValue = "",
            description = "Active leases that end within a time, such as 90s, 15m, 2h or 1d.")
    private String expiring = "";

    Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new TreeMap<>();
        parameters.put("address", addresses);
        parameters.put("mac", macs);
        parameters.put("client", clients);
        parameters.put("hostname", hostnames);
        parameters.put("state", states);
        parameters.put("subnet", subnets);
        parameters.put("cell", cells);
        parameters.put("site", sites);
        parameters.put("relay", relays);
        parameters.put("expiring", List.of(expiring));
        return parameters;
    }
}
