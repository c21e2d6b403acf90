package org.anylease.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/**
 * A binding in JSON, whole: what is written reads back equal. Lists, watchers, other servers and backups share it;
 * docs/operations/admin-api.md lists the fields.
 */
final class BindingJson {
    private BindingJson() {}

    /** A binding as an object of its own. */
    static JsonNode tree(Binding binding) throws IOException {
        try (TokenBuffer buffer = new TokenBuffer(Json.MAPPER, false)) {
            JsonGenerator json = buffer;
            json.writeStartObject();
            writeFields(json, binding);
            json.writeEndObject();
            return Json.MAPPER.readTree(buffer.asParser());
        }
    }

    /** Writes the fields of a binding into an object that the caller has started. */
    static void writeFields(JsonGenerator json, Binding binding) throws IOException {
        json.writeStringField("address", binding.address().toString());
        json.writeStringField("state", Json.name(binding.state()));
        json.writeNumberField("index", binding.index().value());
        LeaseClient client = binding.client();
        if (client != null) {
            json.writeFieldName("client");
            write(json, client);
        }
        write(json, "start", binding.start());
        write(json, "end", binding.end());
        write(json, "gate", binding.gate());
        write(json, "lastSeen", binding.lastSeen());
        ServerId server = binding.server();
        if (server != null) {
            json.writeStringField("server", server.name());
        }
        json.writeNumberField("siteMoves", binding.siteMoves());
        json.writeNumberField("idleSequence", binding.idleSequence());
        Offer offer = binding.offer();
        if (offer != null) {
            json.writeObjectFieldStart("offer");
            json.writeFieldName("client");
            write(json, offer.client());
            write(json, "until", offer.until());
            json.writeStringField("server", offer.server().name());
            json.writeEndObject();
        }
    }

    private static void write(JsonGenerator json, LeaseClient client) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", Json.name(client.id().kind()));
        json.writeStringField("id", client.id().value().toString());
        json.writeStringField("hardware", client.hardware().toString());
        json.writeStringField("mac", mac(client));
        json.writeStringField("hostname", client.hostname());
        json.writeStringField("relayInformation", client.relayInformation().toString());
        json.writeStringField(
                "relay", client.relay().isUnspecified() ? "" : client.relay().toString());
        if (!client.classes().isEmpty()) {
            json.writeArrayFieldStart("classes");
            for (ClassMembership membership : client.classes()) {
                json.writeStartObject();
                json.writeStringField("name", membership.name());
                json.writeStringField("value", membership.value().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /** The hardware address without its type. */
    static String mac(LeaseClient client) {
        String hardware = client.hardware().toString();
        return hardware.length() > 3 ? hardware.substring(3) : "";
    }

    private static void write(JsonGenerator json, String name, Instant time) throws IOException {
        if (!time.equals(Instant.EPOCH)) {
            json.writeStringField(name, time.toString());
        }
    }

    /**
     * Reads what was written.
     *
     * @throws IOException naming what is missing or malformed
     */
    static Binding read(JsonNode node) throws IOException {
        try {
            JsonNode offer = node.path("offer");
            return new Binding(
                    Ipv4.parse(Json.text(node, "address")),
                    BindingState.valueOf(constant(node, "state")),
                    new LogIndex(node.path("index").asLong(-1)),
                    client(node.path("client")),
                    time(node, "start"),
                    time(node, "end"),
                    time(node, "gate"),
                    time(node, "lastSeen"),
                    server(node),
                    node.path("siteMoves").asInt(),
                    node.path("idleSequence").asLong(),
                    offer.isObject() ? offer(offer) : null);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("not a binding (" + e.getMessage() + "): " + Json.text(node, "address"), e);
        }
    }

    private static String constant(JsonNode node, String field) {
        return Json.text(node, field).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static Offer offer(JsonNode node) {
        LeaseClient client = client(node.path("client"));
        ServerId server = server(node);
        if (client == null || server == null) {
            throw new IllegalArgumentException("an offer without client or server");
        }
        return new Offer(client, time(node, "until"), server);
    }

    private static @Nullable LeaseClient client(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        String relay = Json.text(node, "relay");
        return new LeaseClient(
                new ClientId(ClientId.Kind.valueOf(constant(node, "kind")), Octets.parseHex(Json.text(node, "id"))),
                Octets.parseHex(Json.text(node, "hardware")),
                Json.text(node, "hostname"),
                Octets.parseHex(Json.text(node, "relayInformation")),
                relay.isEmpty() ? Ipv4.UNSPECIFIED : Ipv4.parse(relay),
                classes(node.path("classes")));
    }

    private static List<ClassMembership> classes(JsonNode node) {
        List<ClassMembership> classes = new ArrayList<>();
        for (JsonNode each : node) {
            classes.add(new ClassMembership(Json.text(each, "name"), Octets.parseHex(Json.text(each, "value"))));
        }
        return classes;
    }

    private static @Nullable ServerId server(JsonNode node) {
        return node.has("server") ? new ServerId(Json.text(node, "server")) : null;
    }

    private static Instant time(JsonNode node, String field) {
        return node.has(field) ? Instant.parse(Json.text(node, field)) : Instant.EPOCH;
    }
}
