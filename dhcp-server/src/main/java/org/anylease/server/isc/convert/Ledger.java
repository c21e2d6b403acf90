package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement;
import org.jspecify.annotations.Nullable;

/** An entry for every statement, in the order of the files. */
final class Ledger {
    private final List<Entry> entries = new ArrayList<>();

    Entry open(Statement statement) {
        Entry entry = new Entry(statement, entries.size());
        entries.add(entry);
        return entry;
    }

    /** Entries for a statement and all within it, which all have no effect here. */
    void refuse(Statement statement, String what, String instead) {
        Entry entry = open(statement);
        entry.refuse(what, instead);
        within(statement, inner -> inner.refuse("it stands in '" + entry.head() + "'", ""));
    }

    /** Entries for a statement that is wrong where it stands, and all within it. */
    void malformed(Statement statement, String what) {
        Entry entry = open(statement);
        entry.malformed(what);
        within(statement, inner -> inner.refuse("it stands in '" + entry.head() + "'", ""));
    }

    /** Entries for a statement and all within it, which need nothing. */
    void converted(Statement statement, String note) {
        open(statement).converted(note);
        within(statement, inner -> inner.converted(note));
    }

    private void within(Statement statement, Consumer<Entry> settling) {
        Statement.walk(statement.within(), inner -> {
            Entry entry = open(inner);
            if (inner instanceof Statement.Broken broken) {
                entry.malformed(broken.problem().what(), broken.problem().at());
            } else {
                settling.accept(entry);
            }
        });
    }

    List<Finding> findings() {
        return entries.stream().map(Entry::finding).toList();
    }

    /** What becomes of one statement; what was said first of the gravest verdict stays. */
    static final class Entry {
        private final Statement statement;
        private final int number;
        private @Nullable Verdict verdict;
        private Place at;
        private String what = "";
        private String instead = "";

        private Entry(Statement statement, int number) {
            this.statement = statement;
            this.number = number;
            this.at = statement.origin().at();
        }

        /** Whether its statement stands behind another. */
        boolean isBehind(Entry other) {
            return number > other.number;
        }

        /** In the order of the files. */
        int number() {
            return number;
        }

        Place at() {
            return statement.origin().at();
        }

        String head() {
            String source = statement.origin().source();
            return source.length() > 40 ? source.substring(0, 39) + "…" : source;
        }

        boolean isSettled() {
            return verdict != null;
        }

        boolean isConverted() {
            return verdict == Verdict.CONVERTED || verdict == Verdict.DIFFERENT;
        }

        void converted() {
            settle(Verdict.CONVERTED, "", "");
        }

        void converted(String note) {
            settle(Verdict.CONVERTED, note, "");
        }

        void differs(String how, String todo) {
            settle(Verdict.DIFFERENT, how, todo);
        }

        void refuse(String did, String todo) {
            settle(Verdict.UNSUPPORTED, did, todo);
        }

        void malformed(String wrong) {
            malformed(wrong, at());
        }

        void malformed(String wrong, Place where) {
            if (verdict != Verdict.MALFORMED) {
                at = where;
            }
            settle(Verdict.MALFORMED, wrong, "");
        }

        private void settle(Verdict next, String text, String todo) {
            if (verdict == null || next.compareTo(verdict) > 0) {
                verdict = next;
                what = text;
                instead = todo;
            }
        }

        private Finding finding() {
            Verdict settled = verdict;
            if (settled == null) {
                throw new IllegalStateException("nothing was decided about " + statement.origin());
            }
            return new Finding(at, statement.origin().source(), settled, what, instead);
        }
    }
}
