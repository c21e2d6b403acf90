package org.anylease.server.event;

/** What is told of events of cells, links, snapshots and configurations, for {@link ServerEvent}. */
final class ClusterTexts {
    static final EventText ALONE_FENCED = new EventText(
            Level.COUNTED,
            "A client could not be served alone: this server may promise nothing without a commit now.",
            "See the reason in autonomy status.");

    static final EventText FENCE_UP = new EventText(
            Level.WARNING,
            "This server may promise nothing alone from now on, for the reason given.",
            "NOT_A_MEMBER: nothing, if it was removed. DECLARED_DOWN and BEHIND_ITS_REPORT end by themselves once it"
                    + " has caught up. CLOCK_UNTRUSTED: correct the clock.");

    static final EventText FENCE_DOWN = new EventText(Level.INFO, "This server may promise alone again.", "Nothing.");

    static final EventText SERVING_ALONE = new EventText(
            Level.WARNING,
            "Commits do not come through in time: clients are served alone, known ones up to MCLT past their expiry,"
                    + " new ones out of escrow.",
            "See the network between the sites, and autonomy status for how long this server can go on.");

    static final EventText RESYNCING = new EventText(
            Level.INFO, "Commits come through again; what was promised alone is being committed.", "Nothing.");

    static final EventText SERVING_QUORATE = new EventText(
            Level.INFO, "Commits come through, and all that was promised alone is committed.", "Nothing.");

    static final EventText PROMISED_EXTENSION = new EventText(
            Level.COUNTED,
            "A lease was extended without a commit, up to MCLT past its committed expiry (rule R2).",
            "Nothing; see serving-alone.");

    static final EventText PROMISED_ESCROW = new EventText(
            Level.COUNTED,
            "An address of this server's escrow was given out without a commit (rule R3).",
            "Nothing; see serving-alone.");

    static final EventText PROMISED_RESERVATION = new EventText(
            Level.COUNTED,
            "A reserved address was given to its client without a commit (rule R4).",
            "Nothing; see serving-alone.");

    static final EventText PARTED_ALONE =
            new EventText(Level.COUNTED, "A RELEASE or DECLINE was noted; the cell hears of it later.", "Nothing.");

    static final EventText DISCOVER_OFFERED_ALONE = new EventText(
            Level.COUNTED,
            "An address was offered that this server can promise without a commit.",
            "Nothing; see serving-alone.");

    static final EventText REQUEST_FORWARDED = new EventText(
            Level.COUNTED,
            "A REQUEST for an address in another server's escrow was handed to that server.",
            "Nothing.");

    static final EventText REQUEST_PROMISE_PENDING = new EventText(
            Level.COUNTED,
            "A client asked for what it was promised alone while that is being committed; it hears nothing and asks"
                    + " again.",
            "Nothing.");

    static final EventText JOURNAL_REFUSED = new EventText(
            Level.WARNING,
            "The journal refused a promise that was decided on a state older than the last report.",
            "Report it if it goes on; the client asks again.");

    static final EventText JOURNAL_BEGUN = new EventText(
            Level.INFO, "This server's journal for the cell has begun: it can promise alone.", "Nothing.");

    static final EventText DISK_REPLACED = new EventText(
            Level.WARNING,
            "Promises of an earlier disk of this server may still run.",
            "See cell status: reuse waits.");

    static final EventText CONFLICT_FOUND = new EventText(
            Level.ERROR,
            "An address was promised to two clients; it is in quarantine until both promises are over.",
            "See conflict list; find out which server was declared down and was not, or whose clock or disk was set"
                    + " back.");

    static final EventText ESCROW_GRANTED = new EventText(
            Level.COUNTED, "The cell has set addresses aside for this server, or extended their term.", "Nothing.");

    static final EventText ESCROW_RETURNED = new EventText(
            Level.COUNTED,
            "An address that was set aside for this server went back to the cell.",
            "Nothing; if there are many, the pool runs low.");

    static final EventText REPORTED =
            new EventText(Level.COUNTED, "This server has reported how far it has applied the cell's log.", "Nothing.");

    static final EventText CAME_BACK = new EventText(
            Level.WARNING,
            "This server was declared down, is back, and has said so to the cell.",
            "See conflict list: if it was not off all the time, addresses may have been promised twice.");

    static final EventText CLOCK_UNTRUSTED = new EventText(
            Level.ERROR,
            "This server's clock is not trusted: it promises nothing alone, and goes on with what the cell commits.",
            "See to the host's time service.");

    static final EventText CLOCK_TRUSTED =
            new EventText(Level.INFO, "This server's clock is trusted again.", "Nothing.");

    static final EventText LOG_OVERLOADED = new EventText(
            Level.ERROR, "A command was refused: too many wait for the cell.", "See the quorum's latency; add cells.");

