package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Conditional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a scope of each branch of {@code if} and {@code switch}, with its whole condition: that of an {@code else} is
 * that all before it are false. Reads the statements of one block.
 */
final class ConditionReader {
    private final Ledger ledger;
    private final BiConsumer<List<Statement>, Scope> bodies;
    private final Scope scope;

    /** Whether a branch before the next {@code elsif} or {@code else} is taken; null where there is none. */
    private @Nullable Expression taken;

    ConditionReader(Ledger ledger, BiConsumer<List<Statement>, Scope> bodies, Scope scope) {
        this.ledger = ledger;
        this.bodies = bodies;
        this.scope = scope;
    }

    /** Reads a statement of the block, if it is of the kind. */
    boolean read(Statement statement) {
        switch (statement) {
            case Conditional conditional -> conditional(conditional);
            case Statement.Switch choice -> choice(choice);
            case Statement.Case label -> ledger.malformed(label, "it must stand in a switch");
            default -> {
                return false;
            }
        }
        return true;
    }

    private void conditional(Conditional branch) {
        Place at = branch.origin().at();
        Expression before = branch.word().equals("if") ? null : taken;
        Expression own = branch.condition();
        Expression when = own;
        if (before != null) {
            Expression none = new Expression.Call(at, ExpressionText.OTHERWISE, List.of(before));
            when = own == null ? none : new Expression.Binary(at, "and", none, own);
        }
        taken = own == null ? null : before == null ? own : new Expression.Binary(at, "or", before, own);
        Scope child = new Scope(Scope.Kind.CONDITION, scope, branch.word(), ledger.open(branch));
        child.when = when;
        bodies.accept(branch.body(), child);
    }

    private void choice(Statement.Switch choice) {
        ledger.open(choice).converted("each case is a class");
        List<Expression> values = new ArrayList<>();
        for (Statement inner : choice.body()) {
            if (inner instanceof Statement.Case label && label.value() != null) {
                values.add(label.value());
            }
        }
        List<Expression> running = new ArrayList<>();
        List<Statement> block = new ArrayList<>();
        Scope target = null;
        boolean reached = false;
        for (Statement inner : choice.body()) {
            switch (inner) {
                case Statement.Case label -> {
                    if (target != null && reached && block.isEmpty()) {
                        target.entry().converted("it goes on with the next");
                    }
                    flush(block, target, reached);
                    running = reached ? running : new ArrayList<>();
                    running.add(condition(choice, label, values));
                    target = new Scope(Scope.Kind.CONDITION, scope, "case", ledger.open(label));
                    target.when = any(running);
                    reached = true;
                }
                case Statement.Action action
                when action.word().equals("break") -> {
                    flush(block, target, reached);
                    ledger.open(action).converted("what follows is for other cases");
                    reached = false;
                }
                default -> block.add(inner);
            }
        }
        flush(block, target, reached);
    }

    private void flush(List<Statement> block, @Nullable Scope target, boolean reached) {
        if (target != null && reached) {
            bodies.accept(List.copyOf(block), target);
        } else {
            block.forEach(never -> ledger.converted(never, "it was never reached"));
        }
        block.clear();
    }

    private static Expression condition(Statement.Switch choice, Statement.Case label, List<Expression> values) {
        Place at = label.origin().at();
        Expression value = label.value();
        if (value != null) {
            return new Expression.Binary(at, "=", choice.on(), value);
        }
        List<Expression> others = new ArrayList<>();
        values.forEach(each -> others.add(new Expression.Binary(at, "=", choice.on(), each)));
        return others.isEmpty() ? new Expression.Name(at, "true") : new Expression.Not(at, any(others));
    }

    private static Expression any(List<Expression> conditions) {
        Expression all = conditions.getFirst();
        for (Expression next : conditions.subList(1, conditions.size())) {
            all = new Expression.Binary(next.at(), "or", all, next);
        }
        return all;
    }
}
