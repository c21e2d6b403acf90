package org.anylease.tools.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A TCP forwarder from one server to another that can be cut, as a network is: what is sent is neither delivered nor
 * refused, and connections that were cut are closed when it is mended. Any thread may use it.
 */
final class Wire implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int CONNECT_MILLIS_MAX = 2_000;
    private static final int BACKLOG_MAX = 32;

    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Cut> cut = new AtomicReference<>();

    /** A cut that is not mended yet; those who wait on it are woken when it is. */
    private static final class Cut {
        private boolean mended;

        synchronized void mend() {
            mended = true;
            notifyAll();
        }

        synchronized void await() throws InterruptedException {
            while (!mended) {
                wait();
            }
        }
    }

    private Wire(ServerSocket listening, InetSocketAddress target) {
        this.listening = listening;
        this.target = target;
    }

    /** Listens, and forwards from now on. */
    static Wire between(InetSocketAddress from, InetSocketAddress to) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(from, BACKLOG_MAX);
        Wire wire = new Wire(listening, to);
        Thread.ofVirtual().name("wire-" + from).start(wire::accept);
        return wire;
    }

    /** Delivers nothing more. */
    void cut() {
        cut.compareAndSet(null, new Cut());
    }

    /** Delivers what is sent from now on; what was under way is lost, with its connections. */
    void mend() {
        Cut was = cut.getAndSet(null);
        if (was != null) {
            open.forEach(Wire::quietly);
            was.mend();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                Thread.ofVirtual().name("wire-" + target).start(() -> serve(near));
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    throw new IllegalStateException("the wire to " + target + " broke: " + e.getMessage(), e);
                }
            }
        }
    }

    private void serve(Socket near) {
        open.add(near);
        try (near;
                Socket far = new Socket()) {
            open.add(far);
            pass();
            far.connect(target, CONNECT_MILLIS_MAX);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().name("wire-back-" + target).start(() -> pump(far, near));
            pump(near, far);
            back.join();
            open.remove(far);
        } catch (IOException e) {
            // The server is not there: its peer learns it from the closed connection, as without a wire.
            quietly(near);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(near);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                pass();
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // Either end is gone, and so is the other then.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            quietly(from);
            quietly(to);
        }
    }

    /** Waits while the wire is cut. What waited then belongs to a connection that mending has closed. */
    private void pass() throws InterruptedException, SocketException {
        Cut now = cut.get();
        if (now != null) {
            now.await();
            throw new SocketException("the wire was cut");
        }
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        mend();
        open.forEach(Wire::quietly);
    }
}
