package org.anylease.chaos.hosts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.chaos.lab.Command;
import org.anylease.chaos.lab.Namespace;
import org.anylease.tools.local.WatchedProcess;

/** Hosts that share this machine's files and processes, and have a network of their own. */
public final class NamespaceHosts implements Hosts {
    private final List<Namespace> networks = new ArrayList<>();
    private final TreeMap<Integer, WatchedProcess> servers = new TreeMap<>();

    /**
     * Makes the hosts, without servers.
     *
     * @param prefix what their names begin with, unique on this machine
     */
    public NamespaceHosts(String prefix) {
        for (int site = 1; site <= SITES; site++) {
            networks.add(new Namespace(prefix + "site" + site));
        }
    }

    @Override
    public String driver() {
        return "netns";
    }

    @Override
    public Namespace network(int site) {
        return networks.get(site - 1);
    }

    @Override
    public void start(int site, ServerCommand command) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("ip", "netns", "exec", network(site).name(), "env"));
        command.environment().forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(command.words());
        servers.put(site, WatchedProcess.start("site" + site, command.log(), words));
    }

    @Override
    public boolean runs(int site) {
        WatchedProcess server = servers.get(site);
        return server != null && server.isAlive();
    }

    private WatchedProcess server(int site) {
        WatchedProcess server = servers.get(site);
        if (server == null) {
            throw new IllegalStateException("site" + site + " has no server");
        }
        return server;
    }

    @Override
    public void kill(int site) throws InterruptedException {
        server(site).kill();
    }

    @Override
    public void stop(int site) {
        server(site).close();
    }

    @Override
    public void pause(int site) {
        signal(site, "-STOP");
    }

    @Override
    public void resume(int site) {
        signal(site, "-CONT");
    }

    private void signal(int site, String name) {
        Command.run("kill", name, Long.toString(server(site).pid())).orThrow();
    }

    @Override
    public void close() {
        for (int site : servers.keySet()) {
            if (runs(site)) {
                resume(site);
            }
        }
        servers.values().forEach(WatchedProcess::terminate);
        servers.values().forEach(WatchedProcess::close);
        servers.clear();
        networks.forEach(Namespace::remove);
        networks.clear();
    }
}
