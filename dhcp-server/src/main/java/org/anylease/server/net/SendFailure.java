package org.anylease.server.net;

import io.netty.channel.unix.Errors;
import java.nio.channels.ClosedChannelException;

/** Why a datagram was not sent. */
public enum SendFailure {
    /** No route to the destination, or the interface is down. */
    NO_ROUTE,
    /** A local firewall rule or a missing capability forbids it. */
    DENIED,
    /** The kernel has no room: socket buffer, device queue or neighbour table. */
    NO_ROOM,
    /** More datagrams were waiting than {@link UdpNetwork#QUEUED_MAX}. */
    QUEUE_FULL,
    /** Larger than UDP or the interface allows. */
    TOO_LARGE,
    /** The network was closing. */
    CLOSED,
    /** Anything else; the log has it once. */
    OTHER;

    static SendFailure of(Throwable cause) {
        return switch (cause) {
            case Errors.NativeIoException failure -> of(Math.abs(failure.expectedErr()));
            case ClosedChannelException closed -> CLOSED;
            default -> OTHER;
        };
    }

    static SendFailure of(int errno) {
        for (Errno known : Errno.values()) {
            if (known.is(errno)) {
                return switch (known) {
                    case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, ENODEV -> NO_ROUTE;
                    case EPERM, EACCES -> DENIED;
                    case EAGAIN, ENOBUFS, ENOMEM -> NO_ROOM;
                    case EMSGSIZE -> TOO_LARGE;
                    case EINVAL, EPROTONOSUPPORT, EADDRINUSE, EADDRNOTAVAIL, ECONNREFUSED -> OTHER;
                };
            }
        }
        return OTHER;
    }
}
