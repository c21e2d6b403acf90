package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand.ReserveAddresses;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.ReservationStatus;
import org.jspecify.annotations.Nullable;

/** What a server's copy of a cell says of reservations: all of them, or what stands against some that are wished for. */
final class ReservationAnswers {
    private final Cluster.LeaseView view;
    private final TreeMap<Ipv4, RuntimeReservation> added = new TreeMap<>();
    private final TreeMap<Ipv4, RuntimeReservation> inForce = new TreeMap<>();
    private final TreeMap<Ipv4, Reservation> kept = new TreeMap<>();

    private ReservationAnswers(Cluster.LeaseView view, @Nullable CellConfig config, List<ReservationStatus> runtime) {
        this.view = view;
        if (config != null) {
            for (SharedNetwork network : config.networks()) {
                for (Subnet subnet : network.subnets()) {
                    subnet.reservations().forEach(reservation -> kept.put(reservation.address(), reservation));
                }
            }
        }
        for (ReservationStatus status : runtime) {
            added.put(status.reservation().address(), status.reservation());
            if (status.inForce()) {
                inForce.put(status.reservation().address(), status.reservation());
            }
        }
    }

    /** Answers {@link PeerAnswers#RESERVATIONS}. */
    static ObjectNode answer(Cluster cluster, JsonNode asked, Instant now) throws IOException {
        CellId cell = new CellId(Json.text(asked, "cell"));
        ObjectNode node = Json.object();
        Optional<Cluster.CellState> state = cluster.state(cell);
        Optional<Cluster.LeaseView> view = cluster.view(cell);
        Optional<List<ReservationStatus>> runtime = cluster.reservations(cell);
        node.put("holds", state.isPresent() && view.isPresent() && runtime.isPresent());
        if (state.isEmpty() || view.isEmpty() || runtime.isEmpty()) {
            view.ifPresent(Cluster.LeaseView::close);
            return node;
        }
        CellConfig config = state.get().config();
        try (Cluster.LeaseView open = view.get()) {
            ReservationAnswers answers = new ReservationAnswers(open, config, runtime.get());
            node.put("index", open.index().value());
            if (asked.has("wishes")) {
                ReserveAddresses wishes = wishes(asked, now);
                ArrayNode list = node.putArray("obstacles");
                for (Outcome.NotReserved not : cluster.obstacles(cell, wishes).orElse(List.of())) {
                    list.add(answers.obstacle(not));
                }
                return node;
            }
            if (config != null) {
                answers.list(node, config);
            }
        }
        return node;
    }

    private static ReserveAddresses wishes(JsonNode asked, Instant now) {
        List<RuntimeReservation> wishes = new ArrayList<>();
        asked.path("wishes").forEach(wish -> wishes.add(ReservationJson.read(wish, "", now)));
        return new ReserveAddresses(wishes, asked.path("whenFree").asBoolean());
    }

    private void list(ObjectNode node, CellConfig config) {
        ArrayNode subnets = node.putArray("subnets");
        TreeMap<Ipv4, ObjectNode> all = new TreeMap<>();
        for (SharedNetwork network : config.networks()) {
            for (Subnet subnet : network.subnets()) {
                subnets.add(subnet.prefix().toString());
                for (Reservation reservation : subnet.reservations()) {
                    if (!inForce.containsKey(reservation.address())) {
                        ObjectNode one = Json.object();
                        one.put("address", reservation.address().toString());
                        ReservationJson.key(one, reservation.key());
                        one.put("hostname", reservation.hostname());
                        all.put(reservation.address(), one.put("origin", "file").put("inForce", true));
                    }
                }
            }
        }
        ArrayNode list = node.putArray("reservations");
        all.values().forEach(list::add);
        for (RuntimeReservation reservation : added.values()) {
            list.add(ReservationJson.of(reservation)
                    .put("origin", "run-time")
                    .put("inForce", inForce.containsKey(reservation.address())));
        }
        for (JsonNode one : list) {
            Ipv4 address = Ipv4.parse(Json.text(one, "address"));
            LeaseDescription.place((ObjectNode) one, config, address);
            ((ObjectNode) one).remove("reservedFor");
            held((ObjectNode) one, address);
        }
    }

    private void held(ObjectNode node, Ipv4 address) {
        Binding binding = binding(address);
        node.put("state", binding == null ? "free" : Json.name(binding.state()));
        LeaseClient holder = binding == null ? null : binding.client();
        if (binding != null && holder != null && binding.state() == BindingState.ACTIVE) {
            UnsettledJson.client(node, "holder", holder);
            node.put("holderUntil", binding.end().toString());
        }
    }

    private @Nullable Binding binding(Ipv4 address) {
        for (Binding binding : view.from(address)) {
            return binding.address().equals(address) ? binding : null;
        }
        return null;
    }

    private ObjectNode obstacle(Outcome.NotReserved not) {
        Ipv4 address = not.address();
        ObjectNode node = Json.object();
        node.put("address", address.toString());
        node.put("obstacle", Json.name(not.obstacle()));
        node.put(
                "what",
                address + " cannot be kept for this client: "
                        + switch (not.obstacle()) {
                            case NO_SUBNET -> "it lies in no subnet of the configuration";
                            case OWN_NAME -> "it is the network or broadcast address of its subnet";
                            case IN_FILE -> "the configuration keeps it for the same client already";
                            case KEPT_FOR_ANOTHER -> "it is kept for " + keptFor(address);
                            case CLIENT_HAS_ANOTHER -> not.other() + " of the same network is kept for the client";
                            case HELD -> heldBy(binding(address));
                            case ABANDONED -> quarantine(binding(address));
                            case TOO_MANY -> "the cell has as many reservations made at run time as it takes";
                        });
        node.put(
                "remedy",
                switch (not.obstacle()) {
                    case NO_SUBNET -> "name an address of a subnet, or add the subnet to the configuration";
                    case OWN_NAME -> "name another address";
                    case IN_FILE -> "nothing has to be done";
                    case KEPT_FOR_ANOTHER, CLIENT_HAS_ANOTHER ->
                        "remove that one first: anylease reservation list says where it comes from";
                    case HELD, ABANDONED ->
                        "name another address, or add --when-free: then it is kept as soon as nobody can have it"
                                + " any more";
                    case TOO_MANY -> "move some into the configuration";
                });
        return node;
    }

    private String keptFor(Ipv4 address) {
        Reservation reservation = kept.get(address);
        RuntimeReservation other = added.get(address);
        return other != null
                ? other.key() + " at " + other.author() + "'s word"
                : reservation != null ? reservation.key() + " by the configuration" : "another client";
    }

    private static String heldBy(@Nullable Binding binding) {
        LeaseClient client = binding == null ? null : binding.client();
        if (binding == null || client == null) {
            return "it was kept for another client until lately, and is not free before every server knows";
        }
        String whom = client.id() + (client.hostname().isEmpty() ? "" : " (" + client.hostname() + ")");
        return binding.state() == BindingState.ACTIVE
                ? "it is leased to " + whom + " until " + binding.end()
                : "it was leased to " + whom + ", and is not free before every server has reported, at the latest "
                        + binding.gate();
    }

    private static String quarantine(@Nullable Binding binding) {
        return "it is in quarantine" + (binding == null ? "" : " until " + binding.end() + " at least");
    }
}
