package org.anylease.server.isc.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.config.KnownOptions;
import org.anylease.server.config.OptionDefinition;
import org.anylease.server.config.OptionType;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.store.address.Octets;

/** Writes what one level of our configuration says: options, boot fields, lease times. */
final class LevelText {
    private final IscOptions options;
    private final ExpressionText expressions;
    private final Substitution substitution;
    private final SortedMap<String, OptionDefinition> defined = new TreeMap<>();

    LevelText(IscOptions options, ClassText.Source source) {
        this.options = options;
        this.expressions = source.expressions().ofReply();
        this.substitution = source.substitution();
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
        boot(out, chain, own);
        ServingText.write(out, own, false, bootp);
        options(out, chain, own);
        ServingText.pooling(out, own);
    }

    /** The same without lease times, for a level that has none. */
    void replies(YamlText out, List<Scope> outer, List<Scope> own) {
        List<Scope> chain = new ArrayList<>(outer);
        chain.addAll(own);
        boot(out, chain, own);
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

    private void boot(YamlText out, List<Scope> chain, List<Scope> own) {
        List<String> fields = new ArrayList<>();
        field(chain, own, "next-server").ifPresent(value -> fields.add("next-server: " + value));
        field(chain, own, "server-name").ifPresent(value -> fields.add("server-name: " + value));
        field(chain, own, "filename").ifPresent(value -> fields.add("file: " + value));
        if (!fields.isEmpty()) {
            out.entry("boot", "{ " + String.join(", ", fields) + " }");
        }
    }

    private Optional<String> field(List<Scope> chain, List<Scope> own, String parameter) {
        Held<Expression> innermost = null;
        for (Scope scope : own) {
            Held<Expression> held = scope.fields.get(parameter);
            if (held != null) {
                held.entry().converted();
                innermost = held;
            }
        }
        if (innermost == null) {
            return Optional.empty();
        }
        try {
            Expression whole = substitution.atTheEnd(innermost.value(), chain);
            Optional<Octets> constant = Constants.data(whole);
            if (constant.isEmpty()) {
                return Optional.of(computed(whole));
            }
            return parameter.equals("next-server")
                    ? OptionYaml.of(OptionType.IPV4, constant.get())
                    : Optional.of(OptionYaml.quoted(new String(constant.get().toArray(), StandardCharsets.UTF_8)));
        } catch (Unmappable e) {
            innermost.entry().refuse(e.what(), e.instead());
            return Optional.empty();
        }
    }

    private void options(YamlText out, List<Scope> chain, List<Scope> own) {
        SortedMap<Integer, String> values = new TreeMap<>();
        for (Scope scope : own) {
            scope.options.forEach((code, uses) -> {
                List<Ledger.Entry> entries = uses.stream().map(Held::entry).toList();
                entries.forEach(Ledger.Entry::converted);
                Scope.option(chain, code)
                        .flatMap(value -> option(code, value, chain, entries))
                        .ifPresent(value -> values.put(code, value));
            });
        }
        if (Encapsulation.concerns(own)) {
            Encapsulation packed = new Encapsulation(options, chain);
            SortedMap<Integer, Expression> carriers = packed.carriers();
            List<Ledger.Entry> sent = packed.sent();
            sent.forEach(Ledger.Entry::converted);
            carriers.values()
                    .removeIf(value -> Constants.data(value).map(Octets::length).orElse(0) > 1024);
            carriers.forEach(
                    (code, value) -> option(code, value, chain, sent).ifPresent(written -> values.put(code, written)));
        }
        if (values.isEmpty()) {
            return;
        }
        out.open("options");
        values.forEach((code, value) ->
                out.entry(known(code).map(OptionDefinition::name).orElse(Integer.toString(code)), value));
        out.close();
    }

    private Optional<String> option(int code, Expression value, List<Scope> chain, List<Ledger.Entry> entries) {
        try {
            Expression whole = substitution.ofOption(value, chain);
            Optional<Octets> constant = Constants.data(whole);
            if (constant.isEmpty()) {
                return Optional.of(computed(whole));
            }
            // One without content is not sent, as one that comes to nothing is not.
            return constant.filter(octets -> !octets.isEmpty()).map(octets -> plain(code, octets));
        } catch (Unmappable e) {
            entries.forEach(entry -> entry.refuse(e.what(), e.instead()));
            return Optional.empty();
        }
    }

    /** What is worked out for each reply. */
    private String computed(Expression value) throws Unmappable {
        return "{ computed: " + ClassText.single(expressions.octets(value)) + " }";
    }

    private Optional<OptionDefinition> known(int code) {
        return KnownOptions.byCode(code).or(() -> definition(code));
    }

    private String plain(int code, Octets value) {
        Optional<OptionDefinition> known = known(code);
        if (known.isEmpty()) {
            return OptionYaml.hex(value);
        }
        return OptionYaml.of(known.get().type(), value)
                .orElseGet(() -> "{ type: hex, value: " + OptionYaml.hex(value) + " }");
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
