package org.anylease.server.isc.leases;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.anylease.server.isc.convert.Finding;
import org.anylease.server.isc.convert.Verdict;
import org.anylease.server.isc.syntax.Includes;
import org.anylease.server.isc.syntax.IscFile;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Declaration;
import org.anylease.server.isc.syntax.Statement.Kind;
import org.anylease.server.isc.syntax.Statement.Origin;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.Ipv4;

/**
 * A lease file as it was read. dhcpd writes at its end whatever changes, so the last entry of an address counts, and of
 * those that cannot be understood none.
 */
public final class LeaseFile {
    private final String name;
    private final TreeMap<Ipv4, LeaseEntry> leases = new TreeMap<>();
    private final TreeMap<String, Statement> declared = new TreeMap<>();
    private final TreeMap<String, Declaration> peers = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private int entries;

    private LeaseFile(String name) {
        this.name = name;
    }

    /**
     * Reads a file.
     *
     * @param name its name, for findings
     * @param text its octets, each as the character of the same number (ISO 8859-1)
     * @return what it says; whatever it contains
     */
    public static LeaseFile read(String name, String text) {
        LeaseFile file = new LeaseFile(name);
        IscFile.forEach(name, text, Includes.NONE, file::entry);
        file.peers.values().forEach(file::tellOfPeer);
        return file;
    }

    /**
     * Its name.
     *
     * @return as it was given
     */
    public String name() {
        return name;
    }

    /**
     * How many entries it has, of leases and of all else.
     *
     * @return at least 0
     */
    public int entries() {
        return entries;
    }

    /**
     * The declarations that were made at run time (OMAPI), the last of each name: hosts, groups, classes and their members.
     *
     * @return in order of kind and name, without those that were deleted
     */
    public List<Statement> declarations() {
        return List.copyOf(declared.values());
    }

    /** The entries that count, in order of address. */
    Collection<LeaseEntry> leases() {
        return leases.values();
    }

    /** What was found of all other entries but declarations. */
    List<Finding> findings() {
        return findings;
    }

    private void entry(Statement statement) {
        entries++;
        Origin origin = statement.origin();
        switch (statement) {
            case Declaration it when it.kind() == Kind.LEASE -> lease(it);
            case Declaration it
            when it.kind() == Kind.LEASE6 ->
                tell(
                        origin,
                        Verdict.UNSUPPORTED,
                        "it is a lease of DHCPv6",
                        "only DHCPv4 is served: keep a DHCPv6 server for it");
            case Declaration it
            when it.kind() == Kind.FAILOVER_STATE -> {
                Declaration earlier = peers.put(it.name(), it);
                if (earlier != null) {
                    findings.add(
                            superseded(earlier.origin().at(), earlier.origin().source()));
                }
            }
            case Declaration it
            when it.kind() == Kind.HOST || it.kind() == Kind.GROUP || it.kind() == Kind.CLASS ->
                declaration(it, it.kind() + " " + it.name());
            case Statement.Subclass it -> declaration(it, "SUBCLASS " + origin.source());
            case Statement.Broken it ->
                findings.add(new Finding(
                        it.problem().at(),
                        origin.source(),
                        Verdict.MALFORMED,
                        it.problem().what(),
                        ""));
            case Statement.Setting it
            when it.name().equals("authoring-byte-order") ->
                tell(origin, Verdict.CONVERTED, "nothing here depends on it", "");
            case Statement.Setting it
            when it.name().equals("server-duid") ->
                tell(
                        origin,
                        Verdict.UNSUPPORTED,
                        "it is the server's name in DHCPv6",
                        "only DHCPv4 is served: keep a DHCPv6 server for it");
            default -> tell(origin, Verdict.UNSUPPORTED, "it has no meaning in a lease file", "");
        }
    }

    private void tell(Origin origin, Verdict verdict, String what, String instead) {
        findings.add(new Finding(origin.at(), origin.source(), verdict, what, instead));
    }

    private void lease(Declaration lease) {
        try {
            LeaseEntry read = LeaseReader.read(lease);
            LeaseEntry earlier = leases.put(read.address(), read);
            if (earlier != null) {
                findings.add(superseded(earlier.at(), earlier.source()));
            }
        } catch (MalformedEntry e) {
            findings.add(new Finding(
                    e.at(),
                    lease.origin().source(),
                    Verdict.MALFORMED,
                    e.what(),
                    "an earlier entry of the address counts, where there is one"));
        }
    }

    private static Finding superseded(Place at, String source) {
        return new Finding(at, source, Verdict.CONVERTED, "a later entry counts", "");
    }

    /** How a pair stood at last; only in the normal state both have the same leases. */
    private void tellOfPeer(Declaration peer) {
        String mine = state(peer, "my");
        if (mine.equals("normal")) {
            tell(
                    peer.origin(),
                    Verdict.DIFFERENT,
                    "the pair was in its normal state: here every server knows all leases",
                    "");
        } else {
            tell(
                    peer.origin(),
                    Verdict.DIFFERENT,
                    "the pair was not in its normal state but in '" + mine
                            + "', so that its peer may have newer leases",
                    "import the peer's lease file as well, before or after: of each lease the newer one stays");
        }
    }

    private static String state(Declaration peer, String whose) {
        String state = "unknown";
        for (Statement statement : peer.body()) {
            if (statement instanceof Statement.Setting setting
                    && setting.name().equals(whose)
                    && setting.value() instanceof Value.Data data
                    && data.pieces().size() > 1) {
                List<Piece> pieces = data.pieces();
                state = pieces.get(1).text();
            }
        }
        return state;
    }

    private void declaration(Statement statement, String key) {
        boolean[] broken = {false};
        boolean[] deleted = {false};
        Statement.walk(statement.within(), inner -> {
            if (inner instanceof Statement.Broken it) {
                broken[0] = true;
                findings.add(new Finding(
                        it.problem().at(),
                        statement.origin().source(),
                        Verdict.MALFORMED,
                        it.problem().what(),
                        "an earlier declaration of the name counts, where there is one"));
            }
            deleted[0] |=
                    inner instanceof Statement.Setting setting && setting.name().equals("deleted");
        });
        if (broken[0]) {
            return;
        }
        Statement earlier = deleted[0] ? declared.remove(key) : declared.put(key, statement);
        if (earlier != null) {
            findings.add(superseded(earlier.origin().at(), earlier.origin().source()));
        }
        if (deleted[0]) {
            tell(
                    statement.origin(),
                    Verdict.DIFFERENT,
                    "it was deleted at run time",
                    "remove it from dhcpd.conf as well, if it stands there");
        }
    }
}
