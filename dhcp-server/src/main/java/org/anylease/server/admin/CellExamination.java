package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.anylease.server.admin.Finding.Severity;
import org.anylease.store.cell.CellId;
import org.jspecify.annotations.Nullable;

/** One cell as all its servers see it: leader, members, lag, digests, and what is wrong with it. */
final class CellExamination {
    /** How many entries a copy may be behind before it is worth a word: some seconds of work. */
    private static final long LAG_ENTRIES_MAX = 10_000;

    private final CellId cell;
    private final List<Survey.Heard> members = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final ObjectNode json = Json.object();

    CellExamination(CellId cell, Survey survey, List<String> configured) {
        this.cell = cell;
        for (Survey.Heard heard : survey.heard()) {
            if (configured.contains(heard.name()) || !heard.cell(cell.name()).isMissingNode()) {
                members.add(heard);
            }
        }
        examine();
    }

    ObjectNode json() {
        return json;
    }

    List<Finding> findings() {
        return findings;
    }

    private void examine() {
        json.put("cell", cell.name());
        List<Survey.Heard> present = members.stream()
                .filter(member -> !member.cell(cell.name()).isMissingNode())
                .toList();
        if (present.isEmpty()) {
            json.put("leader", (String) null);
            json.put("digests", "unknown");
            json.putArray("members");
            find(Severity.CRITICAL, "no server that was asked has a copy of it", null, "ask a server of the cell");
            return;
        }
        leader(present);
        long newest = present.stream()
                .mapToLong(member -> member.cell(cell.name()).path("applied").asLong())
                .max()
                .orElseThrow();
        ArrayNode list = json.putArray("members");
        for (Survey.Heard member : members) {
            list.add(member(member, newest));
        }
        digests(present);
        versions(present);
        JsonNode furthest = present.stream()
                .map(member -> member.cell(cell.name()))
                .max(Comparator.comparingLong(copy -> copy.path("applied").asLong()))
                .orElseThrow();
        UnsettledExamination unsettled = new UnsettledExamination(cell.name(), members, furthest);
        json.setAll(unsettled.json());
        findings.addAll(unsettled.findings());
    }

    private void leader(List<Survey.Heard> present) {
        if (present.stream().noneMatch(this::reachable)) {
            json.put("leader", (String) null);
            leaderless(present);
            return;
        }
        String leader = "";
        for (Survey.Heard member : present) {
            JsonNode copy = member.cell(cell.name());
            if (copy.path("reachable").asBoolean() && leader.isEmpty()) {
                leader = Json.text(copy, "leader");
            }
            Instant since = Instant.parse(Json.text(copy, "since"));
            if (!copy.path("reachable").asBoolean()) {
                find(
                        Severity.CRITICAL,
                        "server " + member.name() + " reaches no quorum, and answers alone as far as it may",
                        since,
                        "see that a majority of its servers runs and that the network joins their sites;"
                                + " anylease autonomy status says how long it can go on");
            } else if (Json.text(copy, "mode").equals("resyncing")) {
                find(
                        Severity.NOTICE,
                        "server " + member.name() + " commits what it promised while it was cut off",
                        since,
                        "nothing; it takes a few seconds");
            }
        }
        json.put("leader", leader.isEmpty() ? null : leader);
    }

    private boolean reachable(Survey.Heard member) {
        return member.cell(cell.name()).path("reachable").asBoolean();
    }

    /** Nobody can commit: an election is under way, or too few servers are there to hold one. */
    private void leaderless(List<Survey.Heard> present) {
        String voting = names(present);
        List<Survey.Heard> absent =
                members.stream().filter(member -> !present.contains(member)).toList();
        int needed = members.size() / 2 + 1;
        Instant since = present.stream()
                .map(member -> Instant.parse(Json.text(member.cell(cell.name()), "since")))
                .max(Instant::compareTo)
                .orElseThrow();
        boolean enough = present.size() >= needed;
        find(
                Severity.CRITICAL,
                "no leader is known, so nothing can be committed: " + present.size() + " of " + members.size()
                        + " servers answer and can vote (" + voting + "), " + needed + " are needed"
                        + (absent.isEmpty() ? "" : "; no answer from " + names(absent)),
                since,
                enough
                        ? "ask again: an election takes about a second. If it stays so, see that the Raft ports of "
                                + voting + " reach each other, and that none of them is out of processor or disk"
                        : "start " + (needed - present.size()) + " of these servers, or mend the network to them: "
                                + names(absent));
    }

    private static String names(List<Survey.Heard> some) {
        return some.stream().map(Survey.Heard::name).collect(Collectors.joining(", "));
    }

    private ObjectNode member(Survey.Heard member, long newest) {
        ObjectNode node = Json.object();
        JsonNode copy = member.cell(cell.name());
        node.put("server", member.name());
        node.put("site", member.member().site().name());
        if (copy.isMissingNode()) {
            node.put("role", "unknown");
            node.put("problem", member.silence().isEmpty() ? "has no copy of the cell" : member.silence());
            return node;
        }
        boolean leads = member.name().equals(Json.text(json, "leader"));
        long lag = newest - copy.path("applied").asLong();
        node.put("role", leads ? "leader" : "follower");
        node.set("mode", copy.path("mode"));
        node.set("since", copy.path("since"));
        node.set("applied", copy.path("applied"));
        node.put("lag", lag);
        node.set("pending", copy.path("pending"));
        node.set("digest", copy.path("digest"));
        node.set("configVersion", copy.path("configVersion"));
        if (lag > LAG_ENTRIES_MAX) {
            find(
                    Severity.WARNING,
                    "server " + member.name() + " is " + lag + " entries behind",
                    null,
                    "see its disk and processor, and the network to its site");
        }
        return node;
    }

    private void digests(List<Survey.Heard> present) {
        TreeMap<Long, String> byIndex = new TreeMap<>();
        boolean compared = false;
        boolean differ = false;
        for (Survey.Heard member : present) {
            JsonNode copy = member.cell(cell.name());
            String digest = Json.text(copy, "digest");
            String other = byIndex.putIfAbsent(copy.path("applied").asLong(), digest);
            compared |= other != null;
            differ |= other != null && !other.equals(digest);
        }
        json.put("digests", differ ? "differ" : compared && byIndex.size() == 1 ? "agree" : "not-compared");
        if (differ) {
            find(
                    Severity.CRITICAL,
                    "copies at the same log index have different digests (I4 ReplicasAgree is broken)",
                    null,
                    "take a cell backup from each server before anything else, and report it as a defect");
        }
    }

    private void versions(List<Survey.Heard> present) {
        List<Long> versions = present.stream()
                .map(member -> member.cell(cell.name()).path("configVersion").asLong())
                .distinct()
                .sorted()
                .toList();
        json.put("configVersion", versions.getLast());
        if (versions.size() > 1) {
            find(
                    Severity.NOTICE,
                    "servers have different configuration versions: " + versions,
                    null,
                    "nothing when it passes within seconds; else see which server is behind");
        }
    }

    private void find(Severity severity, String what, @Nullable Instant since, String remedy) {
        findings.add(new Finding(severity, "cell " + cell, what, since, remedy));
    }
}
