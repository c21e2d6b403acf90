package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.jspecify.annotations.Nullable;

/**
 * Has addresses given back that are set aside for servers, since only their owners can say that nobody has them, so that
 * leases can be restored to them. A cluster that has just been started sets addresses aside at once, whoever held them
 * before it was there.
 */
final class EscrowRecall {
    /** How long the owners are waited for: they append to their journals, then commit the return. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How long all in all: what a client has is not given back, and a large backup is read in many parts. */
    private static final Duration PATIENCE_ALTOGETHER = Duration.ofSeconds(60);

    private static final long PAUSE_MILLIS = 50;

    private final Cluster cluster;
    private final CellId cell;
    private final TreeMap<ServerId, String> silent = new TreeMap<>();
    private long leftNanos = PATIENCE_ALTOGETHER.toNanos();

    EscrowRecall(Cluster cluster, CellId cell) {
        this.cluster = cluster;
        this.cell = cell;
    }

    /** Lets this server give back what it is asked for. */
    static ObjectNode answer(Cluster cluster, JsonNode asked) throws IOException {
        List<Ipv4> addresses = new ArrayList<>();
        asked.path("addresses").forEach(address -> addresses.add(Ipv4.parse(address.asText())));
        cluster.recallEscrow(new CellId(Json.text(asked, "cell")), addresses);
        return Json.object().put("asked", true);
    }

    /** The servers that could not be asked, and why; they are asked once only. */
    SortedMap<ServerId, String> silent() {
        return Collections.unmodifiableSortedMap(silent);
    }

    /** What this server's copy says of addresses. */
    SortedMap<Ipv4, Binding> present(List<Binding> wanted) throws IOException {
        TreeMap<Ipv4, Binding> present = new TreeMap<>();
        if (wanted.isEmpty()) {
            return present;
        }
        Ipv4 last = wanted.getLast().address();
        try (Cluster.LeaseView view = cluster.view(cell).orElseThrow(() -> BackupRoutes.noCopy(cell))) {
            int next = 0;
            for (Binding here : view.from(wanted.getFirst().address())) {
                while (next < wanted.size() && wanted.get(next).address().compareTo(here.address()) < 0) {
                    next++;
                }
                if (next == wanted.size() || here.address().compareTo(last) > 0) {
                    break;
                }
                if (wanted.get(next).address().equals(here.address())) {
                    present.put(here.address(), here);
                }
            }
        }
        return present;
    }

    /** As {@link #present}, once the owners of what is set aside have given it back, or were waited for long enough. */
    SortedMap<Ipv4, Binding> freed(List<Binding> wanted) throws IOException {
        SortedMap<Ipv4, Binding> present = present(wanted);
        if (!askOwners(present)) {
            return present;
        }
        long began = System.nanoTime();
        long patience = Math.min(PATIENCE.toNanos(), leftNanos);
        while (isAwaited(present) && System.nanoTime() - began < patience) {
            CompletableFuture<@Nullable Void> pause = new CompletableFuture<@Nullable Void>()
                    .completeOnTimeout(null, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            pause.join();
            present = present(wanted);
        }
        leftNanos -= Math.min(leftNanos, System.nanoTime() - began);
        return present;
    }

    private boolean isAwaited(SortedMap<Ipv4, Binding> present) {
        return present.values().stream()
                .anyMatch(binding -> binding.state() == BindingState.ESCROWED && !silent.containsKey(owner(binding)));
    }

    private static ServerId owner(Binding binding) {
        ServerId owner = binding.server();
        if (owner == null) {
            throw new IllegalStateException(binding.address() + " is set aside for nobody");
        }
        return owner;
    }

    /** @return whether anything can be waited for */
    private boolean askOwners(SortedMap<Ipv4, Binding> present) {
        TreeMap<ServerId, ArrayNode> owned = new TreeMap<>();
        for (Binding binding : present.values()) {
            if (binding.state() == BindingState.ESCROWED && !silent.containsKey(owner(binding))) {
                owned.computeIfAbsent(owner(binding), _ -> Json.MAPPER.createArrayNode())
                        .add(binding.address().toString());
            }
        }
        boolean asked = false;
        for (ServerId owner : owned.keySet()) {
            ObjectNode question = Json.object().put("cell", cell.name());
            question.set("addresses", owned.get(owner));
            try {
                if (owner.equals(cluster.facts().server())) {
                    answer(cluster, question);
                } else {
                    PeerAnswers.ask(cluster, owner, PeerAnswers.RECALL, question);
                }
                asked = true;
            } catch (IOException e) {
                silent.put(owner, String.valueOf(e.getMessage()));
            }
        }
        return asked;
    }
}
