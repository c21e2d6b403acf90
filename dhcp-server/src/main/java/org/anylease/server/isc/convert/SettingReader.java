package org.anylease.server.isc.convert;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Statement.Setting;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;

/** Puts parameters into their scope, checked; or says why they have no effect. */
final class SettingReader {
    static final String INFINITE = "4294967295";
    private static final String LOOKUP = "names are not looked up: write its address";
    private static final long SECONDS_MAX = 0xffff_ffffL;

    private final SitePlan sites;

    SettingReader(SitePlan sites) {
        this.sites = sites;
    }

    void read(Setting setting, Scope scope, Ledger.Entry entry) {
        try {
            place(setting, scope, entry);
        } catch (MalformedData e) {
            e.settle(entry, LOOKUP);
        }
    }

    private void place(Setting setting, Scope scope, Ledger.Entry entry) throws MalformedData {
        String name = setting.name();
        switch (name) {
            case "default-lease-time", "max-lease-time", "min-lease-time" -> hold(scope, name, seconds(setting), entry);
            case "abandon-lease-time", "ping-timeout", "ping-timeout-ms" ->
                hold(scope, name, Long.toString(OptionData.number(one(setting), 0, SECONDS_MAX)), entry);
            case "ddns-updates",
                    "update-static-leases",
                    "update-conflict-detection",
                    "update-optimization",
                    "do-forward-updates",
                    "do-reverse-updates" -> hold(scope, name, Boolean.toString(flag(setting)), entry);
            case "ddns-update-style" -> style(setting, scope, entry);
            case "ddns-ttl" -> hold(scope, name, Long.toString(OptionData.number(one(setting), 0, SECONDS_MAX)), entry);
            case "ddns-domainname", "ddns-rev-domainname", "ddns-hostname" -> name(setting, scope, entry);
            case "always-broadcast", "use-lease-addr-for-default-route" -> {
                if (!isComputed(setting, entry)) {
                    hold(scope, name, Boolean.toString(flag(setting)), entry);
                }
            }
            case "min-secs" -> held(setting, scope, entry, 0, 255);
            case "adaptive-lease-time-threshold" -> held(setting, scope, entry, 1, 99);
            case "dynamic-bootp-lease-length" -> held(setting, scope, entry, 1, SECONDS_MAX);
            case "filename", "server-name" -> text(setting, scope, entry);
            case "next-server" -> {
                Expression value = setting.value() instanceof Value.Computed(var computed)
                        ? computed
                        : new Expression.Constant(entry.at(), Octets.of(OptionData.address(one(setting))));
                field(scope, name, value, entry);
            }
            case "authoritative", "ignore-client-uids", "ping-check", "use-host-decl-names", "boot-unknown-clients" ->
                hold(scope, name, Boolean.toString(flag(setting)), entry);
            case "vendor-option-space", "site-option-space" ->
                hold(scope, name, one(setting).text().toLowerCase(Locale.ROOT), entry);
            case "server-identifier" -> {
                if (!isComputed(setting, entry)) {
                    sites.alias(OptionData.ipv4(one(setting)), entry);
                }
            }
            case "interface" -> {
                sites.listenOn(one(setting).text());
                entry.differs(
                        "clients are heard on it when a server's own file says so", "see 'listen' of server.yaml");
            }
            case "failover peer" -> entry.converted("every pool is served by every site");
            case "fixed-address", "uid", "host-identifier" -> host(setting, scope, entry);
            case "lease limit" -> {
                if (scope.kind() == Scope.Kind.CLASS || scope.kind() == Scope.Kind.SUBCLASS) {
                    hold(scope, name, Long.toString(OptionData.number(one(setting), 1, 1_000_000)), entry);
                } else {
                    entry.malformed("'lease limit' must stand in a class");
                }
            }
            default -> byRule(setting, entry);
        }
    }

    private static void held(Setting setting, Scope scope, Ledger.Entry entry, long least, long most)
            throws MalformedData {
        if (!isComputed(setting, entry)) {
            hold(scope, setting.name(), Long.toString(OptionData.number(one(setting), least, most)), entry);
        }
    }

    private static void byRule(Setting setting, Ledger.Entry entry) {
        Optional<StatementRules.Rule> found = StatementRules.of(setting.name());
        if (found.isEmpty()) {
            entry.malformed("'" + setting.name() + "' has no meaning at this place");
            return;
        }
        StatementRules.Rule rule = found.get();
        String value = setting.value() instanceof Value.Data data
                ? String.join(" ", data.pieces().stream().map(Piece::text).toList())
                : "=";
        String plain = switch (value.toLowerCase(Locale.ROOT)) {
            case "on" -> "true";
            case "off" -> "false";
            default -> value.toLowerCase(Locale.ROOT);
        };
        if (rule.alike().matcher(plain).matches()) {
            entry.converted("that is how it is here");
        } else if (rule.verdict() == Verdict.DIFFERENT) {
            entry.differs(rule.what(), rule.instead());
        } else {
            entry.refuse(rule.what(), rule.instead());
        }
    }

