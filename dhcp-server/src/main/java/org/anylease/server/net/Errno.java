package org.anylease.server.net;

/**
 * The error numbers of Linux that sockets meet, for words that an operator can act on. The numbers are those of the
 * generic table, which x86-64 and AArch64 share.
 */
enum Errno {
    EPERM(1, "operation not permitted; a firewall rule or a missing capability"),
    EAGAIN(11, "the socket's buffer is full"),
    ENOMEM(12, "out of kernel memory"),
    EACCES(13, "permission denied"),
    ENODEV(19, "no such interface"),
    EINVAL(22, "invalid argument"),
    EMSGSIZE(90, "message larger than the interface's MTU"),
    EPROTONOSUPPORT(93, "protocol not supported by this kernel"),
    EADDRINUSE(98, "address already in use"),
    EADDRNOTAVAIL(99, "address not on this machine"),
    ENETDOWN(100, "the interface is down"),
    ENETUNREACH(101, "no route to the network"),
    ENOBUFS(105, "no buffer space; often the kernel's neighbour table is full"),
    ECONNREFUSED(111, "connection refused"),
    EHOSTDOWN(112, "host is down"),
    EHOSTUNREACH(113, "no route to the host");

    private final int number;
    private final String meaning;

    Errno(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** The number, positive. */
    int number() {
        return number;
    }

    /** Whether an error number is this one. */
    boolean is(int errno) {
        return number == errno;
    }

    /** An error number in words. */
    static String describe(int errno) {
        for (Errno known : values()) {
            if (known.number == errno) {
                return known.name() + " (" + known.meaning + ")";
            }
        }
        return "errno " + errno;
    }
}
