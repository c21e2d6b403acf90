package org.anylease.chaos.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.anylease.chaos.hosts.Hosts;
import org.anylease.chaos.hosts.SlowSync;
import org.anylease.chaos.hosts.SmallDisk;
import org.anylease.raft.disk.DurableFile;

/** Carries out the steps of a scenario. Used by one thread. */
final class Nemesis implements AutoCloseable {
    private final Arena arena;
    private final Crowd crowd;
    private final int leader;
    private final List<Integer> paused = new ArrayList<>();
    private final ScheduledExecutorService repeating = Executors.newSingleThreadScheduledExecutor();
    private final List<ScheduledFuture<?>> repeated = new ArrayList<>();

    /**
     * A nemesis that has done nothing yet.
     *
     * @param arena what it does things to
     * @param crowd who lives there
     * @param leader the site that leads
     */
    Nemesis(Arena arena, Crowd crowd, int leader) {
        this.arena = arena;
        this.crowd = crowd;
        this.leader = leader;
    }

    /** Does one thing, and waits until it is done. */
    void carryOut(Act act) throws IOException, InterruptedException {
        switch (act) {
            case Act.Cut cut -> cut(cut);
            case Act.Flap flap -> flap(flap);
            case Act.Kill kill -> kill(kill.who());
            case Act.Stop stop -> stop(stop.who());
            case Act.Start start -> arena.start(start.who().sites(leader));
            case Act.Restart restart -> {
                stop(restart.who());
                arena.start(restart.who().sites(leader));
            }
            case Act.Pause pause -> pause(pause.who());
            case Act.Resume resume -> resume(resume.who());
            case Act.Wipe wipe -> wipe(wipe.who());
            case Act.SlowDisk slow -> slow(slow.who(), slow.by());
            case Act.FillDisk _ -> smallDisk().fill();
            case Act.FreeDisk _ -> smallDisk().free();
            case Act.StepClock step -> arena.clock(step.by());
            case Act.Route route ->
                route.relays()
                        .sites(leader)
                        .forEach(relay -> arena.wiring().route(relay, route.to().site(leader)));
            case Act.FlipRoutes flip -> flip(flip.every());
            case Act.Doubled _ -> arena.doubled(true);
            case Act.Join join -> join(join);
            case Act.Storm _ -> crowd.storm();
            case Act.Heal _ -> heal();
        }
    }

    private void cut(Act.Cut cut) {
        eachPair(cut.one(), cut.other(), (one, other) -> {
            arena.wiring().lose(one, other);
            if (!cut.oneWay()) {
                arena.wiring().lose(other, one);
            }
        });
    }

    @FunctionalInterface
    private interface Pair {
        void of(int one, int other);
    }

    private void eachPair(Who one, Who other, Pair pair) {
        List<Integer> ones = one.sites(leader);
        for (int first : ones) {
            for (int second : other.sites(leader)) {
                if (!ones.contains(second)) {
                    pair.of(first, second);
                }
            }
        }
    }

    private void flap(Act.Flap flap) {
        AtomicInteger times = new AtomicInteger();
        repeat(flap.every(), () -> {
            boolean down = times.getAndIncrement() % 2 == 0;
            eachPair(flap.one(), flap.other(), (one, other) -> {
                if (down) {
                    arena.wiring().lose(one, other);
                    arena.wiring().lose(other, one);
                } else {
                    arena.wiring().pass(one, other);
                    arena.wiring().pass(other, one);
                }
            });
        });
    }

    private void flip(Duration every) {
        AtomicInteger times = new AtomicInteger();
        repeat(every, () -> {
            int by = times.incrementAndGet();
            for (int relay = 1; relay <= Hosts.SITES; relay++) {
                arena.wiring().route(relay, (relay - 1 + by) % Hosts.SITES + 1);
            }
        });
    }

    private void repeat(Duration every, Runnable task) {
        repeated.add(repeating.scheduleAtFixedRate(task, 0, every.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void kill(Who who) throws InterruptedException {
        for (int site : who.sites(leader)) {
            arena.hosts().kill(site);
        }
    }

    private void stop(Who who) throws InterruptedException {
        for (int site : who.sites(leader)) {
            arena.hosts().stop(site);
        }
    }

    private void pause(Who who) {
        for (int site : who.sites(leader)) {
            arena.hosts().pause(site);
            paused.add(site);
        }
    }

    private void resume(Who who) {
        for (int site : who.sites(leader)) {
            if (paused.remove(/* element */ (Integer) site)) {
                arena.hosts().resume(site);
            }
        }
    }

    private void wipe(Who who) throws IOException, InterruptedException {
        kill(who);
        for (int site : who.sites(leader)) {
            DurableFile.deleteTree(arena.data(site));
            Files.createDirectories(arena.data(site));
        }
    }

    private void slow(Who who, Duration by) throws IOException {
        SlowSync disks = arena.slowSync().orElseThrow(() -> new IllegalStateException("needs slow-sync"));
        for (int site : who.sites(leader)) {
            disks.delay(site, by);
        }
    }

    private SmallDisk smallDisk() {
        return arena.smallDisk().orElseThrow(() -> new IllegalStateException("needs small-disk"));
    }

    private void join(Act.Join join) {
        for (int relay : join.relays().sites(leader)) {
            for (int client = 0; client < join.clients(); client++) {
                crowd.join(relay);
            }
        }
    }

    private void heal() throws IOException, InterruptedException {
        stopRepeating();
        arena.wiring().mend();
        arena.doubled(false);
        arena.clock(Duration.ZERO);
        if (arena.slowSync().isPresent()) {
            slow(new Who("all"), Duration.ZERO);
        }
        if (arena.smallDisk().isPresent()) {
            smallDisk().free();
        }
        resume(new Who("all"));
        arena.start(new Who("all").sites(leader));
    }

    private void stopRepeating() throws InterruptedException {
        repeated.forEach(task -> task.cancel(false));
        repeating.shutdown();
        if (!repeating.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a repeated fault does not end");
        }
        for (ScheduledFuture<?> task : repeated) {
            if (task.state() == java.util.concurrent.Future.State.FAILED) {
                throw new IllegalStateException("a repeated fault could not be done", task.exceptionNow());
            }
        }
    }

    @Override
    public void close() {
        repeating.shutdownNow();
    }
}
