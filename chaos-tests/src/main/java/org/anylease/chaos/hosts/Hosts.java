package org.anylease.chaos.hosts;

import java.io.IOException;
import org.anylease.chaos.lab.Namespace;

/**
 * Hosts with one server each: the driver of a chaos run. All else, wires and disks and clients, is the same for every
 * driver, because each host's network is a namespace with a name.
 *
 * <p>Used by one thread. Hosts are counted from 1.
 */
public interface Hosts extends AutoCloseable {
    /** How many hosts there are, one at each site. */
    int SITES = 3;

    /**
     * What runs them.
     *
     * @return the driver's name, such as {@code netns}
     */
    String driver();

    /**
     * A host's network, which outlives its server.
     *
     * @param site the host
     * @return its namespace
     */
    Namespace network(int site);

    /**
     * Starts a host's server, which must not run, and does not wait until it answers.
     *
     * @param site the host
     * @param command what to run
     * @throws IOException when it cannot be started
     */
    void start(int site, ServerCommand command) throws IOException;

    /**
     * Whether a host's server runs, be it paused.
     *
     * @param site the host
     * @return false before its start and after its end
     */
    boolean runs(int site);

    /**
     * Ends a host's server as a power cut would, and waits for its end.
     *
     * @param site the host
     * @throws InterruptedException when the waiting thread is to end
     */
    void kill(int site) throws InterruptedException;

    /**
     * Ends a host's server in good order, and waits for its end.
     *
     * @param site the host
     * @throws InterruptedException when the waiting thread is to end
     */
    void stop(int site) throws InterruptedException;

    /**
     * Stops the clock of a host's server, as far as the server can tell: none of its threads runs.
     *
     * @param site the host
     */
    void pause(int site);

    /**
     * Lets a paused server go on.
     *
     * @param site the host
     */
    void resume(int site);

    /** Ends all servers and removes all hosts. */
    @Override
    void close();
}
