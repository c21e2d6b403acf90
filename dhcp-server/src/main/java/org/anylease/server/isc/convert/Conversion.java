package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;

/**
 * A configuration of ISC DHCP as one of Anylease.
 *
 * @param system the system file; empty when the files declare no subnet, or are malformed
 * @param servers each server's own file, by server
 * @param keys files with the keys that updates of DNS are signed with, by name
 * @param findings what became of each statement, in the order of the files
 * @param decisions what only the operator can decide, each a sentence
 */
public record Conversion(
        String system,
        SortedMap<String, String> servers,
        SortedMap<String, KeyFile> keys,
        List<Finding> findings,
        List<String> decisions) {
    /** Where each server is to have the files with keys. */
    public static final String KEY_DIRECTORY = "/etc/anylease";

    /**
     * A file with a secret, which must not be printed.
     *
     * @param text what is to be in it
     */
    public record KeyFile(String text) {
        @Override
        public String toString() {
            return "a secret";
        }
    }

    /**
     * What the operator knows and the files do not say.
     *
     * @param cluster the cluster's name
     * @param serviceAddress the anycast address; unspecified for an example
     * @param sites servers' addresses by site; none to take failover peers, or examples
     * @param keyDirectory where each server has the files with keys
     */
    public record Wishes(
            String cluster, Ipv4 serviceAddress, SortedMap<String, List<Ipv4>> sites, String keyDirectory) {
        /** Copies the sites. */
        public Wishes {
            sites = Collections.unmodifiableSortedMap(new TreeMap<>(sites));
        }

        /** Nothing is known. */
        public static final Wishes NONE = new Wishes("imported", Ipv4.UNSPECIFIED, new TreeMap<>(), KEY_DIRECTORY);
    }

    /** Copies all. */
    public Conversion {
        servers = Collections.unmodifiableSortedMap(new TreeMap<>(servers));
        keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
        findings = List.copyOf(findings);
        decisions = List.copyOf(decisions);
    }

    /**
     * Converts statements.
     *
     * @param statements of dhcpd.conf, and declarations that a lease file adds
     * @param wishes what the operator knows
     * @return the configuration, and a finding for every statement
     */
    public static Conversion of(List<Statement> statements, Wishes wishes) {
        Ledger ledger = new Ledger();
        IscOptions options = new IscOptions();
        SitePlan sites = new SitePlan(wishes);
        Scope global = new Scope(Scope.Kind.GLOBAL, null, "", null);
        DnsPlan zones = new DnsPlan(wishes.keyDirectory());
        new ScopeReader(ledger, options, sites, zones).read(statements, global);
        KnownHosts hosts = KnownHosts.of(global);
        ExpressionText expressions = new ExpressionText(options, hosts.condition());
        ClassPlan classes = ClassPlan.of(global, expressions);
        List<Networks.Network> networks = Networks.of(global, new Permits.Reader(classes, hosts));
        sites.settle(givenOut(networks));
        DnsText dns = new DnsText(zones, global);
        SystemText text = new SystemText(
                options,
                sites,
                global,
                new ClassText.Source(classes, hosts, expressions, new Substitution(global)),
                dns);
        String system = text.write(networks, wishes.cluster(), List.of());
        dns.settle();
        Leftovers.settle(global);
        List<Finding> findings = ledger.findings();
        boolean whole = !networks.isEmpty() && count(findings, Verdict.MALFORMED) == 0;
        List<String> decisions = new ArrayList<>(whole ? sites.decisions() : List.of());
        if (networks.isEmpty()) {
            decisions.add("there is no subnet, so there is nothing to serve, and no configuration was made");
        } else if (whole && !dns.files().isEmpty()) {
            decisions.add("put " + String.join(", ", dns.files().keySet()) + " into " + wishes.keyDirectory()
                    + " of every server, readable by it alone");
        } else if (!whole) {
            decisions.add("mend what is malformed first: no configuration was made");
        }
        return new Conversion(
                whole ? head(findings, decisions) + system : "",
                whole ? servers(sites, text.commands()) : new TreeMap<>(),
                whole ? dns.files() : new TreeMap<>(),
                findings,
                decisions);
    }

    private static List<AddressRange> givenOut(List<Networks.Network> networks) {
        List<AddressRange> ranges = new ArrayList<>();
        networks.forEach(network ->
                network.subnets().forEach(subnet -> ranges.add(subnet.prefix().range())));
        return ranges;
    }

    private static String head(List<Finding> findings, List<String> decisions) {
        YamlText head = new YamlText();
        head.comment("Made by 'anylease import isc': " + counts(findings) + ".");
        head.comment("Its report says what became of each statement.");
        decisions.forEach(decision -> head.comment("TO DECIDE: " + decision + "."));
        return head.toString();
    }

    private static String counts(List<Finding> findings) {
        List<String> counts = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            counts.add(count(findings, verdict) + " " + verdict.shown());
        }
        return String.join(", ", counts);
    }

    private static long count(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    /**
     * How many statements came to a verdict.
     *
     * @param verdict which
     * @return the number
     */
    public long count(Verdict verdict) {
        return count(findings, verdict);
    }

    /**
     * The counts on one line.
     *
     * @return such as {@code 12 converted, 1 converted with a difference, 3 not supported, 0 malformed}
     */
    public String counts() {
        return counts(findings);
    }

    private static SortedMap<String, String> servers(SitePlan sites, SortedMap<String, String> commands) {
        SortedMap<String, String> files = new TreeMap<>();
        sites.sites().forEach((site, addresses) -> {
            for (int i = 0; i < addresses.size(); i++) {
                String id = SystemText.server(site, i);
                YamlText file = new YamlText();
                file.entry("id", id);
                file.entry("system-file", "anylease.yaml");
                if (!sites.interfaces().isEmpty()) {
                    String quoted = String.join(
                            ", ",
                            sites.interfaces().stream().map(OptionYaml::quoted).toList());
                    file.comment("Where clients are heard without a relay; name this server's own interfaces.");
                    file.comment("listen: { interfaces: [" + quoted + "] }");
                }
                if (!commands.isEmpty()) {
                    List<String> allowed = new ArrayList<>();
                    commands.forEach(
                            (name, path) -> allowed.add(OptionYaml.quoted(name) + ": " + OptionYaml.quoted(path)));
                    file.comment("What dhcpd executed; allow it, with whole paths, if this server may run it.");
                    file.comment("commands: { allow: { " + String.join(", ", allowed) + " } }");
                }
                files.put(id, file.toString());
            }
        });
        return files;
    }

    /**
     * The report, for people: what differs or is not supported, what is to be decided, and the counts.
     *
     * @param all whether what is simply converted is listed as well
     * @return lines
     */
    public List<String> report(boolean all) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            if (all || finding.verdict() != Verdict.CONVERTED) {
                lines.add(finding.toString());
            }
        }
        decisions.forEach(decision -> lines.add("to decide: " + decision));
        lines.add(findings.size() + " statements: " + counts());
        return lines;
    }
}
