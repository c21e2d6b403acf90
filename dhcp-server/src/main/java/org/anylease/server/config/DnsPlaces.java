package org.anylease.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.store.address.Prefix;
import org.jspecify.annotations.Nullable;

/** How clients are named in DNS, and where otherwise: read from the outside in. */
final class DnsPlaces {
    private final boolean said;
    private final @Nullable DnsPolicy everywhere;
    private final DnsPolicy.Names outermost;
    private final List<DnsPolicy.Place> places = new ArrayList<>();

    private DnsPlaces(boolean said, @Nullable DnsPolicy everywhere) {
        this.said = said;
        this.everywhere = everywhere;
        this.outermost = everywhere == null ? DnsReader.defaults() : everywhere.names();
    }

    /** Reads what holds everywhere. */
    static DnsPlaces read(Section system) {
        Optional<Cursor> cursor = system.take("dns");
        return new DnsPlaces(cursor.isPresent(), cursor.map(DnsReader::read).orElse(null));
    }

    /** What holds at a level. */
    final class Here {
        private final DnsPolicy.Names names;

        private Here(DnsPolicy.Names names) {
            this.names = names;
        }

        /** What holds at a level within. */
        Here within(Section section) {
            Optional<Cursor> cursor = section.take("dns");
            if (cursor.isEmpty()) {
                return this;
            }
            if (!said) {
                cursor.get().error("nothing is sent to any name server", "'dns' with zones in the outermost level");
            }
            return new Here(DnsReader.names(cursor.get(), names, everywhere));
        }

        /** It is the level of these addresses. */
        void at(Prefix prefix) {
            if (!names.equals(outermost)) {
                places.add(new DnsPolicy.Place(prefix, names));
            }
        }
    }

    Here outermost() {
        return new Here(outermost);
    }

    /** All of it; null when no updates are sent. */
    @Nullable
    DnsPolicy policy() {
        return everywhere == null ? null : everywhere.at(places);
    }
}
