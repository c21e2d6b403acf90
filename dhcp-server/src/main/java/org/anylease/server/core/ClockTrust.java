package org.anylease.server.core;

/** Whether this server's clock is good enough to promise by it. */
final class ClockTrust {
    private boolean trusted = true;
    private String reason = "";

    /** Takes what was found out; true when it is news. */
    boolean heard(boolean isTrusted, String why) {
        boolean news = trusted != isTrusted;
        trusted = isTrusted;
        reason = isTrusted ? "" : why;
        return news;
    }

    boolean isTrusted() {
        return trusted;
    }

    /** What is wrong with it; empty when nothing is. */
    String reason() {
        return reason;
    }
}
