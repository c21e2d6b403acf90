package org.anylease.server.isc.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes how clients are named in DNS: for all, and for networks and subnets that name them otherwise. */
final class DnsText {
    /** Parameters of updates, in the order in which a level has them. */
    static final List<String> PARAMETERS = List.of(
            "ddns-update-style",
            "ddns-updates",
            "ddns-domainname",
            "ddns-rev-domainname",
            "ddns-hostname",
            "ddns-ttl",
            "update-static-leases",
            "update-conflict-detection",
            "update-optimization",
            "do-forward-updates",
            "do-reverse-updates",
            "client-updates");

    /** These hold for all, as they say how DNS is written. */
    private static final List<String> OF_ALL =
            List.of("ddns-update-style", "update-conflict-detection", "client-updates", "ddns-rev-domainname");

    /** What need not be said. */
    private static final List<String> DEFAULTS = List.of("updates: both", "reserved: update");

    private static final String NONE = "none";
    private static final int DOMAIN_NAME = 15;

    private final DnsPlan plan;
    private final Scope global;
    private final boolean sends;
    private final SortedMap<String, Conversion.KeyFile> files = new TreeMap<>();

    DnsText(DnsPlan plan, Scope global) {
        this.plan = plan;
        this.global = global;
        String style = said(List.of(global), "ddns-update-style", NONE);
        sends = (style.equals("interim") || style.equals("standard"))
                && plan.firstForward().isPresent();
    }

    /** Files with keys, by name. */
    SortedMap<String, Conversion.KeyFile> files() {
        return files;
    }

    private static String said(List<Scope> chain, String parameter, String otherwise) {
        return Scope.value(chain, parameter).map(Held::value).orElse(otherwise);
    }

    private static boolean flag(List<Scope> chain, String parameter, boolean otherwise) {
        return said(chain, parameter, Boolean.toString(otherwise)).equals("true");
    }

    /** Writes what holds for all, where updates are sent. */
    void write(YamlText out) {
        if (!sends) {
            return;
        }
        List<Scope> chain = List.of(global);
        out.open("dns");
        if (said(chain, "ddns-update-style", NONE).equals("interim")) {
            out.entry("style", "interim");
        }
        fields(new TreeMap<>(), settings(chain)).forEach(out::line);
        if (flag(chain, "client-updates", true)) {
            out.entry("client-updates", "allow");
        }
        if (!flag(chain, "update-conflict-detection", true)) {
            out.entry("conflicts", "replace");
        }
        plan.write(out, files);
        out.close();
    }

    /** Writes what a level within says otherwise. */
    void write(YamlText out, List<Scope> outer, List<Scope> chain) {
        List<String> fields = sends ? fields(settings(outer), settings(chain)) : List.of();
        if (!fields.isEmpty()) {
            out.entry("dns", "{ " + String.join(", ", fields) + " }");
        }
        if (sends) {
            chain.forEach(this::settle);
            tellWhereNoneAreSent(chain);
        }
    }

    /** Says of the domain that a subnet's clients are told when no names are sent because of it. */
    private void tellWhereNoneAreSent(List<Scope> chain) {
        boolean wished = flag(chain, "ddns-updates", true)
                && (flag(chain, "do-forward-updates", true) || flag(chain, "do-reverse-updates", true));
        boolean isTold = Scope.value(chain, "ddns-domainname").isEmpty();
        String domain = domain(chain);
        if (chain.getLast().kind() != Scope.Kind.SUBNET || !wished || !isTold || plan.holds(domain)) {
            return;
        }
        String how = domain.isEmpty()
                ? "it is not the same for all clients: no names are sent"
                : "no zone statement has names below '" + domain.replaceAll("[^ -~]", "?") + "': none are sent";
        String todo = domain.isEmpty() ? "write 'domain' below 'dns'" : "write the zone into 'dns.zones'";
        chain.reversed().stream()
                .map(scope -> scope.options.getOrDefault(DOMAIN_NAME, List.of()))
                .filter(uses -> !uses.isEmpty())
                .findFirst()
                .ifPresent(uses -> uses.forEach(use -> use.entry().differs(how, todo)));
    }

    private static List<String> fields(SortedMap<String, String> outer, SortedMap<String, String> here) {
        List<String> fields = new ArrayList<>();
        here.forEach((key, value) -> {
            boolean isDefault = outer.isEmpty() && DEFAULTS.contains(key + ": " + value);
            if (!isDefault && !value.equals(outer.get(key)) && !value.isEmpty()) {
                fields.add(key + ": " + value);
            }
        });
        return fields;
    }

