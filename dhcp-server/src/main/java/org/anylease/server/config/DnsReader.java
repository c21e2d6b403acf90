package org.anylease.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.store.address.Ipv4;
import org.anylease.store.dns.DnsRecord.Style;
import org.jspecify.annotations.Nullable;

/** Reads {@code dns}. */
final class DnsReader {
    private static final String NO_NAME = "none";
    private static final int DNS_PORT = 53;
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final Duration TTL_MAX = Duration.ofDays(1);
    private static final int GENERATED_MAX = 48;
    private static final int FILE_MAX = 1024;

    private DnsReader() {}

    /** What stands there, or null when it is of style none, or wrong. */
    static @Nullable DnsPolicy read(Cursor cursor) {
        Section section = new Section(cursor, Concept.DNS);
        String style = section.read("style", oneOf("standard", "interim", "none"));
        String domain = section.read("domain", DnsReader::domain);
        List<Ipv4> servers = section.take("servers").map(DnsReader::hosts).orElse(List.of());
        Integer port = section.read("port", Notation::port);
        String keyFile = section.read("key-file", DnsReader::keyFile);
        DnsPolicy.Zone inherited = new DnsPolicy.Zone("", servers, port == null ? DNS_PORT : port, keyFile);
        List<DnsPolicy.Zone> zones = new ArrayList<>();
        section.take("zones").ifPresent(value -> {
            value.entries("zones").forEach((name, entry) -> {
                DnsPolicy.Zone zone = zone(name, entry, inherited);
                if (zone != null) {
                    zones.add(zone);
                }
            });
        });
        Duration ttl = section.read("ttl", Notation.between(Duration.ofSeconds(1), TTL_MAX));
        String clientUpdates = section.read("client-updates", oneOf("deny", "allow"));
        DnsPolicy.Updates updates = section.read("updates", DnsReader::updates);
        String reserved = section.read("reserved", oneOf("update", "leave"));
        String generated = section.read("generate", DnsReader::generated);
        String conflicts = section.read("conflicts", oneOf("keep", "replace"));
        section.done();
        if (domain == null) {
            return null;
        }
        DnsPolicy policy = new DnsPolicy(
                "replace".equals(conflicts)
                        ? Style.UNGUARDED
                        : "interim".equals(style) ? Style.INTERIM : Style.STANDARD,
                zones,
                "allow".equals(clientUpdates),
                new DnsPolicy.Names(
                        domain,
                        Objects.requireNonNullElse(updates, DnsPolicy.Updates.BOTH),
                        !"leave".equals(reserved),
                        Objects.requireNonNullElse(ttl, TTL),
                        generated),
                List.of());
        checkZone(policy, domain, section.take("domain").orElse(cursor));
        return "none".equals(style) ? null : policy;
    }

    private static void checkZone(DnsPolicy policy, String domain, Cursor at) {
        if (policy.zoneOf("host." + domain).isEmpty()) {
            at.error("names below '" + domain + "' are in no zone that is named here", "a zone " + domain);
        }
    }

    /** How clients of a place are named; what it does not say is as around it. */
    static DnsPolicy.Names names(Cursor cursor, DnsPolicy.Names outer, @Nullable DnsPolicy policy) {
        Section section = new Section(cursor, Concept.DNS_NAMES);
        String domain = section.read("domain", DnsReader::domain);
        DnsPolicy.Updates updates = section.read("updates", DnsReader::updates);
        String reserved = section.read("reserved", oneOf("update", "leave"));
        Duration ttl = section.read("ttl", Notation.between(Duration.ofSeconds(1), TTL_MAX));
        String generated = section.read("generate", text -> text.equals(NO_NAME) ? NO_NAME : DnsReader.generated(text));
        section.done();
        if (domain != null && policy != null) {
            checkZone(policy, domain, section.take("domain").orElse(cursor));
        }
        return new DnsPolicy.Names(
                Objects.requireNonNullElse(domain, outer.domain()),
                Objects.requireNonNullElse(updates, outer.updates()),
                reserved == null ? outer.reserved() : reserved.equals("update"),
                Objects.requireNonNullElse(ttl, outer.ttl()),
                generated == null ? outer.generated() : generated.equals(NO_NAME) ? null : generated);
    }

    /** What a place may say before it is known what is said around it. */
    static DnsPolicy.Names defaults() {
        return new DnsPolicy.Names("", DnsPolicy.Updates.BOTH, true, TTL, null);
    }

