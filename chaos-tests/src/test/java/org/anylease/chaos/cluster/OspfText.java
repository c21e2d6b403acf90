package org.anylease.chaos.cluster;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What BIRD's client prints about OSPF. */
final class OspfText {
    private static final Pattern AGE = Pattern.compile("^(\\S+ +\\S+ +\\S+ +\\S+) +\\d+ +(\\S+)$");

    private OspfText() {}

    /** The announcements that {@code show ospf lsadb} lists, without their age. */
    static List<String> announced(String lsadb) {
        return lsadb.lines()
                .map(line -> AGE.matcher(line.strip()))
                .filter(Matcher::matches)
                .map(line -> line.group(1) + " " + line.group(2))
                .sorted()
                .toList();
    }

    /** What {@code show ospf state} says of a router. */
    static List<String> links(String state, String router) {
        return state.lines()
                .dropWhile(line -> !line.strip().equals("router " + router))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .map(String::strip)
                .toList();
    }
}
