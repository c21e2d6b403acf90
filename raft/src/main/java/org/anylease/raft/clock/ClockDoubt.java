package org.anylease.raft.clock;

/** Why a server's clock is not trusted in a cell. */
public enum ClockDoubt {
    /** It is further than the skew from the clocks of a majority of the voters. */
    STRAYED("it is further than the skew from the clocks of most servers", "set this server's clock"),
    /** As many of the clocks that could be read are further than the skew from it as agree with it. */
    DISPUTED(
            "it and other servers' clocks differ by more than the skew",
            "compare the servers' clocks, and set the" + " wrong one"),
    /** It was set while the server ran, and no majority of the clocks agrees with it. */
    STEPPED(
            "it was set while this server ran, and too few servers can be reached that agree with it",
            "check this server's clock, and mend the connection to the other servers"),
    /** No other clock was read for so long that it may have drifted past the skew. */
    UNSEEN("no other server's clock was read for too long", "mend the connection to the other servers"),
    /** It is behind the cell's time. */
    BEHIND_THE_CELL("it is behind the cell's time", "set this server's clock");

    private final String meaning;
    private final String remedy;

    ClockDoubt(String meaning, String remedy) {
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /**
     * What is wrong.
     *
     * @return a clause whose subject is the clock
     */
    public String meaning() {
        return meaning;
    }

    /**
     * What to do.
     *
     * @return an imperative without a full stop
     */
    public String remedy() {
        return remedy;
    }
}
