package org.anylease.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.expression.OptionNames;
import org.anylease.store.address.Octets;
import org.anylease.store.config.ComputedSettings;
import org.anylease.store.config.ComputedValue;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.ServingRules;

/** Reads maps of options, by name or by code. */
final class OptionsReader {
    private final SortedMap<String, OptionDefinition> defined;
    private final SortedMap<Integer, OptionDefinition> definedByCode = new TreeMap<>();

    /** Knows the registered options and those that the file itself defines. */
    OptionsReader(SortedMap<String, OptionDefinition> defined) {
        this.defined = new TreeMap<>(defined);
        defined.values().forEach(option -> definedByCode.put(option.code(), option));
    }

    /** Reads the definitions that a file makes itself. */
    static SortedMap<String, OptionDefinition> definitions(Cursor cursor) {
        SortedMap<String, OptionDefinition> definitions = new TreeMap<>();
        SortedMap<Integer, String> byCode = new TreeMap<>();
        cursor.entries("option definitions").forEach((name, entry) -> {
            Section section = new Section(entry, Concept.OPTION_DEFINITION);
            Optional<Cursor> at = section.take("code");
            Optional<Integer> code =
                    at.flatMap(value -> value.read(Notation.number(1, 254))).map(Long::intValue);
            Optional<OptionType> type = section.take("type").flatMap(OptionsReader::type);
            section.done();
            Notation.key(entry, name, Notation::name);
            if (KnownOptions.byName(name).isPresent()
                    || KnownOptions.ownedNamed(name).isPresent()) {
                entry.error("'" + name + "' is a registered option", "another name");
            } else if (code.flatMap(KnownOptions::ownedBecause).isPresent()) {
                at.orElseThrow()
                        .error(KnownOptions.ownedBecause(code.orElseThrow()).orElseThrow(), "another code");
            } else if (code.isPresent() && byCode.putIfAbsent(code.get(), name) != null) {
                at.orElseThrow().error("option " + code.get() + " is '" + byCode.get(code.get()) + "' already", "");
            } else if (code.isPresent() && type.isPresent()) {
                definitions.put(name, new OptionDefinition(code.get(), name, type.get()));
            }
        });
        return definitions;
    }

    /** The names by which expressions may call options, those of options included that only clients send. */
    OptionNames names() {
        return new OptionNames() {
            @Override
            public OptionalInt code(String name) {
                Optional<Integer> code =
                        definition(name).map(OptionDefinition::code).or(() -> KnownOptions.ownedNamed(name));
                return code.isPresent() ? OptionalInt.of(code.get()) : OptionalInt.empty();
            }

            @Override
            public Collection<String> all() {
                List<String> names = new ArrayList<>(defined.keySet());
                KnownOptions.all().forEach(option -> names.add(option.name()));
                names.addAll(KnownOptions.ownedNames());
                return names;
            }
        };
    }

    /**
     * Options.
     *
     * @param plain encoded values by code
     * @param computed what computes those of others
     */
    record Values(SortedMap<Integer, Octets> plain, SortedMap<Integer, ComputedValue> computed) {
        static final Values NONE = new Values(new TreeMap<>(), new TreeMap<>());

        /** Settings with these, with boot fields, and with how clients are served. */
        ReplySettings with(ReplySettings boot, ServingRules serving) {
            ComputedSettings fields = boot.computed();
            return new ReplySettings(
                    plain,
                    boot.nextServer(),
                    boot.serverName(),
                    boot.bootFile(),
                    serving,
                    new ComputedSettings(computed, fields.nextServer(), fields.serverName(), fields.bootFile()));
        }
    }

