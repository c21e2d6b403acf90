package org.anylease.server.wire;

/** Where the fixed fields lie (RFC 2131 §2, figure 1). */
final class HeaderLayout {
    static final int OP = 0;
    static final int HTYPE = 1;
    static final int HLEN = 2;
    static final int HOPS = 3;
    static final int XID = 4;
    static final int SECS = 8;
    static final int FLAGS = 10;
    static final int CIADDR = 12;
    static final int YIADDR = 16;
    static final int SIADDR = 20;
    static final int GIADDR = 24;
    static final int CHADDR = 28;
    static final int SNAME = 44;
    static final int SNAME_BYTES = 64;
    static final int FILE = 108;
    static final int FILE_BYTES = 128;
    static final int COOKIE = 236;
    static final int OPTIONS = 240;

    /** 99.130.83.99, which says that options follow (RFC 2131 §3). */
    static final int MAGIC_COOKIE = 0x63825363;

    /** The broadcast bit in {@code flags} (RFC 2131 §2, figure 2). */
    static final int BROADCAST = 0x8000;

    /** Option 52: {@code file} holds options (RFC 2132 §9.3). */
    static final int OVERLOAD_FILE = 1;

    /** Option 52: {@code sname} holds options (RFC 2132 §9.3). */
    static final int OVERLOAD_SNAME = 2;

    private HeaderLayout() {}
}
