package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.config.KnownOptions;
import org.anylease.server.config.OptionDefinition;
import org.anylease.server.config.OptionType;
import org.anylease.store.address.Octets;

/** Writes what one level of our configuration says: options, boot fields, lease times. */
final class LevelText {
    private final IscOptions options;
    private final SortedMap<String, OptionDefinition> defined = new TreeMap<>();

    LevelText(IscOptions options) {
        this.options = options;
    }

    /** Definitions that what was written needs. */
    SortedMap<String, OptionDefinition> definitions() {
        return defined;
    }

    /** Writes the level that some scopes are, in order; others are around it. */
    void write(YamlText out, List<Scope> outer, List<Scope> own) {
        List<Scope> chain = new ArrayList<>(outer);
        chain.addAll(own);
        times(out, outer, chain);
        replies(out, outer, own);
    }

    /** The same for a pool, which clients that speak BOOTP may have addresses of. */
    void pool(YamlText out, List<Scope> outer, List<Scope> own, boolean bootp) {
        List<Scope> chain = new ArrayList<>(outer);
        chain.addAll(own);
        times(out, outer, chain);
        boot(out, own);
        ServingText.write(out, own, false, bootp);
        options(out, chain, own);
        ServingText.pooling(out, own);
    }

    /** The same without lease times, for a level that has none. */
    void replies(YamlText out, List<Scope> outer, List<Scope> own) {
        List<Scope> chain = new ArrayList<>(outer);
        chain.addAll(own);
        boot(out, own);
        ServingText.write(out, own, outer.isEmpty(), false);
        options(out, chain, own);
    }

    private static void times(YamlText out, List<Scope> outer, List<Scope> chain) {
        LeaseTriple here = LeaseTriple.of(chain);
        // The outermost level says all three, since our defaults are others than dhcpd's.
        LeaseTriple around = outer.isEmpty() ? new LeaseTriple(-1, -1, -1) : LeaseTriple.of(outer);
        time(out, "min-lease", here.shortest(), around.shortest());
        time(out, "lease", here.usual(), around.usual());
        time(out, "max-lease", here.longest(), around.longest());
        for (Scope scope : chain) {
            for (String parameter : List.of("min-lease-time", "default-lease-time", "max-lease-time")) {
                Held<String> held = scope.values.get(parameter);
                if (held != null) {
                    held.entry().converted();
                }
            }
        }
    }

    private static void time(YamlText out, String key, long here, long around) {
        if (here != around) {
            out.entry(key, LeaseTriple.duration(here));
        }
    }

    private static void boot(YamlText out, List<Scope> own) {
        List<String> fields = new ArrayList<>();
        Scope.value(own, "next-server").ifPresent(held -> fields.add("next-server: " + held.value()));
        Scope.value(own, "server-name")
                .ifPresent(held -> fields.add("server-name: " + OptionYaml.quoted(held.value())));
        Scope.value(own, "filename").ifPresent(held -> fields.add("file: " + OptionYaml.quoted(held.value())));
        if (!fields.isEmpty()) {
            out.entry("boot", "{ " + String.join(", ", fields) + " }");
        }
        for (Scope scope : own) {
            for (String parameter : List.of("next-server", "server-name", "filename")) {
                Held<String> held = scope.values.get(parameter);
                if (held != null) {
                    held.entry().converted();
                }
            }
        }
    }

    private void options(YamlText out, List<Scope> chain, List<Scope> own) {
        SortedMap<Integer, Octets> values = new TreeMap<>();
        for (Scope scope : own) {
            scope.options.forEach((code, uses) -> {
                Scope.option(chain, code).ifPresent(value -> values.put(code, value));
                uses.forEach(use -> use.entry().converted());
            });
        }
        if (Encapsulation.concerns(own)) {
            Encapsulation packed = new Encapsulation(options, chain);
            SortedMap<Integer, Octets> carriers = packed.carriers();
            carriers.values().removeIf(value -> value.length() > 1024);
            values.putAll(carriers);
            packed.sent().forEach(Ledger.Entry::converted);
        }
        if (values.isEmpty()) {
            return;
        }
        out.open("options");
        values.forEach((code, value) -> option(out, code, value));
        out.close();
    }

    private void option(YamlText out, int code, Octets value) {
        Optional<OptionDefinition> known = KnownOptions.byCode(code).or(() -> definition(code));
        if (known.isEmpty()) {
            out.entry(Integer.toString(code), OptionYaml.hex(value));
            return;
        }
        OptionType type = known.get().type();
        String written =
                OptionYaml.of(type, value).orElseGet(() -> "{ type: hex, value: " + OptionYaml.hex(value) + " }");
        out.entry(known.get().name(), written);
    }

    private Optional<OptionDefinition> definition(int code) {
        String name = options.definedName(code).orElse("");
        boolean usable = name.matches("[a-z0-9][a-z0-9._-]{0,62}")
                && name.matches(".*[a-z].*")
                && KnownOptions.byName(name).isEmpty()
                && !KnownOptions.isOwned(name);
        if (!usable) {
            return Optional.empty();
        }
        OptionDefinition definition = new OptionDefinition(
                code, name, OptionYaml.typeOf(options.definedFormat(code).orElseThrow()));
        defined.put(name, definition);
        return Optional.of(definition);
    }
}
