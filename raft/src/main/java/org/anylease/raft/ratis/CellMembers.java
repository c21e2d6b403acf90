package org.anylease.raft.ratis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.anylease.raft.membership.GroupMembers;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * Who votes in which cell: by this server's log where it has one, else by what it was told when it joined. From any
 * thread.
 */
final class CellMembers {
    private final Map<CellId, List<ServerId>> told = new ConcurrentSkipListMap<>();
    private final Set<CellId> left = ConcurrentHashMap.newKeySet();
    private volatile @Nullable RatisNode node;

    void begin(RatisNode started) {
        node = started;
    }

    void tell(Map<CellId, List<ServerId>> voters) {
        voters.forEach(this::tell);
    }

    void tell(CellId cell, List<ServerId> voters) {
        told.put(cell, voters.stream().sorted().toList());
        left.remove(cell);
    }

    /** This server has left a cell. */
    void leave(CellId cell) {
        told.remove(cell);
        left.add(cell);
    }

    boolean hasLeft(CellId cell) {
        return left.contains(cell);
    }

    /** What it was told, by cell. */
    SortedMap<CellId, List<ServerId>> told() {
        return new TreeMap<>(told);
    }

    GroupMembers group(CellId cell) {
        RatisNode known = node;
        return known == null ? GroupMembers.NONE : known.members(cell);
    }

    List<ServerId> voters(CellId cell) {
        List<ServerId> voters = group(cell).voters();
        return voters.isEmpty() ? told.getOrDefault(cell, List.of()) : voters;
    }

    /** Voters and listeners. */
    List<ServerId> all(CellId cell) {
        return Stream.concat(voters(cell).stream(), group(cell).listeners().stream())
                .toList();
    }
}
