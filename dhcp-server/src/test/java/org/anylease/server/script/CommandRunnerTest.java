package org.anylease.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anylease.server.script.CommandRunner.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands run apart from everything, with their arguments as they are, few at a time and none for long. */
final class CommandRunnerTest {
    @TempDir
    private Path directory;

    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final List<CommandRunner> runners = new ArrayList<>();

    private record Ended(String command, Result result, String details) {}

    @AfterEach
    void close() {
        runners.forEach(CommandRunner::close);
    }

    private CommandRunner runner(Duration timeout, int waiting, String name, String script) throws IOException {
        Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        TreeMap<String, Path> allowed = new TreeMap<>();
        allowed.put(name, file);
        allowed.put("missing", directory.resolve("missing"));
        CommandRunner runner = new CommandRunner(
                allowed,
                timeout,
                1,
                waiting,
                (command, result, details) -> ended.add(new Ended(command, result, details)));
        runners.add(runner);
        return runner;
    }

    private Ended next() throws InterruptedException {
        Ended next = ended.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a command comes to its end").isNotNull();
        return next == null ? new Ended("", Result.FAILED, "") : next;
    }

    @Test
    void argumentsAreWordsAndNeverATextForAShell() throws Exception {
        Path heard = directory.resolve("heard");
        CommandRunner runner =
                runner(Duration.ofSeconds(20), 10, "hear", "printf '%s\\n' \"$@\" \"${HOME-none}\" > " + heard);

        runner.run("hear", List.of("a b", "$(touch /tmp/x); `id`", "", "-n"));

        assertThat(next()).isEqualTo(new Ended("hear", Result.SUCCEEDED, ""));
        assertThat(Files.readAllLines(heard)).containsExactly("a b", "$(touch /tmp/x); `id`", "", "-n", "none");
    }

    @Test
    void whatEndsOtherwiseOrIsNotThereFailed() throws Exception {
        CommandRunner runner = runner(Duration.ofSeconds(20), 10, "fail", "exit 3");

        runner.run("fail", List.of());
        assertThat(next()).isEqualTo(new Ended("fail", Result.FAILED, "exit code 3"));
        runner.run("missing", List.of());
        assertThat(next().result()).isEqualTo(Result.FAILED);
    }

    @Test
    void whatIsNotAllowedIsRefused() throws Exception {
        CommandRunner runner = runner(Duration.ofSeconds(20), 10, "one", "exit 0");

        runner.run("/bin/true", List.of());

        assertThat(next().result()).isEqualTo(Result.REFUSED);
    }

    @Test
    void whatRunsTooLongIsKilledWithAllThatItStarted() throws Exception {
        Path child = directory.resolve("child");
        CommandRunner runner = runner(Duration.ofMillis(500), 10, "hang", "sleep 600 & echo $! > " + child + "; wait");

        runner.run("hang", List.of());

        assertThat(next().result()).isEqualTo(Result.TIMED_OUT);
        long pid = Long.parseLong(Files.readString(child).strip());
        ProcessHandle.of(pid)
                .ifPresent(handle ->
                        handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
    }

    @Test
    void whatFindsNoRoomIsDroppedAtOnce() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CommandRunner runner = runner(Duration.ofSeconds(20), 2, "wait", "read line < " + pipe);

        for (int i = 0; i < 5; i++) {
            runner.run("wait", List.of());
        }

        assertThat(next()).isEqualTo(new Ended("wait", Result.DROPPED, "too many wait"));
        assertThat(next().result()).isEqualTo(Result.DROPPED);
        for (int i = 0; i < 3; i++) {
            Files.writeString(pipe, "go\n");
            assertThat(next().result()).isEqualTo(Result.SUCCEEDED);
        }
        assertThat(ended).isEmpty();
    }
}
