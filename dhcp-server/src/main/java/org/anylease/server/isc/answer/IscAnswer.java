package org.anylease.server.isc.answer;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement.Origin;

/**
 * What dhcpd would answer to a DISCOVER.
 *
 * @param fields by name: {@code reply}, a field of the header such as {@code siaddr}, or {@code option N}
 * @param undetermined fields that statements set which were not evaluated
 * @param unevaluated those statements
 */
public record IscAnswer(SortedMap<String, Said> fields, SortedSet<String> undetermined, List<Unevaluated> unevaluated) {
    /** The field that says whether there is an answer. */
    public static final String REPLY = "reply";

    /** The field with the address. */
    public static final String ADDRESS = "yiaddr";

    /**
     * A field's value.
     *
     * @param value as in an answer; an option's octets in hexadecimal digits
     * @param by the statements that say so; none for what dhcpd does by itself
     */
    public record Said(String value, List<Place> by) {
        /** Copies the list. */
        public Said {
            by = List.copyOf(by);
        }
    }

    /**
     * A statement that was not evaluated.
     *
     * @param origin the statement
     * @param why what stands against it
     */
    public record Unevaluated(Origin origin, String why) {
        @Override
        public String toString() {
            return origin.at().file() + ":" + origin.at().line() + ": " + origin.source() + ": " + why;
        }
    }

    /** Copies all. */
    public IscAnswer {
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
        undetermined = Collections.unmodifiableSortedSet(new TreeSet<>(undetermined));
        unevaluated = List.copyOf(unevaluated);
    }
}
