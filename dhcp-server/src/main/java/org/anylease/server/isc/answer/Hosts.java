package org.anylease.server.isc.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/** The host declarations of a client: first those by its identifier, then those by its hardware address. */
final class Hosts {
    private final List<Level> declared;
    private final @Nullable Level fixing;
    private final @Nullable Ipv4 fixed;

    private Hosts(List<Level> declared, @Nullable Level fixing, @Nullable Ipv4 fixed) {
        this.declared = declared;
        this.fixing = fixing;
        this.fixed = fixed;
    }

    static Hosts of(Level global, Packet packet, Level here) {
        Octets identifier =
                packet.options().bytes(OptionCode.CLIENT_ID).map(Octets::of).orElse(Octets.EMPTY);
        byte[] octets = new byte[packet.hardware().bytes().length + 1];
        octets[0] = (byte) packet.hardware().type();
        System.arraycopy(packet.hardware().bytes(), 0, octets, 1, octets.length - 1);
        Octets hardware = Octets.of(octets);
        List<Level> all = global.all(Level.Kind.HOST);
        List<Level> declared = new ArrayList<>();
        all.stream()
                .filter(host -> !identifier.isEmpty() && host.identifiers.contains(identifier))
                .forEach(declared::add);
        all.stream()
                .filter(host -> host.hardware.contains(hardware) && !declared.contains(host))
                .forEach(declared::add);
        Level link = here.link().orElse(here);
        for (Level host : declared) {
            for (Ipv4 address : host.addresses) {
                if (isOn(link, address)) {
                    return new Hosts(declared, host, address);
                }
            }
        }
        return new Hosts(declared, null, null);
    }

    private static boolean isOn(Level link, Ipv4 address) {
        return link.all(Level.Kind.SUBNET).stream()
                .anyMatch(subnet -> subnet.prefix != null && subnet.prefix.contains(address));
    }

    boolean isKnown() {
        return !declared.isEmpty();
    }

    Optional<Ipv4> fixed() {
        return Optional.ofNullable(fixed);
    }

    List<Place> places() {
        Level host = fixing;
        return host == null || host.at == null ? List.of() : List.of(host.at);
    }

    /** Whose statements are executed: the host with the address, or else the first without any. */
    @Nullable
    Level options() {
        return fixing != null
                ? fixing
                : declared.stream()
                        .filter(host -> host.addresses.isEmpty())
                        .findFirst()
                        .orElse(null);
    }

    @Nullable
    String name() {
        Level host = options();
        return host == null ? null : host.name;
    }
}
