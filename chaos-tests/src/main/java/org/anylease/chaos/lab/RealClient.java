package org.anylease.chaos.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anylease.tools.local.WatchedProcess;

/**
 * A DHCP client from Debian on one interface of a namespace, driven by what it prints.
 *
 * <p>No script of the distribution runs, so nothing outside the namespace is touched: addresses and the default route
 * are set by scripts of ours.
 */
public final class RealClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String ADDRESS = "(\\d+\\.\\d+\\.\\d+\\.\\d+)";

    /** The programs. */
    public enum Program {
        /** ISC's client; it renews by itself only, so leases have to be short. */
        DHCLIENT("dhclient", "bound to " + ADDRESS, "bound to " + ADDRESS),
        /** BusyBox' client; SIGUSR1 makes it renew, SIGUSR2 release. */
        UDHCPC("udhcpc", "lease of " + ADDRESS + " obtained", "lease of " + ADDRESS + " obtained"),
        /** Roy Marples' client. */
        DHCPCD("dhcpcd", "leased " + ADDRESS, "leased " + ADDRESS);

        private final String command;
        private final Pattern bound;
        private final Pattern renewed;

        Program(String command, String bound, String renewed) {
            this.command = command;
            this.bound = Pattern.compile(bound);
            this.renewed = Pattern.compile(renewed);
        }

        /**
         * The program's name.
         *
         * @return as installed by Debian's packages
         */
        public String command() {
            return command;
        }
    }

    private final Program program;
    private final Namespace namespace;
    private final String device;
    private final Path directory;
    private final WatchedProcess process;

    private RealClient(Program program, Namespace namespace, String device, Path directory) throws IOException {
        this.program = program;
        this.namespace = namespace;
        this.device = device;
        this.directory = directory;
        namespace.ip("addr", "flush", "dev", device);
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
        words.addAll(words());
        this.process = WatchedProcess.start(program.command, directory.resolve(program.command + ".log"), words);
    }

    /**
     * Starts a client on an interface.
     *
     * @param program which one
     * @param namespace where
     * @param device the interface
     * @param directory where it keeps its files
     * @return the client, not bound yet
     * @throws IOException when it cannot be started
     */
    public static RealClient start(Program program, Namespace namespace, String device, Path directory)
            throws IOException {
        return new RealClient(program, namespace, device, directory);
    }

    private List<String> words() throws IOException {
        return switch (program) {
            case DHCLIENT ->
                List.of(
                        "dhclient",
                        "-4",
                        "-d",
                        "-v",
                        "-sf",
                        script("dhclient-script", DHCLIENT_SCRIPT),
                        "-lf",
                        directory.resolve("dhclient.leases").toString(),
                        "-pf",
                        directory.resolve("dhclient.pid").toString(),
                        device);
            case UDHCPC ->
                List.of(
                        "udhcpc",
                        "-f",
                        "-i",
                        device,
                        "-t",
                        "20",
                        "-T",
                        "1",
                        "-A",
                        "1",
                        "-s",
                        script("udhcpc-script", UDHCPC_SCRIPT));
            case DHCPCD ->
                List.of("dhcpcd", "-4", "-B", "-d", "-A", "-L", "-c", "/bin/true", "-f", "/dev/null", device);
        };
    }

    private static final String DHCLIENT_SCRIPT = """
        #!/bin/sh
        case "$reason" in
          BOUND|RENEW|REBIND|REBOOT)
            ip addr replace "$new_ip_address/24" dev "$interface"
            [ -z "$new_routers" ] || ip route replace default via "$new_routers" dev "$interface" ;;
          EXPIRE|FAIL|RELEASE|STOP) ip addr flush dev "$interface" ;;
        esac
        """;

    private static final String UDHCPC_SCRIPT = """
        #!/bin/sh
        case "$1" in
          bound|renew)
            ip addr replace "$ip/24" dev "$interface"
            [ -z "$router" ] || ip route replace default via "$router" dev "$interface" ;;
          deconfig) ip addr flush dev "$interface" ;;
        esac
        """;

    private String script(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }

    /**
     * Waits until the client says that it is bound.
     *
     * @return the address
     * @throws IOException when it is not in time; the message holds what it printed
     * @throws InterruptedException when the waiting thread is to end
     */
    public String awaitBound() throws IOException, InterruptedException {
        return address(
                program.bound,
                process.awaitLine(0, line -> program.bound.matcher(line).find(), PATIENCE));
    }

    /**
     * Lets the client renew (where it can be told to), and waits until it says that it has.
     *
     * @return the address
     * @throws IOException when it does not in time
     * @throws InterruptedException when the waiting thread is to end
     */
    public String renew() throws IOException, InterruptedException {
        int mark = process.mark();
        switch (program) {
            case DHCLIENT -> {} // Its T1 comes by itself.
            case UDHCPC -> signal("USR1");
            case DHCPCD -> namespace.run("dhcpcd", "-4", "-N", device);
        }
        return address(
                program.renewed,
                process.awaitLine(mark, line -> program.renewed.matcher(line).find(), PATIENCE));
    }

    /**
     * Waits for the next lease that the client gets by itself.
     *
     * @return the address
     * @throws IOException when none comes in time
     * @throws InterruptedException when the waiting thread is to end
     */
    public String awaitNextLease() throws IOException, InterruptedException {
        int mark = process.mark();
        return address(
                program.renewed,
                process.awaitLine(mark, line -> program.renewed.matcher(line).find(), PATIENCE));
    }

    /**
     * Gives the lease back.
     *
     * @throws IOException when the client does not end in time
     * @throws InterruptedException when the waiting thread is to end
     */
    public void release() throws IOException, InterruptedException {
        switch (program) {
            case DHCLIENT ->
                namespace
                        .run(
                                "dhclient",
                                "-4",
                                "-r",
                                "-v",
                                "-sf",
                                directory.resolve("dhclient-script").toString(),
                                "-lf",
                                directory.resolve("dhclient.leases").toString(),
                                "-pf",
                                directory.resolve("dhclient.pid").toString(),
                                device)
                        .orThrow();
            case UDHCPC -> {
                int mark = process.mark();
                signal("USR2");
                process.awaitLine(mark, line -> line.contains("release"), PATIENCE);
            }
            case DHCPCD -> namespace.run("dhcpcd", "-4", "-k", device);
        }
    }

    private void signal(String name) {
        Command.run("kill", "-" + name, Long.toString(process.pid())).orThrow();
    }

    private static String address(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.find()) {
            throw new IllegalStateException("no address in '" + line + "'");
        }
        return matcher.group(1);
    }

    /**
     * What it printed last.
     *
     * @return at most 30 lines
     */
    public String lastLines() {
        return process.lastLines();
    }

    @Override
    public void close() {
        process.close();
        namespace.ip("addr", "flush", "dev", device);
    }
}
