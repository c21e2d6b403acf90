package org.anylease.server.isc.syntax;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** The parameters that files may set, by name; what follows the name is kept as it stands. */
public final class Settings {
    /** dhcpd.conf(5), <i>reference: parameters</i>, and what stands in declarations. */
    private static final String IN_CONFIGURATIONS = """
        abandon-lease-time adaptive-lease-time-threshold always-broadcast always-reply-rfc1048 authoritative
        bind-local-address6 boot-unknown-clients check-secs-byte-order db-time-format ddns-domainname
        ddns-dual-stack-mixed-mode ddns-guard-id-must-match ddns-hostname ddns-local-address4 ddns-local-address6
        ddns-other-guard-is-dynamic ddns-rev-domainname ddns-ttl ddns-update-style ddns-updates default-lease-time
        delayed-ack dhcp-cache-threshold dhcpv6-lease-file-name dhcpv6-pid-file-name dhcpv6-set-tee-times
        do-forward-updates do-reverse-updates dont-use-fsync dynamic-bootp-lease-cutoff dynamic-bootp-lease-length
        echo-client-id filename fixed-address fixed-address6 fixed-prefix6 fqdn-reply get-lease-hostnames
        host-identifier ignore-client-uids infinite-is-reserved interface lease-file-name lease-id-format leasequery
        limit-addrs-per-ia limit-prefs-per-ia limited-broadcast-address local-address local-address6 local-port
        log-facility log-threshold-high log-threshold-low max-ack-delay max-lease-time min-lease-time min-secs
        next-server omapi-key omapi-port one-lease-per-client persist-eui-64 pid-file-name ping-check ping-cltt-secs
        ping-timeout ping-timeout-ms prefer-default-lease-time preferred-lifetime prefix-length-mode prefix6
        qualifying-suffix range6 release-on-roam remote-port server-duid server-id-check server-identifier server-name
        site-option-space stash-agent-options trace update-conflict-detection update-optimization update-static-leases
        use-eui-64 use-host-decl-names use-lease-addr-for-default-route vendor-option-space
        """;

    /** Of failover peers, zones, keys and hosts made at run time. */
    private static final String IN_DECLARATIONS = """
        address port peer max-response-delay max-unacked-updates mclt hba split load auto-partner-down
        max-transmit-idle primary secondary primary6 secondary6 key algorithm secret dynamic deleted static
        auth-id failover
        """;

    /** dhcpd.leases(5). */
    private static final String IN_LEASES = """
        authoring-byte-order starts ends tstp tsfp atsfp cltt binding next rewind uid client-hostname hostname
        bootp dynamic-bootp reserved abandoned released billing my partner preferred-life max-life
        """;

    private static final SortedSet<String> ALL = all();

    private Settings() {}

    private static SortedSet<String> all() {
        SortedSet<String> all = new TreeSet<>();
        for (String names : new String[] {IN_CONFIGURATIONS, IN_DECLARATIONS, IN_LEASES}) {
            all.addAll(Arrays.asList(names.strip().split("\\s+")));
        }
        return Collections.unmodifiableSortedSet(all);
    }

    /**
     * Parameters that dhcpd.conf can set outside of failover peers, zones and keys.
     *
     * @return their names in order
     */
    public static SortedSet<String> inConfigurations() {
        return new TreeSet<>(Arrays.asList(IN_CONFIGURATIONS.strip().split("\\s+")));
    }

    static boolean isKnown(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return ALL.contains(lower) || lower.startsWith("ldap-");
    }
}
