package org.anylease.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Changes who answers for a cell in the text of a system configuration, and leaves every other letter of it as it is. What
 * comes out is read again: unless it says what was wanted, and nothing else changed, it is refused.
 */
public final class MembersEdit {
    private final String text;
    private final SystemConfig before;
    private final Node root;

    /** What an edit came to. */
    public sealed interface Result {}

    /**
     * It is done.
     *
     * @param text the new text
     */
    public record Edited(String text) implements Result {}

    /**
     * It cannot be done by itself.
     *
     * @param what why
     * @param remedy what to do by hand
     */
    public record Refused(String what, String remedy) implements Result {}

    private MembersEdit(String text, SystemConfig before, Node root) {
        this.text = text;
        this.before = before;
        this.root = root;
    }

    private static Optional<SystemConfig> read(String text) {
        return ConfigFile.system(ConfigSource.of("file", text)) instanceof ConfigReading.Accepted<SystemConfig> accepted
                ? Optional.of(accepted.value())
                : Optional.empty();
    }

    private static Optional<MembersEdit> of(String text) {
        // Read first: what nests without end is refused there.
        return read(text)
                .flatMap(config -> new Compose(LoadSettings.builder()
                                .setUseMarks(true)
                                .setCodePointLimit(ConfigSource.LENGTH_MAX)
                                .build())
                        .composeString(text)
                        .map(root -> new MembersEdit(text, config, root)));
    }

    private static Result unreadable() {
        return new Refused(
                "the file is not valid for this release", "see anylease config check, and mend the file by hand");
    }

    /**
     * Makes these servers those that answer for a cell.
     *
     * @param text a system configuration
     * @param cell one of its cells
     * @param members servers that stand in its sites
     * @return the text changed, or why it was not
     */
    public static Result members(String text, CellId cell, List<ServerId> members) {
        return of(text).map(edit -> edit.setMembers(cell, members)).orElseGet(MembersEdit::unreadable);
    }

    /**
     * Adds a server to a site, which is made if need be.
     *
     * @param text a system configuration
     * @param site the site
     * @param server a server that the file does not name
     * @param addresses its addresses, at least one
     * @return the text changed, or why it was not
     */
    public static Result server(String text, SiteId site, ServerId server, List<Ipv4> addresses) {
        return of(text).map(edit -> edit.addServer(site, server, addresses)).orElseGet(MembersEdit::unreadable);
    }

    private Result setMembers(CellId cell, List<ServerId> wanted) {
        List<ServerId> sorted = wanted.stream().sorted().toList();
        SystemConfig.Cell known = find(before, cell).orElse(null);
        if (known == null) {
            return new Refused(
                    "the file has no cell " + cell,
                    "its cells are: "
                            + before.cells().stream()
                                    .map(one -> one.id().name())
                                    .toList());
        }
        if (known.servers().equals(sorted)) {
            return new Edited(text);
        }
        String list = sorted.stream().map(ServerId::name).collect(Collectors.joining(", ", "[", "]"));
        MappingNode map = child(root, "cells")
                .flatMap(cells -> child(cells, cell.name()))
                .flatMap(MembersEdit::mapping)
                .orElse(null);
        if (map == null) {
            return new Refused(
                    "the file names no cells: all servers of its sites answer for all its networks",
                    "put them into a cell by hand, 'cells: { " + cell + ": { servers: " + list
                            + ", networks: ... } }', then anylease config apply");
        }
        NodeTuple servers = entry(map, "servers").orElse(null);
        String edited = servers == null
                ? insertFirst(map, "servers: " + list)
                : replace(end(servers.getKeyNode()), end(servers.getValueNode()), ": " + list);
        return checked(
                edited,
                "cell " + cell + " is to have 'servers: " + list + "'",
                after -> find(after, cell)
                                .filter(one -> one.servers().equals(sorted))
                                .isPresent()
                        && others(after, cell).equals(others(before, cell))
                        && after.sites().equals(before.sites()));
    }

    private Result addServer(SiteId site, ServerId server, List<Ipv4> addresses) {
        if (before.siteOf(server).isPresent()) {
            return new Edited(text);
        }
        String where = addresses.stream()
                .map(Ipv4::toString)
                .collect(Collectors.joining(", ", addresses.size() == 1 ? "" : "[", addresses.size() == 1 ? "" : "]"));
        String entry = server + ": " + where;
        MappingNode sites = child(root, "sites").flatMap(MembersEdit::mapping).orElse(null);
        MappingNode there = sites == null
                ? null
                : child(sites, site.name())
                        .flatMap(one -> child(one, "servers"))
                        .flatMap(MembersEdit::mapping)
                        .orElse(null);
        String edited = there != null
                ? insertFirst(there, entry)
                : sites == null ? text : insertFirst(sites, site + ": { servers: { " + entry + " } }");
        return checked(
                edited,
                "site " + site + " is to have the server '" + entry + "'",
                after -> after.siteOf(server)
                        .filter(found -> found.id().equals(site))
                        .isPresent());
    }

    private static Result checked(String edited, String wanted, Predicate<SystemConfig> right) {
        return read(edited).filter(right).isPresent()
                ? new Edited(edited)
                : new Refused(
                        "the file is written in a way that cannot be changed without touching more of it",
                        "change it by hand, " + wanted + ", then anylease config apply");
    }

    private static Optional<SystemConfig.Cell> find(SystemConfig config, CellId cell) {
        return config.cells().stream().filter(one -> one.id().equals(cell)).findFirst();
    }

    private static List<SystemConfig.Cell> others(SystemConfig config, CellId cell) {
        return config.cells().stream().filter(one -> !one.id().equals(cell)).toList();
    }

    private static Optional<MappingNode> mapping(Node node) {
        return node instanceof MappingNode map && !map.getValue().isEmpty() ? Optional.of(map) : Optional.empty();
    }

    private static Optional<NodeTuple> entry(Node node, String key) {
        return mapping(node)
                .flatMap(map -> map.getValue().stream()
                        .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode name
                                && name.getValue().equals(key))
                        .findFirst());
    }

    private static Optional<Node> child(Node node, String key) {
        return entry(node, key).map(NodeTuple::getValueNode);
    }

    /** Before the first entry of a map, in the map's own style. */
    private String insertFirst(MappingNode map, String entry) {
        Mark first = map.getValue().getFirst().getKeyNode().getStartMark().orElseThrow();
        int at = offset(first);
        String between = map.getFlowStyle() == FlowStyle.FLOW ? ", " : "\n" + " ".repeat(first.getColumn());
        return replace(at, at, entry + between);
    }

    private int end(Node node) {
        // A list in lines ends where its last item does: its own end is where the next thing begins.
        if (node instanceof SequenceNode list
                && list.getFlowStyle() != FlowStyle.FLOW
                && !list.getValue().isEmpty()) {
            return end(new ArrayList<>(list.getValue()).getLast());
        }
        return offset(node.getEndMark().orElseThrow());
    }

    private int offset(Mark mark) {
        return text.offsetByCodePoints(0, mark.getIndex());
    }

    private String replace(int from, int to, String with) {
        return text.substring(0, from) + with + text.substring(to);
    }
}
