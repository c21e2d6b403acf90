package org.anylease.server.isc.answer;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.isc.answer.IscAnswer.Said;
import org.anylease.server.isc.convert.OptionEncoding;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.jspecify.annotations.Nullable;

/** What a dhcpd.conf would answer clients that it has not seen before, while all its addresses are free. */
public final class IscAnswers {
    private final OptionEncoding encoding = new OptionEncoding();

    private final List<IscAnswer.Unevaluated> always = new ArrayList<>();
    private final Level global = new Level(Level.Kind.GLOBAL, null, "", null);

    /**
     * Reads a configuration.
     *
     * @param statements of dhcpd.conf, and declarations that a lease file adds
     */
    public IscAnswers(List<Statement> statements) {
        new LevelReader(encoding, always).read(statements, global);
    }

    /**
     * A client that a file declares.
     *
     * @param name the name of its host declaration
     * @param hardware its hardware type and address; null when it is told by its identifier alone
     * @param identifier its client identifier; null when it is told by its hardware address alone
     * @param addresses its fixed addresses
     */
    public record Host(
            String name,
            @Nullable Octets hardware,
            @Nullable Octets identifier,
            List<Ipv4> addresses) {}

    /**
     * The clients that the file declares.
     *
     * @return those that a packet can tell, in the order of the file
     */
    public List<Host> hosts() {
        return global.all(Level.Kind.HOST).stream()
                .filter(host -> !host.hardware.isEmpty() || !host.identifiers.isEmpty())
                .map(host -> new Host(
                        host.name,
                        host.hardware.isEmpty() ? null : host.hardware.getFirst(),
                        host.identifiers.isEmpty() ? null : host.identifiers.getFirst(),
                        List.copyOf(host.addresses)))
                .toList();
    }

    /**
     * The subnets that the file declares.
     *
     * @return in the order of the file
     */
    public List<Prefix> subnets() {
        List<Prefix> prefixes = new ArrayList<>();
        for (Level subnet : global.all(Level.Kind.SUBNET)) {
            Prefix prefix = subnet.prefix;
            if (prefix != null) {
                prefixes.add(prefix);
            }
        }
        return prefixes;
    }

    /** The fields that a parameter decides. */
    static List<String> fieldsOf(String parameter) {
        return switch (parameter) {
            case "default-lease-time", "max-lease-time", "min-lease-time" ->
                List.of("option 51", "option 58", "option 59");
            case "filename" -> List.of("file");
            case "server-name" -> List.of("sname");
            case "next-server" -> List.of("siaddr");
            case "always-broadcast" -> List.of("flags");
            case "use-host-decl-names" -> List.of("option " + OptionCode.HOSTNAME);
            case "use-lease-addr-for-default-route" -> List.of("option " + OptionCode.ROUTER);
            case "min-secs", "boot-unknown-clients" -> List.of(IscAnswer.REPLY);
            default -> List.of();
        };
    }

    /**
     * What would be answered.
     *
     * @param packet a DISCOVER that came through a relay
     * @param preferred the address that is taken where the client could have it as well as another; null for any
     * @return the answer
     */
    public IscAnswer answer(Packet packet, @Nullable Ipv4 preferred) {
        Optional<Level> here = subnetOf(selecting(packet));
        if (here.isEmpty()) {
            return silence(List.of(), new Execution(encoding, packet, false, null, null));
        }
        Hosts hosts = Hosts.of(global, packet, here.get());
        Classes classes = Classes.of(global, encoding, packet, hosts.isKnown());
        always.forEach(classes.unevaluated::add);
        Choice choice = choose(here.get(), hosts, classes, preferred);
        Execution execution =
                new Execution(encoding, packet, hosts.isKnown(), hosts.name(), choice == null ? null : choice.address);
        execution.unevaluated.addAll(classes.unevaluated);
        if (hosts.fixed().isEmpty()) {
            losePools(here.get(), classes, execution);
        }
        if (choice == null) {
            execution.undetermined.addAll(classes.reply ? List.of(IscAnswer.REPLY) : List.of());
            return silence(List.of(), execution);
        }
        List<Level> levels = levels(choice, hosts, classes);
        loseClasses(classes, levels, execution);
        execution.execute(levels);
        return reply(packet, choice, hosts, execution);
    }

    /** What classes say is not known where it is not known whether the client belongs to them. */
    private void loseClasses(Classes classes, List<Level> executed, Execution execution) {
        for (Level lost : classes.lost()) {
            lost.chain().stream()
                    .filter(level -> !executed.contains(level))
                    .forEach(level -> execution.lose(level.statements));
            global.all(Level.Kind.SUBCLASS).stream()
                    .filter(sub -> sub.name.equals(lost.name))
                    .forEach(sub -> execution.lose(sub.statements));
        }
    }

    /** Nor is it whom a pool is for that names such a class, nor what it says. */
    private static void losePools(Level here, Classes classes, Execution execution) {
        for (Level ranged : here.link().map(IscAnswers::ranged).orElse(List.of())) {
            ranged.around(Level.Kind.POOL).filter(classes::isUnsure).ifPresent(pool -> {
                execution.undetermined.addAll(List.of(IscAnswer.REPLY, IscAnswer.ADDRESS));
                execution.lose(pool.statements);
            });
        }
    }

