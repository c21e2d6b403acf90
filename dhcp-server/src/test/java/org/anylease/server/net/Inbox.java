package org.anylease.server.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.DatagramReceiver;

/** Keeps what a network receives, for a test to await. */
final class Inbox implements DatagramReceiver {
    record Item(Arrival arrival, String text) {}

    private final LinkedBlockingQueue<Item> items = new LinkedBlockingQueue<>();

    @Override
    public void received(Arrival arrival, ByteBuffer datagram) {
        items.add(new Item(arrival, StandardCharsets.ISO_8859_1.decode(datagram).toString()));
    }

    Item next() throws InterruptedException {
        Item item = items.poll(5, TimeUnit.SECONDS);
        if (item == null) {
            throw new AssertionError("nothing was received within 5 s");
        }
        return item;
    }
}
