package org.anylease.server.isc.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.anylease.server.isc.syntax.Statement.Action;
import org.anylease.server.isc.syntax.Statement.Broken;
import org.anylease.server.isc.syntax.Statement.Case;
import org.anylease.server.isc.syntax.Statement.Conditional;
import org.anylease.server.isc.syntax.Statement.Define;
import org.anylease.server.isc.syntax.Statement.Include;
import org.anylease.server.isc.syntax.Statement.Kind;
import org.anylease.server.isc.syntax.Statement.Match;
import org.anylease.server.isc.syntax.Statement.Matching;
import org.anylease.server.isc.syntax.Statement.Modifier;
import org.anylease.server.isc.syntax.Statement.OnEvent;
import org.anylease.server.isc.syntax.Statement.Origin;
import org.anylease.server.isc.syntax.Statement.Permission;
import org.anylease.server.isc.syntax.Statement.Setting;
import org.anylease.server.isc.syntax.Statement.Switch;
import org.anylease.server.isc.syntax.Statement.Verb;
import org.jspecify.annotations.Nullable;

/** Reads the statements of one file, and goes on behind those that cannot be understood. */
final class StatementReader {
    /** Blocks and files are not nested deeper. */
    private static final int DEPTH_MAX = 50;

    private final TokenReader tokens;
    private final ExpressionReader expressions;
    private final OptionReader options;
    private final DeclarationReader declarations;
    private final Inclusion inclusion;
    private int depth;

    /** Reads included files. */
    interface Inclusion {
        /** What a file says; null when it cannot be read. */
        @Nullable
        List<Statement> read(String file, int depth);
    }

    StatementReader(String file, String text, int depth, Inclusion inclusion) {
        this.tokens = new TokenReader(new Lexer(file, text));
        this.expressions = new ExpressionReader(tokens);
        this.options = new OptionReader(tokens, expressions);
        this.declarations = new DeclarationReader(tokens, expressions, this);
        this.inclusion = inclusion;
        this.depth = depth;
    }

    /** The next statement outside of blocks; null at the end of the file. */
    @Nullable
    Statement next() {
        while (true) {
            if (tokens.atEnd()) {
                return null;
            }
            if (tokens.isNext("}")) {
                Token stray = tokens.next();
                return new Broken(new Origin(stray.at(), "}"), new SyntaxProblem(stray.at(), "'}' closes no block"));
            }
            if (!tokens.take(";")) {
                return statement();
            }
        }
    }

    /** A block with its braces. */
    List<Statement> block() {
        tokens.expect("{");
        if (++depth > DEPTH_MAX) {
            depth--;
            throw tokens.failure("blocks are nested deeper than " + DEPTH_MAX);
        }
        try {
            List<Statement> body = new ArrayList<>();
            while (!closes(body)) {
                if (!tokens.take(";")) {
                    body.add(statement());
                }
            }
            return body;
        } finally {
            depth--;
        }
    }

    private boolean closes(List<Statement> body) {
        if (tokens.atEnd()) {
            SyntaxProblem problem = tokens.failure("expected '}'").problem();
            body.add(new Broken(new Origin(problem.at(), ""), problem));
            return true;
        }
        return tokens.take("}");
    }

    private Statement broken(SyntaxFailure failure, Token start, int braces) {
        tokens.recover(braces);
        return new Broken(origin(start), failure.problem());
    }

    private Statement statement() {
        Token start = tokens.peek();
        int braces = tokens.braces();
        try {
            return read(start);
        } catch (SyntaxFailure e) {
            return broken(e, start, braces);
        }
    }

