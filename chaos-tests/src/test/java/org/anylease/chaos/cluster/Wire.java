package org.anylease.chaos.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.anylease.raft.membership.Endpoint;

/** A way from one server to another over loopback, which can be cut: connections break, and new ones are refused. */
final class Wire implements AutoCloseable {
    private final ServerSocket listening;
    private final Endpoint target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    Wire(Endpoint target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("wire-to-" + target).start(this::accept);
    }

    /** Where the server at its beginning dials. */
    Endpoint beginning() {
        return new Endpoint("127.0.0.1", listening.getLocalPort());
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                if (cut) {
                    near.close();
                } else {
                    join(near);
                }
            } catch (IOException e) {
                // Closed, or the target does not listen (yet): whoever dialled sees its connection break.
            }
        }
    }

    private void join(Socket near) throws IOException {
        Socket far = new Socket();
        try {
            far.connect(new InetSocketAddress(target.host(), target.port()));
        } catch (IOException e) {
            near.close();
            throw e;
        }
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        open.add(near);
        open.add(far);
        Thread.ofVirtual().start(() -> carry(near, far));
        Thread.ofVirtual().start(() -> carry(far, near));
        if (cut) {
            breakAll();
        }
    }

    private void carry(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // One end broke: so does the other, by the closing of both.
            open.remove(from);
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    void cut() {
        cut = true;
        breakAll();
    }

    void mend() {
        cut = false;
    }

    private void breakAll() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException("a socket does not close", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        breakAll();
    }
}
