package org.anylease.chaos.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anylease.tools.local.WatchedProcess;

/**
 * A DHCP client from Debian on a host of the laboratory, driven by what it prints.
 *
 * <p>No script of the distribution runs, and no file of the machine is written: addresses and the default route are
 * set by scripts of ours, leases are kept in the test's directory or in memory. Used by one thread.
 */
public final class RealClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String ADDRESS = "(\\d+\\.\\d+\\.\\d+\\.\\d+)";

    /** The programs. */
    public enum Program {
        /** ISC's client; it renews by itself only, so leases have to be short. */
        DHCLIENT("bound to " + ADDRESS, "DHCPREQUEST for .* to 255\\.255\\.255\\.255"),
        /** BusyBox' client; SIGUSR1 makes it renew, SIGUSR2 release. */
        UDHCPC("lease of " + ADDRESS + " obtained", "broadcasting renew"),
        /** Roy Marples' client; SIGUSR1 makes it renew, SIGALRM release. It refuses leases below 20 s. */
        DHCPCD("leased " + ADDRESS, "rebinding");

        private final Pattern leased;
        private final Pattern rebinding;

        Program(String leased, String rebinding) {
            this.leased = Pattern.compile(leased);
            this.rebinding = Pattern.compile(rebinding);
        }

        /**
         * The program's name.
         *
         * @return as installed by Debian's packages
         */
        public String command() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Program program;
    private final Namespace host;
    private final Path directory;
    private final WatchedProcess process;

    private RealClient(Program program, Namespace host, Path directory, List<String> more) throws IOException {
        this.program = program;
        this.host = host;
        this.directory = Files.createDirectories(directory.resolve(host.name()));
        List<String> words = new ArrayList<>(words());
        words.addAll(more);
        if (program == Program.UDHCPC) {
            words.add("-i");
        }
        words.add(AnycastLab.DEVICE);
        this.process = Background.start(host, program.command(), this.directory, words);
    }

    /**
     * Starts a client.
     *
     * @param program which one
     * @param host where
     * @param directory in which it makes a directory of its own
     * @param more further arguments, before the interface
     * @return the client, not bound yet
     * @throws IOException when it cannot be started
     */
    public static RealClient start(Program program, Namespace host, Path directory, String... more) throws IOException {
        return new RealClient(program, host, directory, List.of(more));
    }

    private List<String> words() throws IOException {
        return switch (program) {
            case DHCLIENT -> {
                List<String> words = new ArrayList<>(List.of("dhclient", "-4", "-d", "-v"));
                words.addAll(dhclientFiles());
                yield words;
            }
            case UDHCPC -> {
                String script = file("udhcpc-script", UDHCPC_SCRIPT);
                yield List.of("udhcpc", "-f", "-t", "20", "-T", "2", "-A", "1", "-s", script);
            }
            case DHCPCD -> List.of("sh", file("dhcpcd-start", DHCPCD_START));
        };
    }

    private List<String> dhclientFiles() throws IOException {
        return List.of(
                "-cf",
                file("dhclient.conf", DHCLIENT_CONF),
                "-sf",
                file("dhclient-script", DHCLIENT_SCRIPT),
                "-lf",
                directory.resolve("dhclient.leases").toString(),
                "-pf",
                directory.resolve("dhclient.pid").toString());
    }

    private static final String DHCLIENT_CONF = """
        initial-interval 1;
        backoff-cutoff 2;
        retry 2;
        """;

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

    /** dhcpcd knows no option for its files; "ip netns exec" has made a mount namespace, in which they are in memory. */
    private static final String DHCPCD_START = """
        set -e
        mkdir -p /var/lib/dhcpcd /run/dhcpcd
        mount -t tmpfs leases /var/lib/dhcpcd
        mount -t tmpfs run /run/dhcpcd
        exec dhcpcd -4 -B -d -A -L -c /bin/true -f /dev/null "$@"
        """;

    private String file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }

    /**
     * Where it runs.
     *
     * @return the host it was started on
     */
    public Namespace host() {
        return host;
    }

    /**
     * Waits until the client says that it is bound.
     *
     * @return the address
     * @throws IOException when it is not in time; the message holds what it printed
     * @throws InterruptedException when the waiting thread is to end
     */
    public String awaitBound() throws IOException, InterruptedException {
        return awaitLease(0);
    }

    /**
     * How many lines it has printed so far: a mark for the methods that wait for more.
     *
     * @return from 0
     */
    public int mark() {
        return process.mark();
    }

    /** Tells the client to renew, where it can be told to: dhclient's T1 comes by itself. */
    public void renew() {
        if (isToldToRenew()) {
            signal("USR1");
        }
    }

    /**
     * Whether it can be told to renew.
     *
     * @return false for dhclient
     */
    public boolean isToldToRenew() {
        return program != Program.DHCLIENT;
    }

    /**
     * Waits until the client says that it has a lease, or has it extended.
     *
     * @param mark only what it printed after this counts
     * @return the address
     * @throws IOException when it does not in time; the message holds what it printed
     * @throws InterruptedException when the waiting thread is to end
     */
    public String awaitLease(int mark) throws IOException, InterruptedException {
        String line = process.awaitLine(
                mark, printed -> program.leased.matcher(printed).find(), PATIENCE);
        Matcher matcher = program.leased.matcher(line);
        if (!matcher.find()) {
            throw new IllegalStateException("no address in '" + line + "'");
        }
        return matcher.group(1);
    }

    /**
     * The address of each lease that it said it has, and of each extension.
     *
     * @return in order
     * @throws IOException when its log cannot be read
     */
    public List<String> leased() throws IOException {
        List<String> addresses = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(program.command() + ".log"))) {
            Matcher matcher = program.leased.matcher(line);
            if (matcher.find()) {
                addresses.add(matcher.group(1));
            }
        }
        return addresses;
    }

    /**
     * Waits until the client says that it asks by broadcast since its server does not answer.
     *
     * @param mark only what it printed after this counts
     * @throws IOException when it does not in time; the message holds what it printed
     * @throws InterruptedException when the waiting thread is to end
     */
    public void awaitRebinding(int mark) throws IOException, InterruptedException {
        process.awaitLine(mark, line -> program.rebinding.matcher(line).find(), PATIENCE);
    }

    /**
     * Gives the lease back; nobody answers that.
     *
     * @throws IOException when dhclient's files cannot be written
     */
    public void release() throws IOException {
        switch (program) {
            case DHCLIENT -> {
                List<String> words = new ArrayList<>(List.of("dhclient", "-4", "-r", "-v"));
                words.addAll(dhclientFiles());
                words.add(AnycastLab.DEVICE);
                host.run(words.toArray(String[]::new)).orThrow();
            }
            case UDHCPC -> signal("USR2");
            case DHCPCD -> signal("ALRM");
        }
    }

    private void signal(String name) {
        Command.run("kill", "-" + name, Long.toString(process.pid())).orThrow();
    }

    /**
     * What it printed.
     *
     * @return the last lines, at most 30
     */
    public String lastLines() {
        return process.lastLines();
    }

    /** Ends the client without a release. */
    @Override
    public void close() {
        process.close();
    }

    @Override
    public String toString() {
        return program.command() + " on " + host.name();
    }
}
