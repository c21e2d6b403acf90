package org.anylease.chaos.hosts;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.anylease.chaos.lab.Namespace;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.DockerImageName;

/**
 * Hosts that are Docker containers, by Testcontainers. A container that only sleeps keeps each host's network, so that
 * it outlives a server that is killed. The image is empty: this machine's programs and libraries are mounted into it, read
 * only, so that no registry is asked for anything.
 */
public final class ContainerHosts implements Hosts {
    private static final String IMAGE = "anylease-chaos:empty";
    private static final String LABEL = "org.anylease.chaos";
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final DockerClient docker = DockerClientFactory.instance().client();
    private final List<Namespace> networks = new ArrayList<>();
    private final List<Host> holders = new ArrayList<>();
    private final TreeMap<Integer, Host> servers = new TreeMap<>();

    private static final class Host extends GenericContainer<Host> {
        Host() {
            super(DockerImageName.parse(IMAGE));
        }
    }

    /**
     * Makes the hosts, without servers.
     *
     * @param prefix what the names of their networks begin with, unique on this machine
     * @param directory where the servers' files are; mounted into every host
     */
    public ContainerHosts(String prefix, Path directory) {
        this.directory = directory;
        removeLeftovers();
        try {
            new ImageFromDockerfile(IMAGE, false)
                    .withFileFromString("empty", "")
                    .withFileFromString("Dockerfile", "FROM scratch\nCOPY empty /empty\n")
                    .get();
            for (int site = 1; site <= SITES; site++) {
                Host holder = host("none").withCommand("/usr/bin/sleep", "infinity");
                holders.add(holder);
                holder.start();
                networks.add(Namespace.of(prefix + "site" + site, pid(holder)));
            }
        } catch (RuntimeException e) {
            close();
            throw new IllegalStateException("the hosts cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * Why there can be no containers here.
     *
     * @return the reason, empty when a Docker daemon answers
     */
    public static Optional<String> obstacle() {
        try {
            DockerClientFactory.instance().client();
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of("no Docker daemon answers: " + e.getMessage());
        }
    }

    /** Containers of runs that were killed before they could clean up. */
    private void removeLeftovers() {
        for (Container container : docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(LABEL))
                .exec()) {
            long owner = Long.parseLong(container.getLabels().get(LABEL));
            if (ProcessHandle.of(owner).isEmpty()) {
                docker.removeContainerCmd(container.getId()).withForce(true).exec();
            }
        }
    }

    private Host host(String network) {
        Host host = new Host()
                .withImagePullPolicy(_ -> false)
                .withNetworkMode(network)
                .withLabel(LABEL, Long.toString(ProcessHandle.current().pid()))
                .withFileSystemBind(directory.toString(), directory.toString(), BindMode.READ_WRITE)
                .withTmpFs(new TreeMap<>(Map.of("/tmp", "rw,exec")));
        for (String shared : List.of("/usr", "/lib", "/lib64", "/bin", "/etc")) {
            host.withFileSystemBind(shared, shared, BindMode.READ_ONLY);
        }
        Path java = Path.of(System.getProperty("java.home"));
        if (!java.startsWith("/usr")) {
            host.withFileSystemBind(java.toString(), java.toString(), BindMode.READ_ONLY);
        }
        return host;
    }

    private long pid(Host host) {
        @Nullable Long pid = state(host).getPidLong();
        if (pid == null || pid == 0) {
            throw new IllegalStateException("container " + host.getContainerId() + " does not run");
        }
        return pid;
    }

    private InspectContainerResponse.ContainerState state(Host host) {
        return docker.inspectContainerCmd(host.getContainerId()).exec().getState();
    }

    @Override
    public String driver() {
        return "docker";
    }

    @Override
    public Namespace network(int site) {
        return networks.get(site - 1);
    }

    @Override
    public void start(int site, ServerCommand command) {
        Host known = servers.get(site);
        if (known != null) {
            docker.startContainerCmd(known.getContainerId()).exec();
            return;
        }
        List<String> words = new ArrayList<>(List.of(
                "/bin/sh", "-c", "exec \"$@\" >>\"$0\" 2>&1", command.log().toString()));
        words.addAll(command.words());
        Host server = host("container:" + holders.get(site - 1).getContainerId())
                .withFileSystemBind(command.tools().toString(), command.tools().toString(), BindMode.READ_ONLY)
                .withEnv(command.environment())
                .withCommand(words.toArray(String[]::new));
        servers.put(site, server);
        server.start();
    }

    @Override
    public boolean runs(int site) {
        Host server = servers.get(site);
        return server != null && Boolean.TRUE.equals(state(server).getRunning());
    }

    private Host server(int site) {
        Host server = servers.get(site);
        if (server == null) {
            throw new IllegalStateException("site" + site + " has no server");
        }
        return server;
    }

    @Override
    public void kill(int site) throws InterruptedException {
        docker.killContainerCmd(server(site).getContainerId()).exec();
        awaitEnd(site);
    }

    @Override
    public void stop(int site) throws InterruptedException {
        try {
            docker.stopContainerCmd(server(site).getContainerId())
                    .withTimeout((int) STOP_PATIENCE.toSeconds())
                    .exec();
        } catch (NotModifiedException e) {
            // It had ended by itself, which is what was asked for.
            return;
        }
        awaitEnd(site);
    }

    private void awaitEnd(int site) throws InterruptedException {
        long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
        while (runs(site)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the container of site" + site + " does not end");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void pause(int site) {
        docker.pauseContainerCmd(server(site).getContainerId()).exec();
    }

    @Override
    public void resume(int site) {
        docker.unpauseContainerCmd(server(site).getContainerId()).exec();
    }

    @Override
    public void close() {
        for (Container container : docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(
                        Map.of(LABEL, Long.toString(ProcessHandle.current().pid())))
                .exec()) {
            docker.removeContainerCmd(container.getId()).withForce(true).exec();
        }
        servers.clear();
        holders.clear();
        networks.forEach(Namespace::remove);
        networks.clear();
    }
}