    private static Ipv4 selecting(Packet packet) {
        return packet.relayInformation()
                .flatMap(RelayInformation::linkSelection)
                .or(() -> packet.options().ipv4(OptionCode.SUBNET_SELECTION))
                .orElse(packet.giaddr());
    }

    private Optional<Level> subnetOf(Ipv4 address) {
        return global.all(Level.Kind.SUBNET).stream()
                .filter(level -> level.prefix != null && level.prefix.contains(address))
                .findFirst();
    }

    /** An address, and the levels that decide about it. */
    private record Choice(
            Ipv4 address, Level subnet, @Nullable Level pool, List<Place> by) {}

    private @Nullable Choice choose(Level here, Hosts hosts, Classes classes, @Nullable Ipv4 preferred) {
        Optional<Level> link = here.link();
        Optional<Ipv4> fixed = hosts.fixed();
        if (fixed.isPresent()) {
            Level subnet = subnetOf(fixed.get()).orElse(here);
            return new Choice(fixed.get(), subnet, null, hosts.places());
        }
        Choice first = null;
        for (Level each : link.map(IscAnswers::ranged).orElse(List.of())) {
            Level pool = each.around(Level.Kind.POOL).orElse(null);
            if (pool != null && !classes.permits(pool, hosts.isKnown())) {
                continue;
            }
            for (Level.Given given : each.ranges) {
                boolean wanted = preferred != null && given.range().contains(preferred);
                Ipv4 address =
                        preferred != null && wanted ? preferred : given.range().first();
                Choice choice = new Choice(address, subnetOf(address).orElse(here), pool, List.of(given.at()));
                if (wanted) {
                    return choice;
                }
                first = first == null ? choice : first;
            }
        }
        return first;
    }

    /** The levels that addresses are given out of. */
    private static List<Level> ranged(Level link) {
        List<Level> ranged = new ArrayList<>();
        List<Level> open = new ArrayList<>(List.of(link));
        while (!open.isEmpty()) {
            Level next = open.removeLast();
            if (!next.ranges.isEmpty()) {
                ranged.add(next);
            }
            open.addAll(next.children.reversed());
        }
        return ranged;
    }

    /** What is executed, in dhcpd's order: the subnet and what is around it, pool, classes with the last first, host. */
    private static List<Level> levels(Choice choice, Hosts hosts, Classes classes) {
        List<Level> levels = new ArrayList<>(choice.subnet.chain());
        Level inner = choice.pool == null ? choice.subnet : choice.pool;
        add(levels, inner);
        classes.members().reversed().forEach(member -> {
            Level of = member.of();
            add(levels, of);
            Level sub = member.sub();
            if (sub != null) {
                levels.add(sub);
            }
        });
        Level host = hosts.options();
        if (host != null) {
            add(levels, host);
        }
        return levels;
    }

    private static void add(List<Level> levels, Level more) {
        more.chain().stream().filter(level -> !levels.contains(level)).forEach(levels::add);
    }

    private IscAnswer silence(List<Place> by, Execution execution) {
        SortedMap<String, Said> fields = new TreeMap<>();
        fields.put(IscAnswer.REPLY, new Said("silence", by));
        return new IscAnswer(fields, execution.undetermined, execution.unevaluated);
    }

    private IscAnswer reply(Packet packet, Choice choice, Hosts hosts, Execution execution) {
        Optional<Execution.Parameter> refusing = refusing(packet, hosts, execution);
        if (refusing.isPresent()) {
            return silence(List.of(refusing.get().by()), execution);
        }
        SortedMap<String, Said> fields = new TreeMap<>();
        fields.put(IscAnswer.REPLY, new Said("offer", List.of()));
        fields.put(IscAnswer.ADDRESS, new Said(choice.address.toString(), choice.by));
        fields.put(
                "siaddr",
                execution
                        .parameter("next-server")
                        .map(IscAnswers::said)
                        .orElse(new Said(Ipv4.UNSPECIFIED.toString(), List.of())));
        execution.parameter("filename").ifPresent(held -> fields.put("file", said(held)));
        execution.parameter("server-name").ifPresent(held -> fields.put("sname", said(held)));
        boolean broadcast = execution.flag("always-broadcast", false);
        fields.put(
                "flags",
                new Said(
                        packet.broadcast() || broadcast ? "8000" : "0",
                        broadcast
                                ? List.of(execution
                                        .parameter("always-broadcast")
                                        .orElseThrow()
                                        .by())
                                : List.of()));
        new Sent(packet, choice.address, choice.subnet, hosts.name(), execution).put(fields);
        return new IscAnswer(fields, execution.undetermined, execution.unevaluated);
    }

    private static Said said(Execution.Parameter parameter) {
        return new Said(parameter.text(), List.of(parameter.by()));
    }

    private static Optional<Execution.Parameter> refusing(Packet packet, Hosts hosts, Execution execution) {
        if (!hosts.isKnown() && !execution.flag("boot-unknown-clients", true)) {
            return execution.parameter("boot-unknown-clients");
        }
        if (!execution.flag("booting", true)) {
            return execution.parameter("booting");
        }
        return execution
                .parameter("min-secs")
                .filter(held -> held.text().matches("[0-9]{1,3}") && packet.secs() < Integer.parseInt(held.text()));
    }

    static String hex(Octets octets) {
        return HexFormat.of().formatHex(octets.toArray());
    }
}
