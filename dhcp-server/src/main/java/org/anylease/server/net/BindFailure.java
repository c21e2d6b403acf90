package org.anylease.server.net;

import java.io.IOException;
import org.anylease.server.port.Endpoint;

/** A listening endpoint that could not be opened; the message names it, the cause and the remedy. */
public final class BindFailure extends IOException {
    private static final long serialVersionUID = 1;

    private BindFailure(String message) {
        super(message);
    }

    static BindFailure of(Endpoint endpoint, int errno) {
        return new BindFailure(
                "cannot listen on " + place(endpoint) + ": " + Errno.describe(errno) + "; " + remedy(endpoint, errno));
    }

    /** An endpoint as an operator writes it. */
    static String place(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Service service -> service.address() + ":" + service.port() + " (service address)";
            case Endpoint.Own own -> own.address() + ":" + own.port() + " (own address)";
            case Endpoint.Link link -> link.interfaceName() + ":" + link.port() + " (directly attached clients)";
        };
    }

    private static String remedy(Endpoint endpoint, int errno) {
        if (Errno.EADDRINUSE.is(errno)) {
            return "is another DHCP server running? 'ss -lunp sport = :" + endpoint.port() + "' names it";
        }
        if (Errno.EACCES.is(errno) || Errno.EPERM.is(errno)) {
            return "ports below 1024 need CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE),"
                    + " binding to an interface needs CAP_NET_RAW before Linux 5.7";
        }
        if (Errno.EADDRNOTAVAIL.is(errno)) {
            return "add it: 'ip addr add " + endpoint.replySource() + "/32 dev lo'";
        }
        if (Errno.ENODEV.is(errno)) {
            return "'ip -br link' lists the interfaces there are";
        }
        return "this is unexpected; the kernel's log may say more";
    }
}
