package org.anylease.store.dns;

import java.util.Locale;
import org.anylease.store.address.Octets;

/**
 * The names of one address in DNS: {@code name A address}, the record that says whose name it is, and the PTR record.
 *
 * @param phase how far it has come
 * @param name the fully qualified name, without the final dot, in lower case
 * @param owner who the name belongs to: the data of the DHCID record (RFC 4701 §3.3) or, in style {@code INTERIM}, of
 *     the TXT record
 * @param style how the owner is written
 * @param forward whether the A record is ours to keep; the PTR record always is (RFC 4702 §4)
 */
public record DnsRecord(Phase phase, String name, Octets owner, Style style, boolean forward) {
    /** The longest name, in octets (RFC 1035 §2.3.4). */
    public static final int NAME_MAX = 253;

    /** Checks the name and the owner. */
    public DnsRecord {
        if (name.isEmpty() || name.length() > NAME_MAX || !name.equals(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name in lower case of 1 to " + NAME_MAX + " octets without the final dot");
        }
        if (owner.isEmpty()) {
            throw new IllegalArgumentException(name + " belongs to nobody");
        }
    }

    /**
     * How far an update has come. Each phase is committed before what it announces is sent.
     *
     * <pre>
     * from       to         when
     * (none)     ADDING     somebody has the lease
     * ADDING     PRESENT    DNS has taken it
     * ADDING     REFUSED    the name is another client's (RFC 4703 §5.3.2): nothing of ours stands there
     * ADDING     REMOVING   the lease is gone, or has another name by now
     * PRESENT    REMOVING   likewise
     * REFUSED    ADDING     tried again
     * REFUSED    (none)     the lease is gone, or has another name by now
     * REMOVING   (none)     nothing of ours stands there any more
     * </pre>
     */
    public enum Phase {
        /** To be put into DNS; it may stand there already. */
        ADDING,
        /** It stands in DNS. */
        PRESENT,
        /** To be taken out of DNS; it may be gone already. */
        REMOVING,
        /** The name is another client's, which keeps it. */
        REFUSED
    }

    /** How the owner of a name is written down beside it. */
    public enum Style {
        /** A DHCID record (RFC 4701). */
        STANDARD,
        /** A TXT record, as the interim style of ISC's dhcpd writes it. */
        INTERIM,
        /** Not at all: names are taken without asking whose they are. */
        UNGUARDED
    }

    /**
     * The same record in another phase.
     *
     * @param next the phase
     * @return a copy
     */
    public DnsRecord in(Phase next) {
        return new DnsRecord(next, name, owner, style, forward);
    }

    /**
     * Whether both mean the same names, however far they have come.
     *
     * @param other another record of the same address
     * @return true when only the phases differ, if anything does
     */
    public boolean saysTheSameAs(DnsRecord other) {
        return equals(other.in(phase));
    }
}