    /** Reads a map of options. */
    Values read(Cursor cursor) {
        SortedMap<Integer, Octets> options = new TreeMap<>();
        SortedMap<Integer, ComputedValue> computed = new TreeMap<>();
        SortedMap<Integer, String> names = new TreeMap<>();
        for (Map.Entry<String, Cursor> entry :
                cursor.entries("options by name or code").entrySet()) {
            String name = entry.getKey();
            Cursor value = entry.getValue();
            code(name, value).ifPresent(code -> {
                boolean worked = ComputedReader.isComputed(value);
                Optional<Octets> octets = worked ? Optional.empty() : encode(code, value);
                if (worked) {
                    ComputedReader.option(value, type(code).orElse(OptionType.HEX), names())
                            .ifPresent(found -> computed.put(code, found));
                }
                String other = names.putIfAbsent(code, name);
                if (other != null) {
                    value.atKey().error("option " + code + " stands here already, as '" + other + "'", "");
                }
                octets.ifPresent(found -> options.put(code, found));
            });
        }
        return new Values(options, computed);
    }

    private Optional<Integer> code(String name, Cursor value) {
        boolean number = !name.isEmpty() && name.length() < 6 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        Optional<Integer> code = number
                ? Optional.of(Integer.parseInt(name))
                : definition(name).map(OptionDefinition::code).or(() -> KnownOptions.ownedNamed(name));
        if (code.isEmpty()) {
            value.atKey().error("there is no option '" + name + "'", suggestion(name, value));
            return Optional.empty();
        }
        Optional<String> owned = KnownOptions.ownedBecause(code.get());
        owned.ifPresent(reason -> value.atKey().error(reason, ""));
        return owned.isPresent() ? Optional.empty() : code;
    }

    private String suggestion(String name, Cursor value) {
        List<String> known = new ArrayList<>(defined.keySet());
        KnownOptions.all().forEach(option -> known.add(option.name()));
        return value.problems().isFull()
                ? ""
                : Suggestion.insteadOf(name, known, "a registered name, one of 'option-definitions', or a code");
    }

    private Optional<OptionDefinition> definition(String name) {
        return Optional.ofNullable(defined.get(name)).or(() -> KnownOptions.byName(name));
    }

    private Optional<Octets> encode(int code, Cursor value) {
        if (value.value().isNothing()) {
            value.error("nothing is given", "a value, or no such option");
            return Optional.empty();
        }
        Optional<OptionType> type = type(code);
        if (type.isEmpty() && !isTyped(value)) {
            boolean octets =
                    value.value() instanceof YamlValue.Scalar scalar && Notation.looksLikeOctets(scalar.text());
            if (!octets) {
                value.error("option " + code + " has no known type", "octets like 0x0104, or { type: text, value: … }");
                return Optional.empty();
            }
        }
        return typed(value, type.orElse(OptionType.HEX));
    }

    private Optional<OptionType> type(int code) {
        return Optional.ofNullable(definedByCode.get(code))
                .or(() -> KnownOptions.byCode(code))
                .map(OptionDefinition::type);
    }

    /** A value of a type, unless it names its own with {@code { type: …, value: … }}. */
    static Optional<Octets> typed(Cursor value, OptionType otherwise) {
        if (!isTyped(value)) {
            return OptionEncoder.encode(otherwise, value);
        }
        Section section = new Section(value, Concept.OPTION_VALUE);
        Optional<OptionType> type = section.take("type").flatMap(OptionsReader::type);
        Optional<Cursor> inner = section.take("value");
        section.done();
        return type.flatMap(known -> inner.flatMap(found -> OptionEncoder.encode(known, found)));
    }

    private static boolean isTyped(Cursor value) {
        return value.value() instanceof YamlValue.Mapping mapping
                && mapping.entries().stream()
                        .anyMatch(entry -> entry.key().text().equals("type"));
    }

    static Optional<OptionType> type(Cursor cursor) {
        return cursor.text("a type").flatMap(word -> {
            Optional<OptionType> type = OptionType.named(word);
            if (type.isEmpty()) {
                cursor.error("there is no type '" + word + "'", cursor.insteadOf(word, List.of(OptionType.names())));
            }
            return type;
        });
    }
}
