package org.anylease.server.isc.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Looks at the tokens to come, and takes them. */
final class TokenReader {
    private final Lexer lexer;
    private final Deque<Token> ahead = new ArrayDeque<>();
    private int lastEnd;
    private int braces;

    TokenReader(Lexer lexer) {
        this.lexer = lexer;
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int distance) {
        while (ahead.size() <= distance) {
            ahead.add(lexer.next());
        }
        Iterator<Token> tokens = ahead.iterator();
        for (int i = 0; i < distance; i++) {
            tokens.next();
        }
        return tokens.next();
    }

    Token next() {
        Token token = advance();
        if (token.kind() == Token.Kind.BAD) {
            throw new SyntaxFailure(token.at(), token.text());
        }
        return token;
    }

    private Token advance() {
        Token token = peek();
        ahead.remove();
        lastEnd = token.end();
        braces += token.isMark("{") ? 1 : token.isMark("}") ? -1 : 0;
        return token;
    }

    boolean atEnd() {
        return peek().kind() == Token.Kind.END;
    }

    boolean isNext(String mark) {
        return peek().isMark(mark);
    }

    boolean take(String mark) {
        boolean there = isNext(mark);
        if (there) {
            next();
        }
        return there;
    }

    boolean takeWord(String word) {
        boolean there = peek().isWord(word);
        if (there) {
            next();
        }
        return there;
    }

    void expect(String mark) {
        if (!take(mark)) {
            throw failure("expected '" + mark + "'");
        }
    }

    void expectWord(String word) {
        if (!takeWord(word)) {
            throw failure("expected '" + word + "'");
        }
    }

    Token word(String what) {
        if (peek().kind() != Token.Kind.WORD) {
            throw failure("expected " + what);
        }
        return next();
    }

    String string(String what) {
        if (peek().kind() != Token.Kind.STRING) {
            throw failure("expected " + what + " in quotes");
        }
        return next().text();
    }

    /** A failure at the token to come. */
    SyntaxFailure failure(String expected) {
        boolean bad = peek().kind() == Token.Kind.BAD;
        return new SyntaxFailure(peek().at(), bad ? peek().text() : expected + ", but here is " + peek().shown());
    }

    /** A word, and what touches it up to space, a comma or the end of the statement. */
    Piece piece() {
        Token first = next();
        if (first.kind() == Token.Kind.STRING) {
            return new Piece(first.at(), first.text(), true);
        }
        StringBuilder text = new StringBuilder(first.text());
        for (Token token = peek(); isPart(token) && token.touches(); token = peek()) {
            text.append(next().text());
        }
        return new Piece(first.at(), text.toString(), false);
    }

    private static boolean isPart(Token token) {
        return token.kind() == Token.Kind.WORD
                || (token.kind() == Token.Kind.MARK && !",;{}()=".contains(token.text()));
    }

    /** Pieces between commas, up to the mark that ends the statement, which stays. */
    Value.Data data() {
        List<List<Piece>> items = new ArrayList<>();
        List<Piece> item = new ArrayList<>();
        while (!isEnd(peek())) {
            if (take(",")) {
                if (item.isEmpty()) {
                    throw failure("expected a value before ','");
                }
                items.add(item);
                item = new ArrayList<>();
            } else {
                item.add(piece());
            }
        }
        if (!item.isEmpty()) {
            items.add(item);
        } else if (!items.isEmpty()) {
            throw failure("expected a value behind ','");
        }
        return new Value.Data(items);
    }

    private static boolean isEnd(Token token) {
        return token.kind() == Token.Kind.END || token.isMark(";") || token.isMark("{") || token.isMark("}");
    }

    /** What stands between two offsets, on one line. */
    String source(int start) {
        return source(start, lastEnd);
    }

    private String source(int start, int end) {
        int to = Math.min(end, start + SHOWN_MAX * 2);
        String text = lexer.text().substring(start, Math.max(start, to));
        String line = text.replaceAll("#[^\n]*", " ")
                .replaceAll("[\\s\\x00-\\x1f\\x7f-\\xff]+", " ")
                .strip()
                .replaceAll("(?i)\\b(secret)(?![\\w-])\\s*\\S.*", "$1 …");
        return line.length() > SHOWN_MAX ? line.substring(0, SHOWN_MAX - 1) + "…" : line;
    }

    /** How much of a statement is shown in reports, in characters. */
    private static final int SHOWN_MAX = 100;

    /** How many blocks and records are open. */
    int braces() {
        return braces;
    }

    /**
     * Goes behind the statement that failed: behind its semicolon or block, or before the end of the block around.
     *
     * @param around how many blocks were open when the statement began
     */
    void recover(int around) {
        while (true) {
            Token token = peek();
            boolean within = braces > around;
            if (token.kind() == Token.Kind.END || (!within && token.isMark("}"))) {
                return;
            }
            advance();
            if (token.isMark(";") && !within) {
                return;
            }
            if (token.isMark("}") && braces <= around) {
                take(";");
                return;
            }
        }
    }
}
