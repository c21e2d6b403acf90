package org.anylease.server.wire;

/**
 * How large an encoded packet may become. All sizes are of the UDP payload.
 *
 * <p>There are two bounds because option 82 travels only as far as the relay, which takes it out (RFC 3046 §2.1): it
 * counts against the link to the relay, not against what the client said it can hold.
 *
 * @param clientBytesMax bound on the packet without option 82, at least 300 (RFC 951 §3)
 * @param datagramBytesMax bound on the whole packet, not below {@code clientBytesMax}
 * @param overload whether options may move into {@code file} and {@code sname} (RFC 2131 §4.1)
 */
public record EncodeLimits(int clientBytesMax, int datagramBytesMax, boolean overload) {
    /** Every message is padded to this length: BOOTP relays and clients may drop shorter ones (RFC 1542 §2.1). */
    public static final int MESSAGE_BYTES_MIN = 300;

    /** The size every client must accept, and the smallest that option 57 may name (RFC 2131 §2, RFC 2132 §9.10). */
    public static final int CLIENT_SIZE_DEFAULT = 576;

    /** What IPv4 without options and UDP put before the payload: option 57 counts them in (RFC 2131 §2). */
    public static final int IP_AND_UDP_BYTES = 28;

    /** Checks that the bounds leave room for a BOOTP message and are in order. */
    public EncodeLimits {
        if (clientBytesMax < MESSAGE_BYTES_MIN) {
            throw new IllegalArgumentException("a bound of " + clientBytesMax + " bytes is below the minimum of 300");
        }
        if (datagramBytesMax < clientBytesMax) {
            throw new IllegalArgumentException(
                    "datagram bound " + datagramBytesMax + " is below the client's bound " + clientBytesMax);
        }
    }

    /**
     * One bound for everything, overload allowed.
     *
     * @param bytesMax bound on the UDP payload
     * @return the limits
     */
    public static EncodeLimits of(int bytesMax) {
        return new EncodeLimits(bytesMax, bytesMax, true);
    }

    /**
     * The limits for a reply.
     *
     * <p>A DHCP client takes what option 57 says, and 576 bytes when it says nothing or less. A BOOTP client takes 300
     * bytes unless it says otherwise, and does not know of overload (RFC 951 §3, RFC 1534 §2).
     *
     * @param request what is being answered
     * @param mtuBytes the largest IP datagram the link takes, at least 576
     * @return the limits
     */
    public static EncodeLimits replyTo(Packet request, int mtuBytes) {
        if (mtuBytes < CLIENT_SIZE_DEFAULT) {
            throw new IllegalArgumentException("an MTU of " + mtuBytes + " bytes is below 576 (RFC 791 §3.1)");
        }
        int datagram = mtuBytes - IP_AND_UDP_BYTES;
        boolean bootp = request.isBootp();
        int asked = request.options().u16(OptionCode.MAXIMUM_MESSAGE_SIZE).orElse(0);
        int client = bootp && asked == 0 ? MESSAGE_BYTES_MIN : Math.max(asked, CLIENT_SIZE_DEFAULT) - IP_AND_UDP_BYTES;
        return new EncodeLimits(Math.min(client, datagram), datagram, !bootp);
    }
}