    private static DnsPolicy.Updates updates(String word) {
        return switch (word) {
            case "both" -> DnsPolicy.Updates.BOTH;
            case "forward" -> DnsPolicy.Updates.FORWARD;
            case "reverse" -> DnsPolicy.Updates.REVERSE;
            case "none" -> DnsPolicy.Updates.NONE;
            default ->
                throw new IllegalArgumentException(
                        "'" + word + "' is none of them (expected both, forward, reverse or none)");
        };
    }

    /** What a policy says, by where it stands, for comparing. */
    static SortedMap<String, String> texts(DnsPolicy policy) {
        TreeMap<String, String> texts = new TreeMap<>();
        texts.put("dns style", policy.style().name().toLowerCase(Locale.ROOT));
        texts.put("dns client-updates", policy.clientUpdates() ? "allow" : "deny");
        put(texts, "dns ", policy.names());
        for (DnsPolicy.Place place : policy.places()) {
            TreeMap<String, String> here = new TreeMap<>();
            put(here, "dns of " + place.prefix() + " ", place.names());
            TreeMap<String, String> everywhere = new TreeMap<>();
            put(everywhere, "dns of " + place.prefix() + " ", policy.names());
            here.entrySet().removeAll(everywhere.entrySet());
            texts.putAll(here);
        }
        for (DnsPolicy.Zone zone : policy.zones()) {
            String keyFile = zone.keyFile();
            texts.put(
                    "dns zone " + zone.name(),
                    "by " + zone.servers().stream().map(Ipv4::toString).collect(Collectors.joining(", ")) + " port "
                            + zone.port() + (keyFile == null ? ", not signed" : ", signed by " + keyFile));
        }
        return texts;
    }

    private static void put(Map<String, String> texts, String path, DnsPolicy.Names names) {
        texts.put(path + "domain", names.domain());
        texts.put(path + "ttl", DurationText.format(names.ttl()));
        texts.put(path + "updates", names.updates().name().toLowerCase(Locale.ROOT));
        texts.put(path + "reserved", names.reserved() ? "update" : "leave");
        String generated = names.generated();
        texts.put(path + "generate", generated == null ? NO_NAME : generated);
    }

    private static DnsPolicy.@Nullable Zone zone(String name, Cursor entry, DnsPolicy.Zone inherited) {
        String zone = Notation.key(entry, name, DnsReader::domain).orElse(null);
        Section section = new Section(entry, Concept.DNS_ZONE);
        List<Ipv4> servers = section.take("servers").map(DnsReader::hosts).orElse(inherited.servers());
        Integer port = section.read("port", Notation::port);
        String keyFile = section.read("key-file", DnsReader::keyFile);
        section.done();
        if (servers.isEmpty()) {
            entry.error("nobody takes updates of '" + name + "'", "servers, here or for all of dns");
        }
        return zone == null
                ? null
                : new DnsPolicy.Zone(
                        zone,
                        servers,
                        port == null ? inherited.port() : port,
                        keyFile == null ? inherited.keyFile() : keyFile);
    }

    private static List<Ipv4> hosts(Cursor cursor) {
        List<Ipv4> hosts = new ArrayList<>();
        cursor.items().forEach(item -> item.read(Notation::host).ifPresent(hosts::add));
        return hosts;
    }

    private static String keyFile(String text) {
        if (!text.startsWith("/") || text.length() > FILE_MAX || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + text
                    + "' is not the same file wherever a server starts (expected one like /etc/anylease/dns.key)");
        }
        return text;
    }

    private static String domain(String text) {
        return DomainNames.check(text).toLowerCase(Locale.ROOT);
    }

    private static String generated(String text) {
        String host = text.replace(DnsPolicy.ADDRESS, "10-0-0-1");
        if (!text.contains(DnsPolicy.ADDRESS)
                || text.length() > GENERATED_MAX
                || !host.matches("[A-Za-z0-9][A-Za-z0-9-]*")) {
            throw new IllegalArgumentException("'" + text + "' makes no host name of its own for each address (expected"
                    + " letters, digits, dashes and {address}, like dhcp-{address})");
        }
        return text;
    }

    private static Function<String, String> oneOf(String... words) {
        return text -> {
            for (String word : words) {
                if (word.equals(text)) {
                    return text;
                }
            }
            throw new IllegalArgumentException(
                    "'" + text + "' is none of them (expected " + String.join(" or ", words) + ")");
        };
    }
}
