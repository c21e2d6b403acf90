package org.anylease.server.ddns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.server.dns.UpdateStep;
import org.anylease.server.dns.UpdateStep.Answer;
import org.anylease.server.dns.UpdateStep.Next;
import org.anylease.store.address.Ipv4;
import org.anylease.store.dns.DnsRecord;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;

/**
 * Sends updates by dnsjava, over TCP, each on a thread of its own; the caller bounds how many there are at a time. A
 * name server that does not answer is followed by the zone's next one.
 */
public final class DnsSender implements NameUpdates, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final TsigKeys keys = new TsigKeys();

    /** Nothing is sent yet. */
    public DnsSender() {}

    @Override
    public void send(Ipv4 address, DnsRecord record, DnsPolicy policy, Consumer<Result> listener) {
        try {
            threads.execute(() -> listener.accept(steps(address, record, policy)));
        } catch (RejectedExecutionException e) {
            listener.accept(new Result.Failed("", "this server is stopping"));
        }
    }

    private Result steps(Ipv4 address, DnsRecord record, DnsPolicy policy) {
        UpdateStep step = UpdateStep.first(record);
        try {
            while (true) {
                switch (step.after(answer(step, address, record, policy), record)) {
                    case Next.Step next -> step = next.step();
                    case Next.Done() -> {
                        return new Result.Done();
                    }
                    case Next.Conflict() -> {
                        return new Result.Conflict();
                    }
                    case Next.Changed() -> {
                        return new Result.Failed("", record.name() + " was changed by somebody else meanwhile");
                    }
                }
            }
        } catch (IOException e) {
            String zone = policy.zoneOf(name(step, address, record))
                    .map(DnsPolicy.Zone::name)
                    .orElse("");
            return new Result.Failed(zone, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isReverse(UpdateStep step) {
        return step == UpdateStep.POINT_BACK || step == UpdateStep.UNPOINT;
    }

    /** The name that a step changes. */
    private static String name(UpdateStep step, Ipv4 address, DnsRecord record) {
        return isReverse(step) ? DnsPolicy.reverseName(address) : record.name();
    }

    private Answer answer(UpdateStep step, Ipv4 address, DnsRecord record, DnsPolicy policy) throws IOException {
        boolean reverse = isReverse(step);
        String name = name(step, address, record);
        DnsPolicy.Names names = policy.names(address);
        if (step == UpdateStep.POINT_BACK && !names.updates().reverse()) {
            return Answer.NOERROR;
        }
        DnsPolicy.Zone zone = policy.zoneOf(name).orElse(null);
        if (zone == null) {
            if (reverse) {
                return Answer.NOERROR;
            }
            throw new IOException("no zone of the configuration holds " + name
                    + ", which stands in DNS; name its zone, or remove it there by hand");
        }
        Message update = UpdateMessage.of(step, address, record, zone.name(), names.ttl());
        String keyFile = zone.keyFile();
        TSIG key = keyFile == null ? null : keys.of(keyFile);
        IOException silent = null;
        for (Ipv4 server : zone.servers()) {
            try {
                return understood(exchange(server, zone.port(), key, update), key, zone.name(), server);
            } catch (Silence e) {
                silent = e;
            }
        }
        throw silent != null ? silent : new IOException("zone " + zone.name() + " has no name server");
    }

    private static Message exchange(Ipv4 server, int port, @Nullable TSIG key, Message update) throws Silence {
        try {
            SimpleResolver resolver =
                    new SimpleResolver(new InetSocketAddress(InetAddress.getByName(server.toString()), port));
            resolver.setTCP(true);
            resolver.setEDNS(-1);
            resolver.setTimeout(PATIENCE);
            if (key != null) {
                resolver.setTSIGKey(key);
            }
            return resolver.send(update);
        } catch (IOException e) {
            throw new Silence("name server " + server + " port " + port + " does not answer: " + e.getMessage(), e);
        }
    }

    private static Answer understood(Message reply, @Nullable TSIG key, String zone, Ipv4 server) throws IOException {
        int code = reply.getRcode();
        if (key != null && !reply.isVerified()) {
            throw new IOException("name server " + server + " did not take the signature of an update of zone " + zone
                    + " (" + Rcode.string(code) + "): compare the key file with the name server's, and both clocks");
        }
        return switch (code) {
            case Rcode.NOERROR -> Answer.NOERROR;
            case Rcode.YXDOMAIN -> Answer.YXDOMAIN;
            case Rcode.NXDOMAIN -> Answer.NXDOMAIN;
            case Rcode.YXRRSET -> Answer.YXRRSET;
            case Rcode.NXRRSET -> Answer.NXRRSET;
            default ->
                throw new IOException("name server " + server + " refused an update of zone " + zone + ": "
                        + Rcode.string(code) + "; its allow-update or update-policy says who may");
        };
    }

    /** Nothing came back, so that another name server may be asked. */
    private static final class Silence extends IOException {
        private static final long serialVersionUID = 1L;

        Silence(String message, IOException cause) {
            super(message, cause);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
