package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigProblem;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.OptionText;
import org.anylease.server.config.SettingPlace;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.core.Rehearsal;
import org.anylease.server.isc.answer.Comparison;
import org.anylease.server.isc.answer.Comparison.Row;
import org.anylease.server.isc.answer.Comparison.Verdict;
import org.anylease.server.isc.answer.IscAnswer;
import org.anylease.server.isc.answer.IscAnswers;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.config.CellConfig;

/** {@code anylease import isc --diff}: what clients would be told by a dhcpd.conf, and by a configuration of ours. */
final class IscDiff {
    private final Terminal terminal;
    private final DiffOptions options;
    private final IscAnswers theirs;
    private final SystemConfig ours;
    private final List<CellConfig> slices;
    private final TreeSet<String> unevaluated = new TreeSet<>();

    /** A client that was asked for, and how the answers compare. */
    private record Asked(Prefix subnet, String client, Comparison comparison, SettingPlace places, Ipv4 address) {}

    /** How many hosts were not asked for: they are too many, or have no address in a subnet. */
    private record Unasked(int left, int homeless) {
        static final Unasked NONE = new Unasked(0, 0);
    }

    IscDiff(Terminal terminal, DiffOptions options, IscImport imported) {
        this.terminal = terminal;
        this.options = options;
        this.theirs = new IscAnswers(imported.statements());
        this.ours = options.other().isEmpty()
                ? imported.system()
                        .orElseThrow(() -> new CliFailure(
                                ExitCode.NO,
                                "the file cannot be converted, so there is nothing to compare it with",
                                "see 'anylease import isc' without --diff, or name a file behind --diff"))
                : read(options.other());
        this.slices = ours.slices(1);
    }