    private SortedMap<String, String> settings(List<Scope> chain) {
        SortedMap<String, String> settings = new TreeMap<>();
        boolean forward = flag(chain, "do-forward-updates", true);
        boolean reverse = flag(chain, "do-reverse-updates", true);
        boolean on = flag(chain, "ddns-updates", true);
        String domain = domain(chain);
        boolean held = plan.holds(domain);
        boolean everywhere = chain.size() == 1;
        settings.put(
                "domain",
                held
                        ? domain
                        : everywhere
                                ? plan.firstForward().orElseThrow()
                                : settings(List.of(global)).get("domain"));
        // Without a zone that is known here nothing can be sent.
        boolean sent = on && (held || (everywhere && domain.isEmpty()));
        settings.put(
                "updates",
                !sent ? NONE : forward && reverse ? "both" : forward ? "forward" : reverse ? "reverse" : NONE);
        settings.put("reserved", flag(chain, "update-static-leases", false) ? "update" : "leave");
        String ttl = said(chain, "ddns-ttl", "");
        settings.put("ttl", ttl.isEmpty() ? "" : LeaseTriple.duration(ttl(ttl)));
        String generated = said(chain, "ddns-hostname", "");
        settings.put("generate", generated.isEmpty() ? "" : OptionYaml.quoted(generated));
        return settings;
    }

    private static long ttl(String seconds) {
        return Math.clamp(Long.parseLong(seconds), 1L, 86_400L);
    }

    /** What names are completed with: what the file says, or the domain that clients are told. */
    private static String domain(List<Scope> chain) {
        Optional<String> told = Scope.option(chain, DOMAIN_NAME)
                .flatMap(Constants::data)
                .map(octets -> new String(octets.toArray(), StandardCharsets.ISO_8859_1));
        return said(chain, "ddns-domainname", told.orElse(""))
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\.$", "");
    }

    private void settle(Scope scope) {
        for (String parameter : PARAMETERS) {
            Held<String> held = scope.values.get(parameter);
            if (held != null) {
                settle(scope, parameter, held);
            }
        }
    }

    private void settle(Scope scope, String parameter, Held<String> held) {
        Ledger.Entry entry = held.entry();
        boolean everywhere = scope.kind() == Scope.Kind.GLOBAL;
        if (OF_ALL.contains(parameter) && !everywhere) {
            entry.refuse("it is said for all names here", "say it outside of all networks");
            return;
        }
        switch (parameter) {
            case "ddns-domainname" -> {
                String domain = held.value().toLowerCase(Locale.ROOT).replaceAll("\\.$", "");
                if (plan.holds(domain)) {
                    entry.converted();
                } else {
                    entry.differs(
                            "no zone statement has names below it, so that none are sent here",
                            "write the zone into 'dns.zones'");
                }
            }
            case "do-forward-updates" -> {
                if (held.value().equals("true") || !flag(scope.chain(), "do-reverse-updates", true)) {
                    entry.converted();
                } else {
                    entry.differs(
                            "PTR records are kept for all names; dhcpd kept them only for clients that send option 81",
                            "write 'updates: none' for none");
                }
            }
            case "ddns-ttl" -> {
                long ttl = ttl(held.value());
                if (held.value().equals(Long.toString(ttl))) {
                    entry.converted();
                } else {
                    entry.differs("it is " + LeaseTriple.duration(ttl) + ": between 1s and 1d is possible", "");
                }
            }
            case "ddns-hostname" -> entry.differs("the name is for clients that say none", "");
            case "ddns-rev-domainname" -> {
                if (held.value().replaceAll("\\.$", "").equalsIgnoreCase("in-addr.arpa")) {
                    entry.converted("that is how it is here");
                } else {
                    entry.refuse("addresses' names stood below another domain", "");
                }
            }
            case "update-optimization" -> {
                if (held.value().equals("true")) {
                    entry.converted("that is how it is here");
                } else {
                    entry.differs("a name is sent when it changes, not at every renewal", "");
                }
            }
            default -> entry.converted();
        }
    }

    /** Settles what no network took. */
    void settle() {
        String style = said(List.of(global), "ddns-update-style", NONE);
        String because = style.equals(NONE)
                ? "ddns-update-style is none, so that nothing was sent"
                : "no zone statement names a name server by its address";
        if (sends) {
            settle(global);
        } else {
            plan.settleUnused(because, !style.equals(NONE));
        }
        for (Scope scope : global.all()) {
            for (String parameter : PARAMETERS) {
                Held<String> held = scope.values.get(parameter);
                if (held == null || held.entry().isSettled()) {
                    continue;
                }
                boolean off =
                        parameter.equals("ddns-update-style") && held.value().equals(NONE);
                if (off || (!sends && style.equals(NONE))) {
                    held.entry().converted(because);
                } else if (sends) {
                    held.entry().refuse("it held for some clients of a network", "say it for the network or subnet");
                } else {
                    held.entry().refuse("it steered updates of DNS: " + because, "write 'dns' into the system file");
                }
            }
        }
    }
}
