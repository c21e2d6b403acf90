package org.anylease.server.isc.convert;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Parameters that need no code: what becomes of each, and what an operator is told. */
final class StatementRules {
    /** Shown where a parameter belongs to DHCPv6. */
    private static final String V6 = "it is of DHCPv6|only DHCPv4 is served: keep a DHCPv6 server for it";

    private static final String DDNS = "it steered updates of DNS|see 'dns' of the system file";

    /**
     * Name; values (a regular expression) with which dhcpd does what is done here anyway; D for different, U for not
     * supported; what it did; what to do instead.
     */
    private static final String TABLE = """
        always-reply-rfc1048; true; D; BOOTP clients that ask for no options are told them as well; nothing
        bind-local-address6; -; U; @V6
        check-secs-byte-order; false; D; only the balancing between failover peers went by it, and every site answers every client; nothing
        db-time-format; -; D; leases are kept in the cells, not in a text file; read them with 'anylease lease list'
        ddns-dual-stack-mixed-mode; false; U; @DDNS
        ddns-guard-id-must-match; -; U; @DDNS
        ddns-local-address4; -; U; @DDNS
        ddns-local-address6; -; U; @DDNS
        ddns-other-guard-is-dynamic; false; U; @DDNS
        delayed-ack; -; D; a reply waits until its promise is on the disks of a majority, never longer; nothing
        max-ack-delay; -; D; a reply waits until its promise is on the disks of a majority, never longer; nothing
        dhcp-cache-threshold; 0; D; every renewal is written, also soon after the last; nothing
        dhcpv6-lease-file-name; -; U; @V6
        dhcpv6-pid-file-name; -; U; @V6
        dhcpv6-set-tee-times; -; U; @V6
        dont-use-fsync; false; D; promises are always synced to disk before a reply; nothing
        dynamic-bootp-lease-cutoff; -; U; addresses of BOOTP clients became free at that date; set 'bootp-lease' to end before it
        echo-client-id; true; D; option 61 goes back to the client (RFC 6842); nothing
        fixed-address6; -; U; @V6
        fixed-prefix6; -; U; @V6
        fqdn-reply; -; U; @DDNS
        get-lease-hostnames; false; D; names are sent where the configuration has them, and none is looked up in DNS; write 'hostname' into the reservations that need one
        infinite-is-reserved; false; U; an infinite lease became a reservation; write reservations for clients that keep their address
        lease-file-name; -; D; leases are kept below 'data-directory' of server.yaml; nothing
        lease-id-format; -; D; leases are kept in the cells, not in a text file; nothing
        leasequery; false; D; anybody could ask about leases; set 'leasequery.from' of server.yaml to the addresses that may
        limit-addrs-per-ia; -; U; @V6
        limit-prefs-per-ia; -; U; @V6
        limited-broadcast-address; 255\\.255\\.255\\.255; U; broadcasts went to another address; nothing: they go to 255.255.255.255
        local-address; -; D; the address that dhcpd listened on; server.yaml says where a server listens, with 'listen'
        local-address6; -; U; @V6
        local-port; 67; D; the port that dhcpd listened on; set 'listen.port' of server.yaml
        log-facility; -; D; the server logs to standard output; let the journal take it
        log-threshold-high; -; D; a full pool is shown by the metrics and by 'anylease pool list'; set an alert on them
        log-threshold-low; -; D; a full pool is shown by the metrics and by 'anylease pool list'; set an alert on them
        omapi-key; -; D; the admin API takes the place of OMAPI; use the 'anylease' command
        omapi-port; -; D; the admin API takes the place of OMAPI; set 'admin' of server.yaml
        one-lease-per-client; -; D; a client has one lease in each network; nothing
        persist-eui-64; -; U; @V6
        pid-file-name; -; D; the server writes no process id; let systemd watch it
        ping-cltt-secs; -; D; a client that holds an address is offered it without a probe; nothing
        prefer-default-lease-time; -; U; a client got default-lease-time whatever it asked for; set 'min-lease' and 'max-lease' to 'lease'
        preferred-lifetime; -; U; @V6
        prefix-length-mode; -; U; @V6
        prefix6; -; U; @V6
        qualifying-suffix; -; U; @DDNS
        range6; -; U; @V6
        release-on-roam; false; U; a client's old lease was released when it came to another network; nothing: it runs out by itself
        remote-port; 68; U; replies went to another port; nothing: clients listen on 68
        server-duid; -; U; @V6
        server-id-check; -; D; requests that name another server are not answered; list servers that are replaced in 'aliases'
        stash-agent-options; true; D; option 82 of the last relayed packet is kept for renewals; nothing
        trace; -; U; packets were recorded; use tcpdump
        use-eui-64; false; U; @V6
        dynamic; -; D; a declaration made at run time stands in the file here; nothing
        static; -; D; a declaration made at run time stands in the file here; nothing
        auth-id; -; U; it named a key for lease queries and the like; nothing
        """;

    /**
     * A rule.
     *
     * @param alike values with which dhcpd does what is done here anyway
     * @param verdict what becomes of it with other values
     * @param what what it did, or how it differs
     * @param instead what to do instead
     */
    record Rule(Pattern alike, Verdict verdict, String what, String instead) {}

    private static final SortedMap<String, Rule> RULES = rules();

    private StatementRules() {}

    private static SortedMap<String, Rule> rules() {
        SortedMap<String, Rule> rules = new TreeMap<>();
        TABLE.lines().forEach(line -> {
            String[] parts = line.replace("@V6", V6.replace("|", "; "))
                    .replace("@DDNS", DDNS.replace("|", "; "))
                    .split("; ", 5);
            rules.put(
                    parts[0],
                    new Rule(
                            Pattern.compile(parts[1].equals("-") ? "(?!)" : parts[1]),
                            parts[2].equals("D") ? Verdict.DIFFERENT : Verdict.UNSUPPORTED,
                            parts[3],
                            parts[4].equals("nothing") ? "" : parts[4]));
        });
        return rules;
    }

    static SortedMap<String, Rule> all() {
        return java.util.Collections.unmodifiableSortedMap(RULES);
    }

    static Optional<Rule> of(String parameter) {
        if (parameter.startsWith("ldap-")) {
            return Optional.of(new Rule(
                    Pattern.compile("(?!)"),
                    Verdict.UNSUPPORTED,
                    "the configuration came from LDAP",
                    "write it out into a file, and import that"));
        }
        return Optional.ofNullable(RULES.get(parameter));
    }
}