    private Statement read(Token start) {
        String word = tokens.word("a statement").text().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "include" -> include(start);
            case "option" -> options.option(start);
            case "send" -> options.setting(start, Modifier.SEND);
            case "supersede" -> options.setting(start, Modifier.SUPERSEDE);
            case "append" -> options.setting(start, Modifier.APPEND);
            case "prepend" -> options.setting(start, Modifier.PREPEND);
            case "default" -> tokens.isNext(":") ? caseLabel(start, null) : options.setting(start, Modifier.DEFAULT);
            case "case" -> caseLabel(start, expressions.read());
            case "allow" -> permission(start, Verb.ALLOW);
            case "deny" -> permission(start, Verb.DENY);
            case "ignore" -> permission(start, Verb.IGNORE);
            case "not" -> {
                tokens.expectWord("authoritative");
                Place at = start.at();
                yield end(
                        start,
                        origin -> new Setting(
                                origin,
                                "authoritative",
                                new Value.Data(List.of(List.of(new Piece(at, "false", false))))));
            }
            case "if", "elsif" -> conditional(start, word, expressions.read());
            case "else" ->
                tokens.takeWord("if")
                        ? conditional(start, "elsif", expressions.read())
                        : conditional(start, word, null);
            case "switch" -> {
                tokens.expect("(");
                Expression on = expressions.read();
                tokens.expect(")");
                Origin origin = origin(start);
                yield new Switch(origin, on, block());
            }
            case "on" -> onEvent(start);
            case "define" -> define(start);
            case "set", "unset", "eval", "execute", "log", "return", "break", "add", "parse-vendor-option" ->
                action(start, word);
            case "match" -> matching(start, tokens.takeWord("if") ? Match.MATCH_IF : Match.MATCH);
            case "spawn" -> {
                tokens.expectWord("with");
                yield matching(start, Match.SPAWN_WITH);
            }
            default -> {
                Statement declaration = declarations.declaration(start, word);
                yield declaration != null ? declaration : other(start, word);
            }
        };
    }

    private Statement other(Token start, String word) {
        if (Settings.isKnown(word)) {
            Value value = options.value();
            return end(start, origin -> new Setting(origin, word, value));
        }
        if (tokens.take("(")) {
            List<Expression> arguments = expressions.arguments();
            return end(start, origin -> new Action(origin, "call", word, arguments));
        }
        if (tokens.isNext(";")) {
            return end(
                    start, origin -> new Action(origin, "call", word, List.of(new Expression.Name(origin.at(), word))));
        }
        throw new SyntaxFailure(start.at(), "there is no statement '" + start.text() + "'");
    }

    Origin origin(Token start) {
        return new Origin(start.at(), tokens.source(start.start()));
    }

    /** Makes a statement of what ends here with a semicolon. */
    Statement end(Token start, java.util.function.Function<Origin, Statement> statement) {
        Origin origin = origin(start);
        tokens.expect(";");
        return statement.apply(origin);
    }

    private Statement include(Token start) {
        String file = tokens.string("a file's name");
        Origin origin = origin(start);
        tokens.expect(";");
        if (depth >= DEPTH_MAX) {
            return new Broken(
                    origin,
                    new SyntaxProblem(start.at(), "files are included deeper than " + DEPTH_MAX + ": a circle?"));
        }
        List<Statement> body = inclusion.read(file, depth + 1);
        return body == null
                ? new Broken(origin, new SyntaxProblem(start.at(), "the included file '" + file + "' cannot be read"))
                : new Include(origin, file, body);
    }

    private Statement permission(Token start, Verb verb) {
        StringBuilder what = new StringBuilder();
        String argument = "";
        while (!tokens.isNext(";")) {
            String before = what.toString();
            if (before.equals("members of")) {
                argument = tokens.string("a class");
                break;
            }
            if (before.equals("after")) {
                argument = String.join(
                        " ", tokens.data().pieces().stream().map(Piece::text).toList());
                break;
            }
            String word =
                    tokens.word("whom or what").text().toLowerCase(Locale.ROOT).replace('-', ' ');
            what.append(what.isEmpty() ? "" : " ").append(word);
        }
        String whom = what.toString();
        String named = argument;
        if (!whom.matches(
                "(un)?known clients|all clients|(un)?authenticated clients|dynamic bootp( clients)?|members of"
                        + "|after|bootp|booting|duplicates|declines|client updates|leasequery")) {
            throw new SyntaxFailure(start.at(), "'" + whom + "' can neither be allowed nor denied");
        }
        return end(start, origin -> new Permission(origin, verb, whom, named));
    }

    private Statement conditional(Token start, String word, @Nullable Expression condition) {
        Origin origin = origin(start);
        return new Conditional(origin, word, condition, block());
    }

    private Statement caseLabel(Token start, @Nullable Expression value) {
        Origin origin = origin(start);
        tokens.expect(":");
        return new Case(origin, value);
    }

    private Statement onEvent(Token start) {
        List<String> events = new ArrayList<>();
        do {
            Token event = tokens.word("commit, expiry, release or transmission");
            String name = event.text().toLowerCase(Locale.ROOT);
            if (!name.matches("commit|expiry|release|transmission")) {
                throw new SyntaxFailure(
                        event.at(), "nothing happens as '" + name + "' (expected commit, expiry or release)");
            }
            events.add(name);
        } while (tokens.takeWord("or") || tokens.take("|"));
        if (tokens.isNext(";")) {
            return end(start, origin -> new OnEvent(origin, events, List.of()));
        }
        Origin origin = origin(start);
        return new OnEvent(origin, events, block());
    }

    private Statement define(Token start) {
        String name = tokens.word("a function's name").text();
        List<String> parameters = new ArrayList<>();
        tokens.expect("(");
        while (!tokens.take(")")) {
            if (!parameters.isEmpty()) {
                tokens.expect(",");
            }
            parameters.add(tokens.word("a parameter's name").text());
        }
        Origin origin = origin(start);
        return new Define(origin, name, parameters, block());
    }

    private Statement matching(Token start, Match how) {
        Expression expression = expressions.read();
        return end(start, origin -> new Matching(origin, how, expression));
    }

    private Statement action(Token start, String word) {
        List<Expression> arguments = new ArrayList<>();
        String target = switch (word) {
            case "set" -> {
                String variable = tokens.word("a variable").text();
                tokens.expect("=");
                arguments.add(expressions.read());
                yield variable;
            }
            case "unset" -> tokens.word("a variable").text();
            case "add" -> tokens.string("a class");
            case "log" -> {
                tokens.expect("(");
                String priority =
                        tokens.peek(1).isMark(",") ? tokens.word("a priority").text() : "";
                if (!priority.isEmpty()) {
                    tokens.expect(",");
                }
                arguments.addAll(expressions.arguments());
                yield priority;
            }
            case "execute" -> {
                tokens.expect("(");
                arguments.addAll(expressions.arguments());
                yield "";
            }
            case "eval", "return" -> {
                if (!tokens.isNext(";")) {
                    arguments.add(expressions.read());
                }
                yield "";
            }
            default -> "";
        };
        return end(start, origin -> new Action(origin, word, target, arguments));
    }

    /** For declarations. */
    Statement declared(Token start, Kind kind, String name) {
        Origin origin = origin(start);
        return new Statement.Declaration(origin, kind, name, block());
    }
}
