package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.state.ReservationStatus;

/** Which reservations made at run time a configuration puts out of force, or into force. */
final class ReservationImpact {
    private final Cluster cluster;
    private final CellCopies copies;

    ReservationImpact(Cluster cluster, CellCopies copies) {
        this.cluster = cluster;
        this.copies = copies;
    }

    /** A change for each that does not stand as it did. */
    List<ConfigCompiler.Change> of(List<CellConfig> after) throws IOException {
        List<ConfigCompiler.Change> changes = new ArrayList<>();
        for (CellConfig config : after) {
            if (!cluster.cells().contains(config.cell())) {
                continue;
            }
            JsonNode known = copies.first(config.cell(), PeerAnswers.RESERVATIONS);
            for (JsonNode one : known.path("reservations")) {
                if (Json.text(one, "origin").equals("run-time")) {
                    add(
                            changes,
                            config,
                            ReservationJson.read(one, "", Instant.EPOCH),
                            one.path("inForce").asBoolean());
                }
            }
        }
        return changes;
    }

    private static void add(
            List<ConfigCompiler.Change> changes, CellConfig config, RuntimeReservation reservation, boolean before) {
        boolean after =
                ReservationStatus.under(List.of(reservation), config).getFirst().inForce();
        if (before == after) {
            return;
        }
        String path = config.cell() + " reservation " + reservation.address();
        String whose = reservation.key() + ", made at run time by " + reservation.author();
        changes.add(
                after
                        ? new ConfigCompiler.Change(
                                "+ " + path + ": " + whose + ", comes into force", path, "", whose, null, "")
                        : new ConfigCompiler.Change(
                                "- " + path + ": " + whose + ", is out of force: " + why(config, reservation),
                                path,
                                whose,
                                "",
                                null,
                                "it is kept, and comes back into force when the file makes room for it"));
    }

    private static String why(CellConfig config, RuntimeReservation reservation) {
        boolean served = config.networks().stream()
                .flatMap(network -> network.subnets().stream())
                .anyMatch(subnet -> subnet.prefix().contains(reservation.address()));
        return served
                ? "the file keeps this address, or another one for the same client"
                : "the file has no subnet of it";
    }
}