    static final EventText LOG_NO_SUCH_CELL = new EventText(
            Level.ERROR,
            "A command was refused: the cluster has no such cell.",
            "Compare the configuration with the cluster's cells.");

    static final EventText LOG_CLOSED =
            new EventText(Level.INFO, "A command was refused: the server is shutting down.", "Nothing.");

    static final EventText LOG_CLOCK_ASTRAY = new EventText(
            Level.ERROR,
            "A command was refused: this server's clock is too far from the leader's.",
            "Correct the clock.");

    static final EventText LOG_TOO_LARGE = new EventText(
            Level.ERROR,
            "A command was refused: no entry of the log can hold it.",
            "Report it; only a configuration can be so large, and that is refused before.");

    static final EventText LOG_UNKNOWN = new EventText(
            Level.WARNING, "No quorum answered in time; the command may still commit.", "See the cell's quorum.");

    static final EventText CELL_STOPPED = new EventText(
            Level.ERROR,
            "This server's copy of a cell has stopped, and the process ends.",
            "Mend the cause (a full or failing disk, most often) and start the server again; the others serve on.");

    static final EventText CELL_JOINED = new EventText(Level.INFO, "This server takes part in a cell.", "Nothing.");

    static final EventText CELL_WAITS = new EventText(
            Level.WARNING,
            "This server cannot take part in a cell yet.",
            "Nothing, if what it waits for is on its way: it goes on by itself.");

    static final EventText CELL_CLOCK_DOUBTED = new EventText(
            Level.ERROR,
            "This server's clock is not trusted in a cell, so that it promises nothing alone there.",
            "Set the clock that is wrong; the event says how far the others are ahead of this one.");

    static final EventText CELL_CLOCK_TRUSTED =
            new EventText(Level.INFO, "This server's clock is trusted in a cell, or again.", "Nothing.");

    static final EventText MEMBERSHIP_CHANGED = new EventText(
            Level.INFO, "A server has come into a cell, or left it, as its configuration says.", "Nothing.");

    static final EventText CELL_RECOVERED = new EventText(
            Level.WARNING,
            "A cell was rebuilt from this server alone.",
            "Empty the data directories of its other servers before they are started again.");

    static final EventText CELL_LEFT = new EventText(
            Level.INFO, "This server is no member of a cell any more, and has deleted its copy.", "Nothing.");

    static final EventText LEADER_CHANGED =
            new EventText(Level.INFO, "A cell has another leader, or none.", "Nothing, unless it happens often.");

    static final EventText SNAPSHOT_TAKEN =
            new EventText(Level.INFO, "A snapshot was taken; the log before it may go.", "Nothing.");

    static final EventText SNAPSHOT_FAILED = new EventText(
            Level.WARNING, "A snapshot could not be taken; the log grows until one can.", "Look at the disk.");

    static final EventText SNAPSHOT_INSTALLED =
            new EventText(Level.INFO, "This server's copy was replaced by a snapshot.", "Nothing: it was far behind.");

    static final EventText LINK_UP = new EventText(Level.INFO, "The connection to a server stands.", "Nothing.");

    static final EventText LINK_DOWN = new EventText(
            Level.WARNING,
            "The connection to a server broke, or could not be made; it is tried again.",
            "If it stays so, look at that server and at the path to its link port.");

    static final EventText LINK_REFUSED = new EventText(
            Level.WARNING,
            "A server was refused, or refused this one.",
            "Compare cluster names, certificates and versions of the two servers.");

    static final EventText QUORUM_LOST = new EventText(
            Level.WARNING, "This server cannot commit in the cell.", "See the network between the sites.");

    static final EventText QUORUM_FOUND = new EventText(Level.INFO, "This server can commit in the cell.", "Nothing.");

    static final EventText PLAN_CHANGED =
            new EventText(Level.INFO, "A configuration of the cell came into force here.", "Nothing.");

    static final EventText CLASS_UNREADABLE = new EventText(
            Level.ERROR, "A class is unreadable here: no client of the cell is served.", "Upgrade this server.");

    static final EventText PLAN_OVERLAP = new EventText(
            Level.ERROR,
            "The cell configures a prefix that another cell has as well; it is left to the other.",
            "Correct the configuration: a subnet belongs to one cell.");

    static final EventText DNS_ZONE_FAILING = new EventText(
            Level.WARNING,
            "No update of a zone has succeeded for 30 s or longer; names wait.",
            "See anylease dns status for what its name servers say, and the runbook. They are sent again by"
                    + " themselves.");

    static final EventText DNS_ZONE_RECOVERED =
            new EventText(Level.INFO, "A zone takes updates again; what waited is sent.", "Nothing.");

    private ClusterTexts() {}
}
