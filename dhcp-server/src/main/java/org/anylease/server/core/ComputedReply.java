package org.anylease.server.core;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.expression.Evaluation;
import org.anylease.server.expression.Expression;
import org.anylease.server.expression.ReplyView;
import org.anylease.server.expression.RequestView;
import org.anylease.server.wire.OptionCode;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.config.ComputedSettings;
import org.anylease.store.config.ComputedValue;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.ReplySettings;
import org.jspecify.annotations.Nullable;

/**
 * Works out for one reply what is computed of its settings. A value that comes to nothing, or to a length that its
 * option cannot have, is left out and counted. All values of a reply together have the bound of {@link Evaluation}.
 */
final class ComputedReply implements ReplyView {
    private final ReplySettings settings;
    private final Computing computing;
    private final Turn turn;
    private final String network;
    private final Ipv4 server;
    private final @Nullable Ipv4 address;
    private final long seconds;
    private final Evaluation evaluation;

    /** What came of options; nothing for one that is being worked out, so that none waits for itself. */
    private final TreeMap<Integer, Worked> options = new TreeMap<>();

    /** Octets that may be sent, or null. */
    private record Worked(@Nullable Octets octets) {
        static final Worked NOTHING = new Worked(null);
    }

    /**
     * What the reply is to.
     *
     * @param request the packet
     * @param network its network, for counting
     * @param server what the client takes for its server
     * @param address the address that the client is given, or null
     * @param seconds how long it has it; -1 without one
     */
    record Lease(
            RequestView request,
            String network,
            Ipv4 server,
            @Nullable Ipv4 address,
            long seconds) {}

    ComputedReply(ReplySettings settings, Computing computing, Lease lease, Turn turn) {
        this.settings = settings;
        this.computing = computing;
        this.turn = turn;
        network = lease.network;
        server = lease.server;
        address = lease.address;
        seconds = lease.seconds;
        evaluation = new Evaluation(lease.request, this);
    }

    /** The settings with all that is computed in its place. */
    ReplySettings settings() {
        ComputedSettings computed = settings.computed();
        TreeMap<Integer, Octets> plain = new TreeMap<>(settings.options());
        for (Map.Entry<Integer, ComputedValue> option : computed.options().entrySet()) {
            Octets octets = option(option.getKey(), option.getValue());
            if (octets != null) {
                plain.put(option.getKey(), octets);
            }
        }
        Octets next = worked(computed.nextServer());
        String name = text(computed.serverName());
        String file = text(computed.bootFile());
        return new ReplySettings(
                plain,
                next == null ? settings.nextServer() : address(next),
                name == null ? settings.serverName() : name,
                file == null ? settings.bootFile() : file,
                settings.serving(),
                ComputedSettings.NONE);
    }

    private static Ipv4 address(Octets octets) {
        return new Ipv4(octets.at(0) << 24 | octets.at(1) << 16 | octets.at(2) << 8 | octets.at(3));
    }

    private @Nullable Octets option(int code, ComputedValue value) {
        Worked known = options.putIfAbsent(code, Worked.NOTHING);
        if (known == null) {
            known = new Worked(worked(value));
            options.put(code, known);
        }
        return known.octets;
    }

    private @Nullable String text(@Nullable ComputedValue value) {
        Octets octets = worked(value);
        if (octets == null) {
            return null;
        }
        for (int i = 0; i < octets.length(); i++) {
            if (octets.at(i) == 0) {
                turn.report(ServerEvent.COMPUTED_MISFIT, network);
                return null;
            }
        }
        return new String(octets.toArray(), StandardCharsets.ISO_8859_1);
    }

    private @Nullable Octets worked(@Nullable ComputedValue value) {
        if (value == null) {
            return null;
        }
        Expression expression = computing.of(value);
        Octets octets =
                expression == null ? null : expression.octets(evaluation).orElse(null);
        boolean nothing = (octets == null || octets.isEmpty()) && expression != null && !evaluation.isExhausted();
        if (octets != null && value.fits(octets.length())) {
            return octets;
        }
        turn.report(nothing ? ServerEvent.COMPUTED_ABSENT : ServerEvent.COMPUTED_MISFIT, network);
        return null;
    }

    private static byte[] octets(int bits) {
        return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    @Override
    public @Nullable Ipv4 address() {
        return address;
    }

    @Override
    public long seconds() {
        return seconds;
    }

    @Override
    public byte @Nullable [] configured(int code, Evaluation underWay) {
        if (code == OptionCode.SERVER_ID) {
            return octets(server.bits());
        }
        if (code == OptionCode.ADDRESS_TIME && seconds >= 0) {
            return octets((int) Math.min(seconds, LeaseTimes.INFINITE.toSeconds()));
        }
        ComputedValue value = settings.computed().options().get(code);
        Octets plain = value == null ? settings.options().get(code) : option(code, value);
        return plain == null ? null : plain.toArray();
    }
}