    private static void hold(Scope scope, String name, String value, Ledger.Entry entry) {
        Held<String> before = scope.values.put(name, new Held<>(value, entry));
        if (before != null) {
            before.entry().converted("a later one in the same place counts");
        }
    }

    private static void field(Scope scope, String name, Expression value, Ledger.Entry entry) {
        Held<Expression> before = scope.fields.put(name, new Held<>(value, entry));
        if (before != null) {
            before.entry().converted("a later one in the same place counts");
        }
    }

    private static Piece one(Setting setting) throws MalformedData {
        return ScopeReader.single(setting.value())
                .orElseThrow(() -> new MalformedData(null, "'" + setting.name() + "' takes one value"));
    }

    private static boolean flag(Setting setting) throws MalformedData {
        boolean bare =
                setting.value() instanceof Value.Data data && data.items().isEmpty();
        return bare || OptionData.flag(one(setting));
    }

    /** Seconds of a lease; all ones, also written -1, are a lease without end. */
    private static String seconds(Setting setting) throws MalformedData {
        long seconds = OptionData.number(one(setting), -1, SECONDS_MAX);
        if (seconds == 0) {
            throw new MalformedData(one(setting), "a lease of no time is none");
        }
        return seconds < 0 ? INFINITE : Long.toString(seconds);
    }

    private static boolean isComputed(Setting setting, Ledger.Entry entry) {
        boolean computed = setting.value() instanceof Value.Computed;
        if (computed) {
            entry.refuse(
                    "it was computed for each client", "write a value that holds for all, or " + ScopeReader.CLASSES);
        }
        return computed;
    }

    private static void style(Setting setting, Scope scope, Ledger.Entry entry) throws MalformedData {
        String style = one(setting).text().toLowerCase(Locale.ROOT);
        switch (style) {
            case "none", "interim", "standard" -> hold(scope, setting.name(), style, entry);
            case "ad-hoc" -> entry.refuse("names were not guarded", "write 'dns' with 'conflicts: replace'");
            default -> throw new MalformedData(one(setting), "'" + style + "' is neither none, interim nor standard");
        }
    }

    private static void name(Setting setting, Scope scope, Ledger.Entry entry) throws MalformedData {
        Optional<String> name = setting.value() instanceof Value.Computed(var expression)
                ? setting.name().equals("ddns-hostname")
                        ? GeneratedName.of(expression)
                        : Constants.data(expression)
                                .map(octets -> new String(octets.toArray(), StandardCharsets.ISO_8859_1))
                : Optional.of(one(setting).text());
        boolean constant =
                setting.name().equals("ddns-hostname") && !name.orElse("").contains(GeneratedName.ADDRESS);
        if (name.isEmpty() || constant) {
            entry.refuse(
                    name.isEmpty() ? "it was computed for each client" : "it named clients by another word than theirs",
                    setting.name().equals("ddns-hostname")
                            ? "write 'generate' below 'dns', or 'hostname' into reservations"
                            : "write 'domain' below 'dns'");
        } else {
            hold(scope, setting.name(), name.get(), entry);
        }
    }

    private static void text(Setting setting, Scope scope, Ledger.Entry entry) throws MalformedData {
        byte[] octets;
        if (setting.value() instanceof Value.Computed(var expression)) {
            Optional<Octets> constant = Constants.data(expression);
            if (constant.isEmpty()) {
                field(scope, setting.name(), expression, entry);
                return;
            }
            octets = constant.get().toArray();
        } else {
            Piece piece = one(setting);
            if (!piece.quoted()) {
                throw new MalformedData(piece, "'" + piece.text() + "' must stand in quotes");
            }
            octets = OptionData.bytes(piece);
        }
        String text = new String(octets, StandardCharsets.UTF_8);
        int most = setting.name().equals("filename") ? 127 : 63;
        if (text.isEmpty() || octets.length > most || text.indexOf('\0') >= 0 || text.indexOf('\ufffd') >= 0) {
            entry.refuse(
                    text.isEmpty() ? "it is empty" : "the header's field takes " + most + " octets of text",
                    "leave it out, or write a shorter one");
            return;
        }
        field(scope, setting.name(), new Expression.Constant(entry.at(), Octets.of(octets)), entry);
    }

    private static void host(Setting setting, Scope scope, Ledger.Entry entry) throws MalformedData {
        if (scope.kind() != Scope.Kind.HOST) {
            entry.malformed("'" + setting.name() + "' must stand in a host declaration");
            return;
        }
        if (setting.name().equals("host-identifier")) {
            entry.refuse(
                    "the client was told by another option than its identifier", "name it by hardware or client-id");
        } else if (setting.name().equals("uid")) {
            Piece piece = one(setting);
            Octets octets = piece.quoted() ? Octets.of(OptionData.bytes(piece)) : OptionData.octets(piece);
            scope.identifiers.add(new Held<>(octets, entry));
        } else if (!isComputed(setting, entry) && setting.value() instanceof Value.Data(List<List<Piece>> items)) {
            if (items.isEmpty()) {
                throw new MalformedData(null, "no address is given");
            }
            for (List<Piece> item : items) {
                Ipv4 address = OptionData.ipv4(item.getFirst());
                scope.addresses.add(new Held<>(address, entry));
            }
        }
    }
}
