package org.anylease.server.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.store.address.Ipv4;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Phase;
import org.anylease.store.dns.DnsRecord.Style;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * Agrees with clients on their names (RFC 4702 §4), and says what DNS is to hold of a lease.
 *
 * <p>What is agreed is kept as the lease's host name, so that every server of the cell draws the same conclusion: with a
 * final dot when the client keeps its A record itself, and none at all when it wants no name.
 */
public final class HostNaming {
    private static final int LABEL_MAX = 63;

    private final DnsPolicy policy;

    /**
     * Naming by a policy.
     *
     * @param policy what the operator wants
     */
    public HostNaming(DnsPolicy policy) {
        this.policy = policy;
    }

    /**
     * The host name to keep with a lease.
     *
     * @param options the client's
     * @return empty when it has none, or wants none in DNS and may want that
     */
    public String kept(Options options) {
        Optional<ClientFqdn> fqdn = options.bytes(OptionCode.CLIENT_FQDN).flatMap(ClientFqdn::decode);
        String hostname = options.string(OptionCode.HOSTNAME).orElse("");
        if (fqdn.isEmpty()) {
            return withoutDot(hostname);
        }
        ClientFqdn wish = fqdn.get();
        if (wish.noUpdates() && policy.clientUpdates()) {
            return "";
        }
        String name = wish.name().isEmpty() ? withoutDot(hostname) : wish.name();
        boolean own = !wish.serverUpdates() && policy.clientUpdates() && wish.complete();
        String kept = own ? name + "." : name;
        return kept.length() > LeaseClient.HOSTNAME_MAX ? kept.substring(0, LeaseClient.HOSTNAME_MAX) : kept;
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /**
     * Option 81 for a reply (RFC 4702 §4).
     *
     * @param wish the client's option
     * @param kept the host name that is kept with its lease
     * @param address the address it gets
     * @param isReserved whether the address is kept for it by a reservation
     * @param reserved the reservation's host name, or null; it goes first
     * @return S says who keeps the A record, O that this is not what the client wished, N that nobody sends updates
     */
    public ClientFqdn answer(
            ClientFqdn wish, String kept, Ipv4 address, boolean isReserved, @Nullable String reserved) {
        String said = first(reserved, kept);
        DnsPolicy.Names names = policy.names(address);
        boolean left = isReserved && !names.reserved();
        Optional<String> name =
                left || names.updates() == DnsPolicy.Updates.NONE ? Optional.empty() : name(said, address, names);
        boolean forward =
                name.isPresent() && !isClients(said) && names.updates().forward();
        boolean none = name.isEmpty();
        boolean differs = forward != wish.serverUpdates() || none != wish.noUpdates();
        return new ClientFqdn(
                forward, differs && !wish.noUpdates(), wish.canonical(), none, name.orElse(wish.name()), true);
    }

    /**
     * What DNS is to hold of an address.
     *
     * @param binding what the cell says of it
     * @param reserved the host name of the reservation that it is kept for the holder by, or null; it goes first
     * @return empty unless somebody holds it and has a name in a zone that may be updated; its phase is ADDING
     */
    public Optional<DnsRecord> wanted(Binding binding, @Nullable String reserved) {
        LeaseClient client = binding.client();
        if (binding.state() != BindingState.ACTIVE || client == null) {
            return Optional.empty();
        }
        String said = first(reserved, client.hostname());
        DnsPolicy.Names names = policy.names(binding.address());
        boolean forward = !isClients(said) && names.updates().forward();
        if (!forward && !names.updates().reverse()) {
            return Optional.empty();
        }
        return name(said, binding.address(), names)
                .map(name -> new DnsRecord(
                        Phase.ADDING,
                        name,
                        policy.style() == Style.INTERIM
                                ? Dhcid.interim(client.id())
                                : Dhcid.standard(client.id(), name),
                        policy.style(),
                        forward));
    }

    private static String first(@Nullable String reserved, String kept) {
        return reserved == null || reserved.isEmpty() ? kept : withoutDot(reserved);
    }

    private static boolean isClients(String kept) {
        return kept.endsWith(".");
    }

    /** The fully qualified name, in lower case without the final dot. */
    private Optional<String> name(String kept, Ipv4 address, DnsPolicy.Names names) {
        List<String> labels = labels(withoutDot(kept));
        String generated = names.generated();
        if (labels.isEmpty() && generated != null) {
            String dashes = address.toString().replace('.', '-');
            labels = labels(generated.replace(DnsPolicy.ADDRESS, dashes));
        }
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        String whole = String.join(".", labels);
        if (labels.size() > 1 && isInForwardZone(whole)) {
            return Optional.of(whole);
        }
        if (isClients(kept)) {
            // Its A record stands where the client wants; the PTR record may well point there.
            return whole.length() <= DnsRecord.NAME_MAX ? Optional.of(whole) : Optional.empty();
        }
        String completed = labels.getFirst() + "." + names.domain();
        return isInForwardZone(completed) ? Optional.of(completed) : Optional.empty();
    }

    private boolean isInForwardZone(String name) {
        return name.length() <= DnsRecord.NAME_MAX
                && policy.zoneOf(name).filter(zone -> !zone.isReverse()).isPresent();
    }

    /** The labels of a name, with a dash for whatever a host name must not hold (RFC 1123 §2.1). */
    private static List<String> labels(String name) {
        List<String> labels = new ArrayList<>();
        for (String each : name.toLowerCase(Locale.ROOT).split("\\.", -1)) {
            StringBuilder label = new StringBuilder();
            for (int i = 0; i < each.length() && label.length() < LABEL_MAX; i++) {
                char c = each.charAt(i);
                boolean fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
                if (fits || !label.isEmpty()) {
                    label.append(fits ? c : '-');
                }
            }
            int end = label.length();
            while (end > 0 && label.charAt(end - 1) == '-') {
                end--;
            }
            label.setLength(end);
            if (!label.isEmpty()) {
                labels.add(label.toString());
            }
        }
        return labels;
    }
}
