package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Declaration;
import org.anylease.server.isc.syntax.Statement.Setting;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/** Zones that are updated, and the keys that updates are signed with. */
final class DnsPlan {
    private static final String NO_SERVER = "updates of it were sent to a name server that no address is known of";
    private static final String LATER = "a later key of the same name counts";
    private static final String ALGORITHMS = "hmac-(md5|sha1|sha224|sha256|sha384|sha512)";
    private static final String NAME = "([a-z0-9_][a-z0-9_-]{0,62})(\\.[a-z0-9_][a-z0-9_-]{0,62})*";

    /** A zone, and who takes its updates. */
    private static final class Zone {
        final List<Ipv4> servers = new ArrayList<>();
        final Ledger.Entry entry;

        /** What stands within. */
        final List<Ledger.Entry> parts = new ArrayList<>();

        String key = "";
        Ledger.@Nullable Entry keyEntry;

        Zone(Ledger.Entry entry) {
            this.entry = entry;
        }
    }

    /** A key. */
    private static final class Key {
        final Ledger.Entry entry;
        final List<Ledger.Entry> parts = new ArrayList<>();
        String algorithm = "";
        String secret = "";

        Key(Ledger.Entry entry) {
            this.entry = entry;
        }
    }

    private final String keyDirectory;
    private final SortedMap<String, Zone> zones = new TreeMap<>();
    private final SortedMap<String, Key> keys = new TreeMap<>();

    DnsPlan(String keyDirectory) {
        this.keyDirectory = keyDirectory;
    }

    void key(Declaration declaration, Ledger ledger) {
        Key key = new Key(ledger.open(declaration));
        for (Statement inner : declaration.body()) {
            if (!(inner instanceof Setting setting)) {
                stray(inner, ledger);
                continue;
            }
            Ledger.Entry entry = ledger.open(inner);
            String text = ScopeReader.single(setting.value()).map(Piece::text).orElse("");
            String name = setting.name();
            if (name.equals("algorithm")) {
                key.algorithm = text.toLowerCase(Locale.ROOT).replace(".sig-alg.reg.int", "");
            } else if (name.equals("secret")) {
                key.secret = text;
            } else {
                entry.malformed("it has no meaning in a key");
                continue;
            }
            key.parts.add(entry);
        }
        Key earlier = keys.put(declaration.name().toLowerCase(Locale.ROOT), key);
        if (earlier != null) {
            earlier.entry.converted(LATER);
            earlier.parts.forEach(part -> part.converted(LATER));
        }
    }

    void zone(Declaration declaration, Ledger ledger) {
        Zone zone = new Zone(ledger.open(declaration));
        for (Statement inner : declaration.body()) {
            if (inner instanceof Setting setting) {
                part(setting, zone, ledger.open(inner));
            } else {
                stray(inner, ledger);
            }
        }
        String name = declaration.name().toLowerCase(Locale.ROOT).replaceAll("\\.$", "");
        if (zones.putIfAbsent(name, zone) != null) {
            refuse(zone, "the zone stands there before", "leave one of them out");
        }
    }

    private static void stray(Statement inner, Ledger ledger) {
        if (inner instanceof Statement.Broken broken) {
            ledger.open(broken)
                    .malformed(broken.problem().what(), broken.problem().at());
        } else {
            ledger.malformed(inner, "it has no meaning in a zone or key");
        }
    }

    private static void part(Setting setting, Zone zone, Ledger.Entry entry) {
        List<Piece> pieces = setting.value() instanceof Value.Data data ? data.pieces() : List.of();
        switch (setting.name()) {
            case "primary", "secondary" -> {
                zone.parts.add(entry);
                for (Piece piece : pieces) {
                    try {
                        zone.servers.add(OptionData.ipv4(piece));
                    } catch (MalformedData e) {
                        e.settle(entry, "names are not looked up: write its address");
                    }
                }
            }
            case "key" -> {
                zone.key = pieces.isEmpty() ? "" : pieces.getFirst().text().toLowerCase(Locale.ROOT);
                zone.keyEntry = entry;
                zone.parts.add(entry);
            }
            case "primary6", "secondary6" -> entry.refuse("updates are sent by IPv4", "name its IPv4 address");
            default -> entry.malformed("it has no meaning in a zone");
        }
    }

