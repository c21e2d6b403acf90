package org.anylease.tools.announcer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.anylease.server.config.Announcement;
import org.anylease.server.config.AnycastConfig;
import org.anylease.server.config.AnycastConfig.RouteDaemon;
import org.anylease.tools.anycast.Decision;
import org.anylease.tools.anycast.Health;
import org.anylease.tools.anycast.Observation;
import org.anylease.tools.anycast.RouteDecision;
import org.jspecify.annotations.Nullable;

/**
 * Checks the local server again and again, and sees to it that the route is as {@link RouteDecision} wants it.
 *
 * <p>Used by one thread. What it cannot bring about it says once, and tries again with every check.
 */
public final class Announcer implements AutoCloseable {
    /** So often a route that should be in force already is looked at again. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AnycastConfig config;
    private final StateFiles files;
    private final ServerCheck check;
    private final List<RouteControl> controls;
    private final PrintStream messages;
    private final InstantSource clock;
    private final RouteDecision route;
    private @Nullable Decision said;
    private @Nullable Announcement inForce;
    private long lookedAt;
    private String problem = "";

    /**
     * Opens what the announcer needs; it announces nothing yet.
     *
     * @param config the operator's file
     * @param commands where ExaBGP reads its commands
     * @param answers where it answers them
     * @param messages where changes and troubles are told, a line each
     * @param clock the machine's clock
     * @param random draws transaction ids
     * @throws IOException when the state cannot be read, or there is no loopback interface
     */
    public Announcer(
            AnycastConfig config,
            PrintStream commands,
            InputStream answers,
            PrintStream messages,
            InstantSource clock,
            RandomGenerator random)
            throws IOException {
        this.config = config;
        this.files = new StateFiles(config.stateDirectory());
        this.messages = messages;
        this.clock = clock;
        this.controls = controls(config, commands, answers);
        this.route = new RouteDecision(config.policy());
        files.readStatus().ifPresent(this::resume);
        this.check = ServerCheck.open(config.check(), random);
    }

    private static List<RouteControl> controls(AnycastConfig config, PrintStream commands, InputStream answers)
            throws IOException {
        List<RouteControl> controls = new ArrayList<>();
        if (config.addressInterface() != null) {
            controls.add(new AddressControl(config.serviceAddress(), config.addressInterface()));
        }
        if (config.daemon() != null) {
            controls.add(
                    switch (config.daemon()) {
                        case RouteDaemon.Bird bird -> new BirdControl(bird);
                        case RouteDaemon.Frr frr -> new FrrControl(frr);
                        case RouteDaemon.Exabgp exabgp ->
                            new ExabgpControl(exabgp, config.serviceAddress(), commands, answers);
                    });
        }
        return controls;
    }

    /** A started machine has to show first that its server answers; a restarted announcer goes on as before. */
    private void resume(ObjectNode status) {
        Optional<Health> health = Health.ofWord(status.path("health").asText());
        String boot = status.path("boot").asText();
        if (health.isPresent() && boot.equals(StateFiles.bootId())) {
            route.resume(health.get(), status.path("why").asText());
        } else if (health.isPresent()) {
            route.resume(Health.FAILING, "the machine was started, and its server has not answered long enough yet");
        }
    }

    /**
     * Checks until the thread is interrupted.
     *
     * @throws InterruptedException when it is
     */
    public void run() throws InterruptedException {
        long next = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            check();
            next = Math.max(next + config.check().interval().toNanos(), System.nanoTime());
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        }
    }

    /**
     * Checks once, and does what follows from it.
     *
     * @throws InterruptedException when the thread is to end
     */
    public void check() throws InterruptedException {
        Observation observation = check.observe();
        Instant now = clock.instant();
        Optional<ObjectNode> drain = Optional.empty();
        String trouble = "";
        try {
            drain = files.readDrain();
        } catch (IOException e) {
            drain = said != null && said.drained() ? Optional.of(MAPPER.createObjectNode()) : Optional.empty();
            trouble = "whether the site is drained cannot be read: " + e.getMessage();
        }
        Decision decision = route.on(observation, drain.isPresent(), now).orElse(null);
        if (decision != null) {
            tell(decision);
            String refused = bringAbout(decision.announcement());
            trouble = refused.isEmpty() ? trouble : refused;
        }
        try {
            files.writeStatus(status(observation, decision, drain.orElse(null), now, trouble));
        } catch (IOException e) {
            trouble = trouble.isEmpty() ? "the status cannot be written: " + e.getMessage() : trouble;
        }
        if (!trouble.equals(problem)) {
            messages.println(
                    trouble.isEmpty() ? "anylease-anycast: mended: " + problem : "anylease-anycast: " + trouble);
            problem = trouble;
        }
    }

    private void tell(Decision decision) {
        Decision before = said;
        if (before == null
                || before.announcement() != decision.announcement()
                || before.health() != decision.health()
                || before.drained() != decision.drained()) {
            messages.println("anylease-anycast: route " + config.serviceAddress() + "/32 "
                    + decision.announcement().word() + ", server "
                    + decision.health().word()
                    + (decision.drained() ? ", site drained" : "") + ": " + decision.why());
        }
        said = decision;
    }

    /** Says what stands in the way, or nothing. */
    private String bringAbout(Announcement wanted) throws InterruptedException {
        long now = System.nanoTime();
        if (inForce == wanted && now - lookedAt < LOOK_AGAIN.toNanos()) {
            return "";
        }
        // The address is there before the route, and goes after it.
        List<RouteControl> inOrder = wanted == Announcement.WITHDRAWN ? controls.reversed() : controls;
        try {
            for (RouteControl control : inOrder) {
                control.apply(wanted);
            }
            inForce = wanted;
            lookedAt = now;
            return "";
        } catch (IOException e) {
            inForce = null;
            return "the route is not " + wanted.word() + " yet: " + e.getMessage();
        }
    }

    private ObjectNode status(
            Observation observation,
            @Nullable Decision decision,
            @Nullable ObjectNode drain,
            Instant now,
            String trouble) {
        ObjectNode status = MAPPER.createObjectNode();
        status.put("writtenAt", now.toString());
        status.put("intervalMillis", config.check().interval().toMillis());
        status.put("pid", ProcessHandle.current().pid());
        status.put("boot", StateFiles.bootId());
        status.put("serviceAddress", config.serviceAddress().toString());
        status.put(
                "announcement",
                decision == null ? "unknown" : decision.announcement().word());
        status.put("inForce", decision != null && inForce == decision.announcement());
        status.put("health", route.settled().map(Health::word).orElse("unknown"));
        status.put("why", decision == null ? "too few checks yet" : decision.why());
        status.put("since", decision == null ? "" : decision.since().toString());
        status.put("pending", route.pending());
        status.put("problem", trouble);
        ObjectNode last = status.putObject("lastCheck");
        last.put("health", observation.health().word());
        last.put("why", observation.why());
        if (drain == null) {
            status.putNull("drained");
        } else {
            status.set("drained", drain);
        }
        return status;
    }

    /** Closes the check's socket. The route stays as it is. */
    @Override
    public void close() {
        check.close();
    }
}
