package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.server.config.KnownOptions;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.OptionName;
import org.anylease.server.isc.syntax.Statement.OptionDefinition;
import org.anylease.server.isc.syntax.Statement.OptionSetting;
import org.anylease.server.isc.syntax.Statement.OptionSpace;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.Octets;

/** Encodes options and puts them into their scope; learns definitions. */
final class OptionGathering {
    private static final int CLIENT_IDENTIFIER = 61;
    private static final int LENGTH_MAX = 1024;

    private final IscOptions options;

    OptionGathering(IscOptions options) {
        this.options = options;
    }

    void define(OptionDefinition definition, Ledger.Entry entry) {
        OptionName name = definition.option();
        if (isOfVersion6(name.space())) {
            entry.refuse("it is of DHCPv6", "only DHCPv4 is served: keep a DHCPv6 server for it");
        } else if (!name.isDhcp() && !options.isSpace(name.space())) {
            entry.malformed("there is no option space '" + name.space() + "'");
        } else if (name.isDhcp() && (definition.code() < 1 || definition.code() > 254)) {
            entry.malformed("option codes are 1 to 254");
        } else {
            options.define(name, definition.code(), definition.format());
            entry.converted("it says how values are encoded");
        }
    }

    void define(OptionSpace space, Ledger.Entry entry) {
        options.define(space.name(), new IscOptions.Space(space.codeWidth(), space.lengthWidth()));
        entry.converted("it says how values are encoded");
    }

    private static boolean isOfVersion6(String space) {
        return space.equals("dhcp6") || space.equals("vsio");
    }

    void read(OptionSetting setting, Scope scope, Ledger.Entry entry) {
        OptionName name = setting.option();
        Optional<IscOptions.Known> known = options.find(name);
        if (isOfVersion6(name.space())) {
            entry.refuse("it is of DHCPv6", "only DHCPv4 is served: keep a DHCPv6 server for it");
        } else if (name.space().equals(IscOptions.AGENT)) {
            entry.refuse("it is the relay's to set", "");
        } else if (name.space().equals("fqdn")) {
            entry.refuse("it told clients of DNS updates", "see 'client-updates' of 'dns'");
        } else if (known.isEmpty()) {
            entry.malformed(
                    options.isSpace(name.space()) || name.isDhcp()
                            ? "there is no option '" + name + "'"
                            : "there is no option space '" + name.space() + "'");
        } else {
            gather(setting, known.get(), scope, entry);
        }
    }

    private void gather(OptionSetting setting, IscOptions.Known known, Scope scope, Ledger.Entry entry) {
        boolean identifies = setting.option().isDhcp() && known.code() == CLIENT_IDENTIFIER;
        if (setting.option().isDhcp() && !(identifies && scope.kind() == Scope.Kind.HOST)) {
            Optional<String> owned = KnownOptions.ownedBecause((int) known.code());
            if (owned.isPresent()) {
                entry.refuse(owned.get(), "");
                return;
            }
        }
        boolean message = setting.option().isDhcp();
        Optional<Expression> given = value(setting, known, entry);
        if (given.isEmpty()) {
            return;
        }
        Optional<Octets> constant = Constants.data(given.get());
        if (constant.isEmpty() && identifies) {
            entry.refuse("it was computed for each client", "write a value that holds for all");
            return;
        }
        Scope.Use use = new Scope.Use(setting.how(), given.get());
        Octets value = constant.orElse(Octets.EMPTY);
        if (message && constant.isPresent() && (value.isEmpty() || value.length() > LENGTH_MAX)) {
            entry.refuse(
                    value.isEmpty()
                            ? "it sent an option without content"
                            : "it takes more than " + LENGTH_MAX + " octets",
                    "leave it out, or shorten it");
        } else if (identifies) {
            scope.identifiers.add(new Held<>(value, entry));
        } else if (message) {
            scope.options
                    .computeIfAbsent((int) known.code(), _ -> new ArrayList<>())
                    .add(new Held<>(use, entry));
        } else {
            scope.spaced
                    .computeIfAbsent(setting.option().space(), _ -> new TreeMap<>())
                    .computeIfAbsent(known.code(), _ -> new ArrayList<>())
                    .add(new Held<>(use, entry));
        }
    }

    private static Optional<Expression> value(OptionSetting setting, IscOptions.Known known, Ledger.Entry entry) {
        return switch (setting.value()) {
            case Value.Computed(var expression) -> Optional.of(expression);
            case Value.Data data -> {
                try {
                    Octets octets = OptionData.encode(known.format(), data);
                    yield Optional.of(new Expression.Constant(entry.at(), octets));
                } catch (MalformedData e) {
                    e.settle(entry, "names are not looked up: write its address");
                    yield Optional.empty();
                }
            }
        };
    }
}
