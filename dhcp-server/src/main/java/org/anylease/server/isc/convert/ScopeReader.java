package org.anylease.server.isc.convert;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Declaration;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Prefix;

/** Gathers what files say into scopes, and opens an entry for every statement. */
final class ScopeReader {
    static final String CLASSES = "a class for each value";
    private static final String NO_V6 = "it is of DHCPv6";
    private static final String KEEP_V6 = "only DHCPv4 is served: keep a DHCPv6 server for it";

    private final Ledger ledger;
    private final SitePlan sites;
    private final DnsPlan dns;
    private final SettingReader settings;
    private final OptionGathering options;
    private final PermissionReader permissions;

    ScopeReader(Ledger ledger, IscOptions options, SitePlan sites, DnsPlan dns) {
        this.ledger = ledger;
        this.sites = sites;
        this.dns = dns;
        this.settings = new SettingReader(sites);
        this.options = new OptionGathering(options);
        this.permissions = new PermissionReader();
    }

    void read(List<Statement> statements, Scope scope) {
        ConditionReader conditions = new ConditionReader(ledger, this::read, scope);
        for (Statement statement : statements) {
            if (!conditions.read(statement)) {
                read(statement, scope);
            }
        }
    }

    private void read(Statement statement, Scope scope) {
        switch (statement) {
            case Statement.Broken broken ->
                ledger.open(broken)
                        .malformed(broken.problem().what(), broken.problem().at());
            case Statement.Include include -> {
                ledger.open(include).converted("its statements are converted where it stands");
                read(include.body(), scope);
            }
            case Declaration declaration -> declaration(declaration, scope);
            case Statement.Subnet subnet -> subnet(subnet, scope);
            case Statement.Setting setting -> settings.read(setting, scope, ledger.open(setting));
            case Statement.Permission permission -> permissions.read(permission, scope, ledger.open(permission));
            case Statement.Range range -> range(range, scope);
            case Statement.Hardware hardware -> hardware(hardware, scope);
            case Statement.OptionSetting option -> options.read(option, scope, ledger.open(option));
            case Statement.OptionDefinition definition -> options.define(definition, ledger.open(definition));
            case Statement.OptionSpace space -> options.define(space, ledger.open(space));
            case Statement.Subclass subclass -> {
                Scope child = new Scope(Scope.Kind.SUBCLASS, scope, subclass.ofClass(), ledger.open(subclass));
                child.when = subclass.data();
                read(subclass.body(), child);
            }
            case Statement.Matching matching -> matching(matching, scope);
            case Statement.Conditional _, Statement.Switch _, Statement.Case _ ->
                throw new IllegalStateException("conditions are read elsewhere");
            case Statement.OnEvent event -> event(event, scope);
            case Statement.Action action -> action(action, scope);
            case Statement.Define define ->
                ledger.refuse(
                        define,
                        "it was evaluated for each packet",
                        "write the expression out where the function is called");
        }
    }

    private void event(Statement.OnEvent event, Scope scope) {
        TreeSet<String> known = new TreeSet<>(List.of("commit", "expiry", "release"));
        if (!known.containsAll(event.events()) || scope.around(Scope.Kind.EVENT).isPresent()) {
            ledger.refuse(event, "it acted on something else than the end or the begin of a lease", "");
            return;
        }
        String at = event.events().size() == 1
                ? event.events().getFirst()
                : event.events().toString();
        Scope child = new Scope(Scope.Kind.EVENT, scope, at, ledger.open(event));
        read(event.body(), child);
    }

    private void action(Statement.Action action, Scope scope) {
        switch (action.word()) {
            case "set", "unset" -> scope.sets.add(new Held<>(action, ledger.open(action)));
            case "log", "execute" -> {
                Ledger.Entry entry = ledger.open(action);
                if (action.arguments().isEmpty()) {
                    entry.refuse("it has nothing to " + action.word(), "");
                } else {
                    scope.doings.add(new Held<>(action, entry));
                }
            }
            default ->
                ledger.refuse(action, "it was evaluated for each packet", "let a script follow 'anylease lease watch'");
        }
    }

