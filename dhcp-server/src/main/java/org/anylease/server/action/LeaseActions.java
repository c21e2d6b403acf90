package org.anylease.server.action;

import java.util.ArrayList;
import java.util.List;
import org.anylease.server.expression.Evaluation;
import org.anylease.server.expression.Expression;
import org.anylease.server.expression.ReplyView;
import org.anylease.server.expression.RequestView;
import org.anylease.store.address.Octets;

/**
 * All that is done when something happens to leases. Immutable.
 *
 * @param all in the order of the file
 */
public record LeaseActions(List<LeaseAction> all) {
    /** Nothing is done. */
    public static final LeaseActions NONE = new LeaseActions(List.of());

    /** No line and no argument is longer, in characters. */
    public static final int LENGTH_MAX = 1_024;

    /** Copies the list. */
    public LeaseActions {
        all = List.copyOf(all);
    }

    /**
     * Whether anything is done at an event.
     *
     * @param event what happens
     * @return false when nobody needs to look further
     */
    public boolean concern(LeaseEvent event) {
        return all.stream().anyMatch(action -> action.events().contains(event));
    }

    /**
     * What is to be done.
     *
     * @param event what happens
     * @param request the client's packet, or what is kept of it
     * @param lease the lease
     * @return in order; once the bound on steps is met, nothing that is logged or run
     */
    public List<Act> at(LeaseEvent event, RequestView request, ReplyView lease) {
        List<Act> acts = new ArrayList<>();
        Evaluation evaluation = new Evaluation(request, lease);
        for (LeaseAction action : all) {
            Expression match = action.match();
            if (action.events().contains(event) && (match == null || match.test(evaluation))) {
                add(action, evaluation, acts);
            }
        }
        return acts;
    }

    private static void add(LeaseAction action, Evaluation evaluation, List<Act> acts) {
        Expression line = action.line();
        if (line != null) {
            line.octets(evaluation)
                    .ifPresent(text -> acts.add(new Act.Line(action.name(), action.level(), printable(text))));
        }
        String command = action.command();
        if (command == null) {
            return;
        }
        List<String> arguments = new ArrayList<>();
        for (Expression argument : action.arguments()) {
            argument.octets(evaluation).map(LeaseActions::printable).ifPresent(arguments::add);
        }
        boolean complete = arguments.size() == action.arguments().size() && !evaluation.isExhausted();
        acts.add(
                complete ? new Act.Run(action.name(), command, arguments) : new Act.Incomplete(action.name(), command));
    }

    /** Clients choose some of it: nothing that it is written to may take it for anything but text. */
    static String printable(Octets octets) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < octets.length() && text.length() < LENGTH_MAX - 3; i++) {
            int octet = octets.at(i);
            if (octet >= ' ' && octet <= '~' && octet != '\\') {
                text.append((char) octet);
            } else {
                text.append(String.format("\\x%02x", octet));
            }
        }
        return text.toString();
    }
}
