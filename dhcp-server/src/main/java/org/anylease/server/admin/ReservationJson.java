package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import org.anylease.server.config.ReservationText;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * A reservation in JSON. Its client is named by {@code hardware}, an Ethernet address, or {@code clientId}, octets or
 * text; any other hardware by {@code hardware} and {@code hardwareType}.
 */
final class ReservationJson {
    private static final int ETHERNET = 1;
    private static final int HARDWARE_MAX = 16;

    private ReservationJson() {}

    /** Writes whose reservation it is. */
    static void key(ObjectNode node, ClientId key) {
        String octets = key.value().toString();
        switch (key.kind()) {
            case CLIENT_IDENTIFIER -> node.put("clientId", octets);
            case HARDWARE -> {
                node.put("hardware", octets.length() > 3 ? octets.substring(3) : "");
                if (key.value().at(0) != ETHERNET) {
                    node.put("hardwareType", key.value().at(0));
                }
            }
        }
    }

    static ObjectNode of(RuntimeReservation reservation) {
        ObjectNode node = Json.object();
        node.put("address", reservation.address().toString());
        key(node, reservation.key());
        node.put("hostname", reservation.hostname());
        node.put("author", reservation.author());
        node.put("added", reservation.added().toString());
        return node;
    }

    /** Reads one, with whoever asks and the time now where it does not say. @throws IllegalArgumentException */
    static RuntimeReservation read(JsonNode node, String author, Instant now) {
        String added = Json.text(node, "added");
        try {
            return new RuntimeReservation(
                    Ipv4.parse(Json.text(node, "address")),
                    key(node),
                    hostname(node),
                    node.hasNonNull("author") ? Json.text(node, "author") : author,
                    added.isEmpty() ? now : Instant.parse(added));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + added + "' is no time (expected one like " + now + ")", e);
        }
    }

    private static @Nullable String hostname(JsonNode node) {
        String name = Json.text(node, "hostname");
        return name.isEmpty() || !node.hasNonNull("hostname") ? null : ReservationText.hostname(name);
    }

    private static ClientId key(JsonNode node) {
        boolean hardware = !Json.text(node, "hardware").isEmpty();
        boolean identifier = !Json.text(node, "clientId").isEmpty();
        if (hardware == identifier) {
            throw new IllegalArgumentException(
                    Json.text(node, "address") + ": either 'hardware' or 'clientId' says whose address it is");
        }
        if (identifier) {
            return ReservationText.clientId(Json.text(node, "clientId"));
        }
        if (!node.has("hardwareType")) {
            return ReservationText.hardware(Json.text(node, "hardware"));
        }
        int type = node.path("hardwareType").asInt(-1);
        Octets octets = Octets.parseHex(Json.text(node, "hardware").replace(":", ""));
        if (type < 0 || type > 255 || octets.length() > HARDWARE_MAX) {
            throw new IllegalArgumentException("hardware type " + type + " with " + octets.length()
                    + " octets is none (expected 0 to 255, and up to " + HARDWARE_MAX + ")");
        }
        byte[] value = new byte[octets.length() + 1];
        value[0] = (byte) type;
        octets.copyTo(value, 1);
        return new ClientId(ClientId.Kind.HARDWARE, Octets.of(value));
    }
}
