package org.anylease.store.state;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/** Prints what a million leases cost in memory and time: {@code java … org.anylease.store.state.MemoryReport [leases]}. */
final class MemoryReport {
    private static final int BATCH = 64;

    private final int leases;
    private long index;
    private LeaseTable table = new LeaseTable(Cells.CELL);

    private MemoryReport(int leases) {
        this.leases = leases;
    }

    public static void main(String[] arguments) throws Exception {
        int leases = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        new MemoryReport(Math.min(leases, 20_000)).run();
        System.out.println("--- measured, after a warm-up");
        new MemoryReport(leases).run();
    }

    private void run() throws Exception {
        long empty = used();
        apply(List.of(new LeaseCommand.ApplyConfig(
                Cells.config(1, Cells.network("lan", true, Cells.subnet("10.0.0.0/8", List.of("10.0.0.1-10.31.0.0")))),
                0,
                "operator",
                Octets.EMPTY)));
        time("offer", () -> each(i -> new LeaseCommand.OfferAddress(client(i), "lan", null, null)));
        time("commit", () -> each(i -> commit(i, RequestKind.SELECTING)));
        List<StateChanges.Change> others = table.takeChanges().changes().stream()
                .filter(change -> change.key()[0] != StoredKeys.BINDING && change.key()[0] != StoredKeys.CLOCK)
                .filter(change -> change.key()[0] != StoredKeys.EXCHANGES)
                .toList();
        report("live", empty);
        time("renew", () -> each(i -> commit(i, RequestKind.RENEWING)));
        List<StateChanges.Change> changes = new ArrayList<>(table.takeChanges().changes());
        changes.addAll(others);
        long nanos = cpuNanos();
        LeaseDigest live = table.digest();
        table = new LeaseTable(Cells.CELL);
        table = LeaseTable.restore(Cells.CELL, changes);
        System.out.printf("restore %d leases: %d ms%n", leases, (cpuNanos() - nanos) / 1_000_000);
        if (!table.digest().equals(live)) {
            throw new IllegalStateException("digests differ");
        }
        changes.clear();
        report("restored", empty);
        predict();
        fileByHardware(empty);
        nanos = cpuNanos();
        apply(List.of(new LeaseCommand.ApplyConfig(
                Cells.config(
                        2,
                        Cells.network(
                                "lan",
                                true,
                                Cells.subnet(
                                        "10.0.0.0/8",
                                        List.of("10.0.0.1-10.31.0.0"),
                                        Cells.reservation("10.40.0.1", Cells.client(1))))),
                1,
                "operator",
                Octets.EMPTY)));
        System.out.printf("one reservation more: %d ms%n", (cpuNanos() - nanos) / 1_000_000);
        nanos = cpuNanos();
        Duration late = Duration.ofHours(3);
        table.apply(
                new LogIndex(++index),
                new Entry(
                        Cells.START.plus(late),
                        List.of(new Batch(
                                Cells.DC1, index, List.of(new LeaseCommand.ExpireDue(100_000, LogIndex.NONE))))));
        System.out.printf("expire 100000: %d ms%n", (cpuNanos() - nanos) / 1_000_000);
    }

    /** What it costs to find clients by hardware address as well. */
    private void fileByHardware(long empty) {
        long nanos = cpuNanos();
        HardwareLookup lookup = new HardwareLookup(table);
        int left = lookup.file(leases);
        System.out.printf("file by hardware address: %d ns each%n", (cpuNanos() - nanos) / leases);
        report("with hardware addresses", empty);
        if (left > 0 || lookup.bindingsOf(client(1).hardware()).isEmpty()) {
            throw new IllegalStateException("not all is filed: " + left);
        }
    }

    private void predict() {
        TreeSet<Ipv4> set = new TreeSet<>();
        int count = 1000;
        long nanos = cpuNanos();
        for (int i = 0; i < count; i++) {
            Ipv4 next = table.wouldOffer(client(leases + i), "lan", null, set::contains)
                    .orElseThrow();
            set.add(next);
        }
        System.out.printf("wouldOffer with 0 to %d taken: %d ns%n", count, (cpuNanos() - nanos) / count);
    }

    private interface Commands {
        LeaseCommand of(int client);
    }

    private LeaseCommand commit(int i, RequestKind kind) {
        return new LeaseCommand.CommitLease(
                client(i), "lan", Ipv4.parse("10.0.0.1").plus(i), kind, null);
    }

    private void each(Commands commands) {
        List<LeaseCommand> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < leases; i++) {
            batch.add(commands.of(i));
            if (batch.size() == BATCH || i == leases - 1) {
                apply(batch);
                batch.clear();
            }
        }
    }

    private void apply(List<LeaseCommand> commands) {
        index++;
        table.apply(new LogIndex(index), new Entry(Cells.START, List.of(new Batch(Cells.DC1, index, commands))));
    }

    private void time(String what, Runnable run) {
        long nanos = cpuNanos();
        run.run();
        System.out.printf("%s: %d ns each%n", what, (cpuNanos() - nanos) / leases);
    }

    private void report(String what, long empty) {
        long bytes = used() - empty;
        System.out.printf(
                "%s: %d bytes a lease, of which records %d%n", what, bytes / leases, table.recordBytes() / leases);
    }

    private static LeaseClient client(int number) {
        Octets hardware = Octets.of(
                (byte) 1, (byte) 2, (byte) 0, (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte)
                        number);
        byte[] information = new byte[30];
        information[0] = 1;
        information[1] = 28;
        information[2] = (byte) number;
        information[3] = (byte) (number >> 8);
        information[4] = (byte) (number >> 16);
        return new LeaseClient(
                new ClientId(number % 3 == 1 ? ClientId.Kind.CLIENT_IDENTIFIER : ClientId.Kind.HARDWARE, hardware),
                hardware,
                number % 2 == 0 ? String.format("host-%07d", number) : "",
                number % 3 == 0 ? Octets.of(information) : Octets.EMPTY,
                new Ipv4(0x0a000001));
    }

    /** Processor time, as the machine has other work. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