    private void declaration(Declaration declaration, Scope scope) {
        if (scope.around(Scope.Kind.CONDITION).isPresent()) {
            ledger.malformed(declaration, "a declaration cannot stand in a condition");
            return;
        }
        switch (declaration.kind()) {
            case SHARED_NETWORK -> {
                if (scope.kind() == Scope.Kind.GLOBAL || (scope.kind() == Scope.Kind.GROUP && !isInNetwork(scope))) {
                    child(declaration, scope, Scope.Kind.SHARED);
                } else {
                    ledger.malformed(declaration, "a shared network cannot stand here");
                }
            }
            case GROUP -> {
                child(declaration, scope, Scope.Kind.GROUP)
                        .entry()
                        .converted("its statements are put on what stands in it");
            }
            case POOL -> {
                if (isInNetwork(scope)) {
                    child(declaration, scope, Scope.Kind.POOL).entry().converted();
                } else {
                    ledger.malformed(declaration, "a pool must stand in a subnet or shared network");
                }
            }
            case HOST -> {
                if (declaration.body().stream().anyMatch(inner -> isSetting(inner, "deleted"))) {
                    ledger.converted(declaration, "it says that the host was deleted");
                } else {
                    child(declaration, scope, Scope.Kind.HOST);
                }
            }
            case CLASS -> child(declaration, scope, Scope.Kind.CLASS);
            case SUBNET6, POOL6, LEASE6 -> ledger.refuse(declaration, NO_V6, KEEP_V6);
            case ZONE -> dns.zone(declaration, ledger);
            case KEY -> dns.key(declaration, ledger);
            case FAILOVER_PEER -> sites.peer(declaration, ledger);
            case FAILOVER_STATE, LEASE ->
                ledger.refuse(declaration, "it belongs into a lease file", "name the lease file behind dhcpd.conf");
        }
    }

    private void matching(Statement.Matching matching, Scope scope) {
        Ledger.Entry entry = ledger.open(matching);
        if (scope.kind() == Scope.Kind.CLASS) {
            scope.matchings.add(new Held<>(matching, entry));
        } else {
            entry.malformed("it must stand in a class");
        }
    }

    private static boolean isSetting(Statement statement, String name) {
        return statement instanceof Statement.Setting setting && setting.name().equals(name);
    }

    private static boolean isInNetwork(Scope scope) {
        return scope.kind() != Scope.Kind.HOST
                && scope.around(Scope.Kind.POOL).isEmpty()
                && (scope.around(Scope.Kind.SUBNET).isPresent()
                        || scope.around(Scope.Kind.SHARED).isPresent());
    }

    private Scope child(Declaration declaration, Scope scope, Scope.Kind kind) {
        Scope child = new Scope(kind, scope, declaration.name(), ledger.open(declaration));
        read(declaration.body(), child);
        return child;
    }

    private void subnet(Statement.Subnet subnet, Scope scope) {
        boolean fits = scope.kind() != Scope.Kind.HOST
                && scope.kind() != Scope.Kind.CONDITION
                && scope.around(Scope.Kind.SUBNET).isEmpty()
                && scope.around(Scope.Kind.POOL).isEmpty();
        if (!fits) {
            ledger.malformed(subnet, "a subnet cannot stand here");
            return;
        }
        Scope child = new Scope(Scope.Kind.SUBNET, scope, "", ledger.open(subnet));
        child.prefix = new Prefix(subnet.network(), subnet.length());
        read(subnet.body(), child);
    }

    private void range(Statement.Range range, Scope scope) {
        Ledger.Entry entry = ledger.open(range);
        boolean fits = scope.kind() != Scope.Kind.HOST
                && scope.kind() != Scope.Kind.CONDITION
                && (scope.around(Scope.Kind.SUBNET).isPresent()
                        || scope.around(Scope.Kind.SHARED).isPresent());
        if (!fits) {
            entry.malformed("a range must stand in a subnet, shared network or pool");
            return;
        }
        Held<AddressRange> held = new Held<>(new AddressRange(range.first(), range.last()), entry);
        scope.ranges.add(held);
        if (range.bootp()) {
            scope.bootpRanges.add(held);
        }
    }

    private void hardware(Statement.Hardware hardware, Scope scope) {
        Ledger.Entry entry = ledger.open(hardware);
        if (scope.kind() == Scope.Kind.HOST) {
            scope.hardware.add(new Held<>(hardware, entry));
        } else {
            entry.malformed("a hardware address must stand in a host declaration");
        }
    }

    /** One word or text; nothing when there is none, or several. */
    static Optional<Piece> single(Value value) {
        if (value instanceof Value.Data data && data.pieces().size() == 1) {
            return Optional.of(data.pieces().getFirst());
        }
        return Optional.empty();
    }
}
