package org.anylease.server.core;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.anylease.server.expression.Evaluation;
import org.anylease.server.expression.Expression;
import org.anylease.server.expression.ExpressionException;
import org.anylease.server.expression.OptionNames;
import org.anylease.server.expression.RequestView;
import org.anylease.store.address.Octets;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.ClassMembership;
import org.jspecify.annotations.Nullable;

/** A cell's classes, compiled: tells which of them a packet makes its client a member of. */
final class ServedClasses {
    /** So many combinations of classes are merged beforehand; further ones are merged for each packet. */
    private static final int OVERLAYS_MAX = 1024;

    private static final int NO_MEMBER = -1;

    private final List<Compiled> classes = new ArrayList<>();
    private final Object2ObjectOpenHashMap<IntArrayList, Overlay> overlays = new Object2ObjectOpenHashMap<>();
    private boolean readable = true;

    /** A class that can be told. */
    private record Compiled(
            ClientClass configured,
            @Nullable Expression match,
            @Nullable Expression key,
            Object2IntOpenHashMap<Octets> members,
            boolean kept,
            boolean counted) {
        boolean says(int member) {
            return !configured.settings().equals(ReplySettings.NONE)
                    || !configured.times().equals(ClassTimes.NONE)
                    || !memberSettings(member).equals(ReplySettings.NONE);
        }

        ReplySettings memberSettings(int member) {
            return member == NO_MEMBER
                    ? ReplySettings.NONE
                    : configured.members().get(member).settings();
        }
    }

    ServedClasses(CellConfig config) {
        TreeSet<String> ofPools = new TreeSet<>();
        for (SharedNetwork network : config.networks()) {
            network.subnets().stream()
                    .flatMap(subnet -> subnet.pools().stream())
                    .forEach(pool -> {
                        ofPools.addAll(pool.access().allow());
                        ofPools.addAll(pool.access().deny());
                    });
        }
        try {
            for (ClientClass each : config.classes()) {
                classes.add(compiled(each, ofPools.contains(each.name())));
            }
        } catch (ExpressionException e) {
            // The server that took the configuration could read it, and this one is older: it cannot tell whom it
            // serves.
            readable = false;
        }
    }

    private static Compiled compiled(ClientClass each, boolean ofPools) throws ExpressionException {
        Object2IntOpenHashMap<Octets> members =
                new Object2IntOpenHashMap<>(each.members().size());
        members.defaultReturnValue(NO_MEMBER);
        for (int i = 0; i < each.members().size(); i++) {
            members.put(each.members().get(i).value(), i);
        }
        return new Compiled(
                each,
                compiled(each.match()),
                compiled(each.key()),
                members,
                ofPools || each.isKept(),
                each.isLimited() && each.key() != null);
    }

    private static @Nullable Expression compiled(@Nullable String text) throws ExpressionException {
        return text == null ? null : Expression.compile(text, OptionNames.NONE);
    }

    /** Whether there is nothing to tell, so that no packet has to be looked at. */
    boolean isEmpty() {
        return readable && classes.isEmpty();
    }

    /** Whether this program knows all that the classes are written with; otherwise it can tell nobody's. */
    boolean isReadable() {
        return readable;
    }

    /**
     * The classes of a client.
     *
     * @return null when that took more steps than a packet may cost
     */
    @Nullable
    Classified classify(RequestView request) {
        Evaluation evaluation = new Evaluation(request);
        List<ClassMembership> kept = new ArrayList<>(2);
        IntArrayList saying = new IntArrayList(4);
        for (int i = 0; i < classes.size(); i++) {
            Compiled each = classes.get(i);
            if (each.match != null && !each.match.test(evaluation)) {
                continue;
            }
            Octets value = each.key == null
                    ? Octets.EMPTY
                    : each.key.octets(evaluation).orElse(null);
            int member = value == null ? NO_MEMBER : each.members.getInt(value);
            if (value == null || (each.key != null && !each.configured.open() && member == NO_MEMBER)) {
                continue;
            }
            if (each.kept) {
                kept.add(ClassMembership.of(each.configured.name(), each.counted ? value : Octets.EMPTY));
            }
            if (each.says(member)) {
                saying.add(i);
                saying.add(member);
            }
        }
        return evaluation.isExhausted() ? null : new Classified(List.copyOf(kept), overlay(saying));
    }

    private Overlay overlay(IntArrayList saying) {
        if (saying.isEmpty()) {
            return Overlay.NONE;
        }
        Overlay known = overlays.get(saying);
        if (known != null) {
            return known;
        }
        boolean numbered = overlays.size() < OVERLAYS_MAX;
        Overlay merged = merged(numbered ? overlays.size() + 1 : Overlay.UNNUMBERED, saying);
        if (numbered) {
            overlays.put(saying, merged);
        }
        return merged;
    }

    /** The first class goes before those behind it, and what it says of a value before what it says of all. */
    private Overlay merged(int number, IntArrayList saying) {
        ReplySettings settings = ReplySettings.NONE;
        ClassTimes times = ClassTimes.NONE;
        for (int i = 0; i < saying.size(); i += 2) {
            Compiled each = classes.get(saying.getInt(i));
            ReplySettings own = each.memberSettings(saying.getInt(i + 1)).over(each.configured.settings());
            settings = settings.over(own);
            times = times.equals(ClassTimes.NONE) ? each.configured.times() : times;
        }
        return new Overlay(number, settings, times);
    }
}