    private static SystemConfig read(String file) {
        try {
            ConfigReading<SystemConfig> reading = ConfigFile.system(ConfigSource.read(Path.of(file)));
            if (reading instanceof ConfigReading.Accepted<SystemConfig> accepted) {
                return accepted.value();
            }
            throw new CliFailure(
                    ExitCode.NO,
                    file + " is not valid: "
                            + reading.problems().stream()
                                    .findFirst()
                                    .map(ConfigProblem::toString)
                                    .orElse(""),
                    "see 'anylease config check " + file + "'");
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.USAGE, file + " cannot be read: " + e.getMessage(), "name a system configuration");
        }
    }

    /** Compares and prints. */
    ExitCode run(boolean json) {
        List<Prefix> subnets = theirs.subnets();
        Optional<Prefix> one = options.subnet(subnets);
        List<Asked> asked = new ArrayList<>();
        Unasked unasked = Unasked.NONE;
        if (one.isPresent()) {
            asked.add(ask(one.get(), "the client", options.discover(one.get())));
        } else {
            subnets.forEach(subnet -> asked.add(ask(subnet, "an unknown client", options.discover(subnet))));
            unasked = askHosts(subnets, asked);
        }
        if (json) {
            Anylease.print(terminal, toJson(asked, unasked));
        } else if (one.isPresent()) {
            printAll(asked.getFirst());
        } else {
            printDifferences(asked, unasked);
        }
        boolean differs = asked.stream().anyMatch(each -> each.comparison.count(Verdict.DIFFERENT) > 0);
        return differs ? ExitCode.NO : ExitCode.OK;
    }

    /** Asks for each host in every subnet that it has an address in; for one without address, in the first. */
    private Unasked askHosts(List<Prefix> subnets, List<Asked> asked) {
        List<IscAnswers.Host> hosts = theirs.hosts();
        int homeless = 0;
        int most = Math.max(0, Math.min(options.hosts(), hosts.size()));
        for (IscAnswers.Host host : hosts.subList(0, most)) {
            List<Prefix> homes = host.addresses().isEmpty()
                    ? subnets.stream().limit(1).toList()
                    : subnets.stream()
                            .filter(prefix -> host.addresses().stream().anyMatch(prefix::contains))
                            .toList();
            homeless += homes.isEmpty() ? 1 : 0;
            homes.forEach(subnet -> asked.add(
                    ask(subnet, "host " + host.name(), options.discover(subnet, host.hardware(), host.identifier()))));
        }
        return new Unasked(hosts.size() - most, homeless);
    }

    private Asked ask(Prefix subnet, String client, Packet discover) {
        List<CellConfig> serving = slices.stream()
                .filter(slice -> slice.networks().stream()
                        .flatMap(network -> network.subnets().stream())
                        .anyMatch(each -> each.prefix().contains(discover.giaddr())))
                .toList();
        List<Packet> reply = serving.isEmpty()
                ? List.of()
                : Rehearsal.answer(serving, discover).stream().toList();
        Ipv4 address = reply.isEmpty() ? Ipv4.UNSPECIFIED : reply.getFirst().yiaddr();
        IscAnswer answer = theirs.answer(discover, reply.isEmpty() ? null : address);
        answer.unevaluated().forEach(each -> unevaluated.add("not evaluated: " + each));
        return new Asked(subnet, client, Comparison.of(answer, reply), SettingPlace.of(ours, address), address);
    }

    private void printAll(Asked asked) {
        Table table = new Table(terminal, "FIELD", "", "DHCPD", "AT", "ANYLEASE", "KEY");
        for (Row row : asked.comparison.rows()) {
            table.row(
                    name(row),
                    word(row.verdict()),
                    shown(row, row.isc()),
                    at(row),
                    shown(row, row.ours()),
                    key(asked, row));
        }
        table.end();
        printUnevaluated();
    }

    private void printUnevaluated() {
        unevaluated.forEach(line -> terminal.out().println(Terminal.harmless(line)));
    }

    private void printDifferences(List<Asked> asked, Unasked unasked) {
        Table table = new Table(terminal, "SUBNET", "CLIENT", "FIELD", "DHCPD", "AT", "ANYLEASE", "KEY");
        for (Asked each : asked) {
            for (Row row : each.comparison.rows()) {
                if (row.verdict() == Verdict.DIFFERENT) {
                    table.row(
                            each.subnet.toString(),
                            each.client,
                            name(row),
                            shown(row, row.isc()),
                            at(row),
                            shown(row, row.ours()),
                            key(each, row));
                }
            }
        }
        if (table.rows() > 0) {
            table.end();
        }
        printUnevaluated();
        if (unasked.left > 0) {
            terminal.out().println(unasked.left + " more hosts were not asked for; --hosts takes more");
        }
        if (unasked.homeless > 0) {
            terminal.out().println(unasked.homeless + " hosts have no address in a subnet, and were not asked for");
        }
        terminal.out().println(counts(asked));
    }

    private static String counts(List<Asked> asked) {
        List<String> counts = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            counts.add(sum(asked, verdict) + " " + (verdict == Verdict.EQUAL ? "equal" : word(verdict)));
        }
        long subnets = asked.stream().map(Asked::subnet).distinct().count();
        return asked.size() + " clients of " + subnets + " subnets: fields " + String.join(", ", counts);
    }

    private static long sum(List<Asked> asked, Verdict verdict) {
        return asked.stream().mapToLong(each -> each.comparison.count(verdict)).sum();
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case EQUAL -> "";
            case DIFFERENT -> "different";
            case NOT_EVALUATED -> "not evaluated";
            case BY_INTENTION -> "by intention";
        };
    }

    private static String name(Row row) {
        return row.code()
                .flatMap(code -> org.anylease.server.config.KnownOptions.byCode(code))
                .map(known -> row.field() + " " + known.name())
                .orElse(row.field());
    }

    private static String shown(Row row, String value) {
        return value.equals(Comparison.ABSENT) || row.code().isEmpty()
                ? value
                : OptionText.of(row.code().get(), Octets.of(HexFormat.of().parseHex(value)));
    }

    private static String at(Row row) {
        return String.join(
                ", ",
                row.by().stream()
                        .map(place -> place.file() + ":" + place.line())
                        .distinct()
                        .toList());
    }

    private static String key(Asked asked, Row row) {
        if (row.ours().equals(Comparison.ABSENT)) {
            return "";
        }
        Optional<Integer> code = row.code();
        if (code.isEmpty()) {
            return asked.places.boot(row.field(), row.ours()).orElse("");
        }
        Octets value = Octets.of(HexFormat.of().parseHex(row.ours()));
        Optional<String> said = asked.places.option(code.get(), value);
        return said.or(() -> derived(asked, code.get(), value)).orElse("");
    }

    private static Optional<String> derived(Asked asked, int code, Octets value) {
        return switch (code) {
            case OptionCode.ADDRESS_TIME, OptionCode.RENEWAL_TIME, OptionCode.REBINDING_TIME ->
                asked.places.leaseTimes();
            case OptionCode.HOSTNAME ->
                asked.places.hostname(asked.address, new String(value.toArray(), StandardCharsets.UTF_8));
            default -> Optional.empty();
        };
    }

    private ObjectNode toJson(List<Asked> asked, Unasked unasked) {
        ObjectNode node = AdminClient.MAPPER.createObjectNode();
        for (Verdict verdict : Verdict.values()) {
            node.put(verdict.name().toLowerCase(Locale.ROOT).replace('_', '-'), sum(asked, verdict));
        }
        node.put("hosts-not-asked", unasked.left);
        node.put("hosts-without-subnet", unasked.homeless);
        ArrayNode clients = node.putArray("clients");
        for (Asked each : asked) {
            ObjectNode client = clients.addObject();
            client.put("subnet", each.subnet.toString()).put("client", each.client);
            ArrayNode fields = client.putArray("fields");
            for (Row row : each.comparison.rows()) {
                ObjectNode field = fields.addObject();
                field.put("field", row.field());
                field.put(
                        "verdict", row.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'));
                field.put("dhcpd", row.isc()).put("anylease", row.ours()).put("key", key(each, row));
                ArrayNode at = field.putArray("at");
                row.by().forEach(place -> at.add(place.file() + ":" + place.line()));
            }
        }
        ArrayNode left0 = node.putArray("not-evaluated-statements");
        unevaluated.forEach(line -> left0.add(line.substring("not evaluated: ".length())));
        return node;
    }
}
