package org.anylease.server.core;

import org.anylease.store.lease.ClientId;

/**
 * By what repeats of a packet find the exchange they belong to. The xid is no part of it: a client that starts over
 * takes a new one, and the same packet comes over several relays.
 *
 * @param client the client
 * @param network the network's name
 * @param purpose what the client wants
 */
record ExchangeKey(ClientId client, String network, Purpose purpose) {
    /** What a client wants. */
    enum Purpose {
        /** An offer, by DISCOVER. */
        OFFER,
        /** A lease, by REQUEST. */
        LEASE,
        /** To give its lease back. Nothing is answered, nor to what follows. */
        RELEASE,
        /** To tell that its address is in use. */
        DECLINE,
        /** To have what it was offered here forgotten, having taken another server's offer. */
        CANCEL
    }

    // Written out, as these are the busiest keys: what a record gets by itself goes through method handles.
    @Override
    public boolean equals(Object other) {
        return other instanceof ExchangeKey key
                && purpose == key.purpose
                && client.equals(key.client)
                && network.equals(key.network);
    }

    @Override
    public int hashCode() {
        return (client.hashCode() * 31 + network.hashCode()) * 31
                + purpose.name().hashCode();
    }

    static ExchangeKey of(Inquiry inquiry, Purpose purpose) {
        return new ExchangeKey(inquiry.client().id(), inquiry.network().name(), purpose);
    }
}