    private static void refuse(Zone zone, String what, String instead) {
        zone.entry.refuse(what, instead);
        zone.parts.forEach(part -> part.refuse("it stands in '" + zone.entry.head() + "'", ""));
    }

    private static boolean isName(String text) {
        return text.length() <= 253 && text.matches(NAME);
    }

    /** Whether there is a zone that a domain's hosts would be in, and it is one domain. */
    boolean holds(String domain) {
        return isName(domain)
                && usable().keySet().stream().anyMatch(zone -> domain.equals(zone) || domain.endsWith("." + zone));
    }

    /** The first zone that is no reverse one. */
    Optional<String> firstForward() {
        return usable().keySet().stream()
                .filter(zone -> !zone.endsWith("in-addr.arpa"))
                .findFirst();
    }

    private SortedMap<String, Zone> usable() {
        SortedMap<String, Zone> usable = new TreeMap<>();
        zones.forEach((name, zone) -> {
            if (isName(name) && !zone.servers.isEmpty()) {
                usable.put(name, zone);
            }
        });
        return usable;
    }

    /** Nothing is sent: zones and keys say nothing, either as before or as a loss. */
    void settleUnused(String because, boolean lost) {
        zones.values().forEach(zone -> {
            if (lost) {
                refuse(zone, because, "write 'dns' into the system file");
            } else {
                zone.entry.converted(because);
                zone.parts.forEach(part -> part.converted(because));
            }
        });
        keys.values().forEach(DnsPlan::unused);
    }

    private static void unused(Key key) {
        key.entry.refuse("it signed control messages, or nothing", "the admin API needs none");
        key.parts.forEach(part -> part.refuse("it stands in '" + key.entry.head() + "'", ""));
    }

    /** Writes {@code zones}, and settles zones and keys. */
    void write(YamlText out, SortedMap<String, Conversion.KeyFile> files) {
        SortedMap<String, Zone> usable = usable();
        zones.forEach((name, zone) -> {
            if (!usable.containsKey(name)) {
                refuse(zone, NO_SERVER, "write 'primary' with its address");
            }
        });
        out.open("zones");
        usable.forEach((name, zone) -> {
            List<String> fields = new ArrayList<>();
            fields.add("servers: " + zone.servers);
            Key key = keys.get(zone.key);
            if (key != null && isUsable(key)) {
                String file = fileName(zone.key);
                files.put(file, new Conversion.KeyFile(text(zone.key, key)));
                fields.add("key-file: " + OptionYaml.quoted(keyDirectory + "/" + file));
                key.entry.differs("its secret stands in a file of its own, " + file, "");
                key.parts.forEach(part -> part.converted("it is in the key's file"));
            } else if (zone.keyEntry != null) {
                zone.keyEntry.malformed("there is no key '" + zone.key + "' with an algorithm and a secret");
            }
            zone.entry.converted();
            zone.parts.forEach(Ledger.Entry::converted);
            out.entry(name, "{ " + String.join(", ", fields) + " }");
        });
        out.close();
        keys.values().stream().filter(key -> !key.entry.isSettled()).forEach(DnsPlan::unused);
    }

    private static boolean isUsable(Key key) {
        return key.algorithm.matches(ALGORITHMS) && key.secret.matches("[A-Za-z0-9+/=]+");
    }

    private static String fileName(String key) {
        return key.replaceAll("[^a-z0-9._-]", "-").replaceAll("^[.-]+", "") + ".key";
    }

    private static String text(String name, Key key) {
        return "key \"" + name + "\" {\n  algorithm " + key.algorithm + ";\n  secret \"" + key.secret + "\";\n};\n";
    }
}
