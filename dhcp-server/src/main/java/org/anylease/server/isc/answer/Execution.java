package org.anylease.server.isc.answer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.isc.convert.OptionEncoding;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.OptionName;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Modifier;
import org.anylease.server.isc.syntax.Statement.Verb;
import org.anylease.server.isc.syntax.Value;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/** Executes the statements of one level after the other for one client: what is said later goes before. */
final class Execution implements Evaluation.State {
    /** dhcp-options(5) says that options of vendors' spaces are sent in these; dhcpd 4.4.3 was seen not to. */
    private static final List<Integer> UNSENT = List.of(124, 125);

    private final OptionEncoding encoding;
    private final Evaluation evaluation;
    private final SortedMap<OptionName, Told> options = new TreeMap<>();
    private final SortedMap<String, Parameter> parameters = new TreeMap<>();
    private final SortedMap<String, Octets> variables = new TreeMap<>();
    private final TreeSet<String> lostVariables = new TreeSet<>();

    /** Variables that are set by statements of which it is not known whether they are executed, wherever they stand. */
    private final TreeSet<String> doubtful = new TreeSet<>();

    /** Options that were set to what came to nothing: it goes before what was said earlier, and is not sent. */
    private final TreeSet<OptionName> nothing = new TreeSet<>();

    private final TreeSet<String> everSet = new TreeSet<>();

    /** Whether the value of an option is evaluated, which dhcpd does only when all statements are executed. */
    private boolean ofOption;

    final TreeSet<String> undetermined = new TreeSet<>();
    final List<IscAnswer.Unevaluated> unevaluated = new ArrayList<>();

    private final @Nullable String host;
    private final @Nullable Ipv4 address;

    /** An option's value so far, and who had a say in it. */
    record Told(Octets octets, List<Place> by) {}

    /** A parameter's value, as text. */
    record Parameter(String text, Place by) {}

    Execution(OptionEncoding encoding, Packet packet, boolean known, @Nullable String host, @Nullable Ipv4 address) {
        this.encoding = encoding;
        this.evaluation = new Evaluation(encoding, packet, known, this);
        this.host = host;
        this.address = address;
    }

    /** Executes what levels say, the outermost first. */
    void execute(List<Level> levels) {
        levels.forEach(level -> run(level.statements));
    }

    /** @return false when a {@code break} was met */
    private boolean run(List<Statement> statements) {
        boolean taken = false;
        for (Statement statement : statements) {
            switch (statement) {
                case Statement.Conditional branch -> {
                    boolean follows = !branch.word().equals("if");
                    if (follows && taken) {
                        continue;
                    }
                    taken = holds(branch);
                    if (taken && !run(branch.body())) {
                        return false;
                    }
                }
                case Statement.Switch choice -> choose(choice);
                case Statement.Setting setting -> set(setting);
                case Statement.Permission permission -> permit(permission);
                case Statement.OptionSetting option -> set(option);
                case Statement.Action action -> {
                    if (action.word().equals("break") || action.word().equals("return")) {
                        return false;
                    }
                    act(action);
                }
                case Statement.Include include -> run(include.body());
                case Statement.Declaration _,
                        Statement.Subnet _,
                        Statement.Subclass _,
                        Statement.Range _,
                        Statement.Hardware _,
                        Statement.OptionDefinition _,
                        Statement.OptionSpace _,
                        Statement.Matching _,
                        Statement.Case _,
                        Statement.OnEvent _,
                        Statement.Define _,
                        Statement.Broken _ -> {}
            }
        }
        return true;
    }

    /** Whether a branch is taken; one that cannot be told leaves what it says undetermined. */
    private boolean holds(Statement.Conditional branch) {
        Expression condition = branch.condition();
        if (condition == null) {
            return true;
        }
        try {
            return evaluation.condition(condition).orElse(false);
        } catch (NotEvaluated e) {
            lose(branch, branch.body(), e);
            return false;
        }
    }

    private void choose(Statement.Switch choice) {
        try {
            int from = -1;
            for (int i = 0; i < choice.body().size() && from < 0; i++) {
                from = choice.body().get(i) instanceof Statement.Case each
                                && each.value() != null
                                && evaluation.equal(
                                        new Expression.Binary(choice.on().at(), "=", choice.on(), each.value()))
                        ? i
                        : -1;
            }
            for (int i = 0; i < choice.body().size() && from < 0; i++) {
                from = choice.body().get(i) instanceof Statement.Case each && each.value() == null ? i : -1;
            }
            if (from >= 0) {
                boolean _ = run(choice.body().subList(from, choice.body().size()));
            }
        } catch (NotEvaluated e) {
            lose(choice, choice.body(), e);
        }
    }

    /** What these statements would say is not known. */
    private void lose(Statement because, List<Statement> statements, NotEvaluated why) {
        unevaluated.add(new IscAnswer.Unevaluated(because.origin(), why.why()));
        lose(statements, lostVariables);
    }

    /** It is not known whether these statements are executed, nor before what. */
    void lose(List<Statement> statements) {
        lose(statements, doubtful);
    }

    private void lose(List<Statement> statements, Set<String> names) {
        Statement.walk(statements, inner -> {
            switch (inner) {
                case Statement.OptionSetting option -> undetermined(option.option());
                case Statement.Setting setting -> undetermined.addAll(IscAnswers.fieldsOf(setting.name()));
                case Statement.Permission _ -> undetermined.add(IscAnswer.REPLY);
                case Statement.Action action when !action.target().isEmpty() -> names.add(action.target());
                default -> {}
            }
        });
    }

    private void undetermined(OptionName option) {
        if (option.isDhcp()) {
            encoding.code(option).ifPresent(code -> undetermined.add("option " + code));
        } else {
            encoding.carriers(spaced(option, Octets.of((byte) 0)), vendorSpace(), siteSpace())
                    .keySet()
                    .forEach(code -> undetermined.add("option " + code));
        }
    }

    private SortedMap<String, SortedMap<Long, Octets>> spaced(OptionName option, Octets octets) {
        SortedMap<String, SortedMap<Long, Octets>> spaced = new TreeMap<>();
        encoding.code(option)
                .ifPresent(code -> spaced.computeIfAbsent(option.space(), _ -> new TreeMap<>())
                        .put(code, octets));
        return spaced;
    }

    private void set(Statement.OptionSetting setting) {
        Optional<Octets> value;
        ofOption = true;
        try {
            value = switch (setting.value()) {
                case Value.Computed(var expression) -> evaluation.data(expression);
                case Value.Data data ->
                    Optional.of(encoding.encode(setting.option(), data)
                            .orElseThrow(() -> new NotEvaluated("its value is looked up, or malformed")));
            };
        } catch (NotEvaluated e) {
            unevaluated.add(new IscAnswer.Unevaluated(setting.origin(), e.why()));
            undetermined(setting.option());
            return;
        } finally {
            ofOption = false;
        }
        told(setting, value.orElse(null));
    }

    private void told(Statement.OptionSetting setting, @Nullable Octets value) {
        OptionName name = setting.option();
        boolean over = setting.how() == Modifier.OPTION
                || setting.how() == Modifier.SEND
                || setting.how() == Modifier.SUPERSEDE;
        boolean set = options.containsKey(name) || nothing.contains(name);
        if (set && setting.how() == Modifier.DEFAULT) {
            return;
        }
        if (value == null || (nothing.contains(name) && !over)) {
            // Joined with nothing, anything is nothing.
            options.remove(name);
            nothing.add(name);
            return;
        }
        nothing.remove(name);
        modify(setting, value);
    }

    private void modify(Statement.OptionSetting setting, Octets given) {
        Told before = options.get(setting.option());
        Place at = setting.origin().at();
        boolean alone = before == null
                || setting.how() == Modifier.OPTION
                || setting.how() == Modifier.SEND
                || setting.how() == Modifier.SUPERSEDE;
        if (before == null || alone) {
            options.put(setting.option(), new Told(given, List.of(at)));
        } else if (setting.how() != Modifier.DEFAULT) {
            List<Place> by = new ArrayList<>(before.by());
            by.add(at);
            boolean first = setting.how() == Modifier.PREPEND;
            options.put(
                    setting.option(),
                    new Told(first ? joined(given, before.octets) : joined(before.octets, given), by));
        }
    }

    private static Octets joined(Octets one, Octets other) {
        ByteBuffer both = ByteBuffer.allocate(one.length() + other.length());
        return Octets.of(both.put(one.toArray()).put(other.toArray()).array());
    }

    private void set(Statement.Setting setting) {
        Place at = setting.origin().at();
        switch (setting.value()) {
            case Value.Data data -> {
                String text = data.pieces().isEmpty()
                        ? "true"
                        : data.pieces().getFirst().text();
                boolean quoted =
                        !data.pieces().isEmpty() && data.pieces().getFirst().quoted();
                parameters.put(setting.name(), new Parameter(quoted ? text : plain(text), at));
            }
            case Value.Computed(var expression) -> {
                try {
                    Optional<Octets> octets = evaluation.data(expression);
                    octets.ifPresent(value -> parameters.put(setting.name(), new Parameter(text(setting, value), at)));
                } catch (NotEvaluated e) {
                    unevaluated.add(new IscAnswer.Unevaluated(setting.origin(), e.why()));
                    undetermined.addAll(IscAnswers.fieldsOf(setting.name()));
                }
            }
        }
    }

    private static String text(Statement.Setting setting, Octets value) {
        boolean address = setting.name().equals("next-server") && value.length() == 4;
        return address
                ? new Ipv4(ByteBuffer.wrap(value.toArray()).getInt()).toString()
                : new String(value.toArray(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static String plain(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "on" -> "true";
            case "off" -> "false";
            default -> lower;
        };
    }

    private void permit(Statement.Permission permission) {
        String parameter = switch (permission.what()) {
            case "unknown clients" -> "boot-unknown-clients";
            case "booting" -> "booting";
            default -> "";
        };
        if (!parameter.isEmpty()) {
            parameters.put(
                    parameter,
                    new Parameter(
                            Boolean.toString(permission.verb() == Verb.ALLOW),
                            permission.origin().at()));
        }
    }

    private void act(Statement.Action action) {
        if (!action.target().isEmpty()) {
            everSet.add(action.target());
        }
        switch (action.word()) {
            case "set" -> {
                lostVariables.remove(action.target());
                try {
                    Optional<Octets> value = evaluation.data(action.arguments().getFirst());
                    variables.remove(action.target());
                    value.ifPresent(octets -> variables.put(action.target(), octets));
                } catch (NotEvaluated e) {
                    unevaluated.add(new IscAnswer.Unevaluated(action.origin(), e.why()));
                    lostVariables.add(action.target());
                }
            }
            case "unset" -> variables.remove(action.target());
            // Nothing that a client hears of.
            case "log", "execute", "eval" -> {}
            default ->
                unevaluated.add(
                        new IscAnswer.Unevaluated(action.origin(), "'" + action.word() + "' is not worked out"));
        }
    }

    @Override
    public Optional<Octets> configured(OptionName option) throws NotEvaluated {
        if (ofOption) {
            throw new NotEvaluated("what is configured at the end is not worked out here");
        }
        return Optional.ofNullable(options.get(option)).map(Told::octets);
    }

    @Override
    public Optional<Octets> variable(String name) throws NotEvaluated {
        if (ofOption && (variables.containsKey(name) || everSet.contains(name))) {
            throw new NotEvaluated("a variable in an option's value is not worked out");
        }
        if (lostVariables.contains(name) || doubtful.contains(name)) {
            throw new NotEvaluated("the variable '" + name + "' is not known");
        }
        return Optional.ofNullable(variables.get(name));
    }

    @Override
    public @Nullable String host() {
        return host;
    }

    @Override
    public Optional<Octets> leasedAddress() {
        Ipv4 leased = address;
        return leased == null
                ? Optional.empty()
                : Optional.of(
                        Octets.of(ByteBuffer.allocate(4).putInt(leased.bits()).array()));
    }

    Evaluation evaluation() {
        return evaluation;
    }

    Optional<Parameter> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    boolean flag(String name, boolean otherwise) {
        return parameter(name).map(held -> held.text().equals("true")).orElse(otherwise);
    }

    private String vendorSpace() {
        return parameter("vendor-option-space").map(Parameter::text).orElse("");
    }

    private String siteSpace() {
        return parameter("site-option-space").map(Parameter::text).orElse("");
    }

    /** The options of the message, those that carry others included. */
    SortedMap<Integer, Told> options() {
        SortedMap<Integer, Told> all = new TreeMap<>();
        SortedMap<String, SortedMap<Long, Octets>> spaced = new TreeMap<>();
        List<Place> within = new ArrayList<>();
        options.forEach((name, set) -> encoding.code(name).ifPresent(code -> {
            if (name.isDhcp()) {
                all.put(code.intValue(), set);
            } else {
                spaced.computeIfAbsent(name.space(), _ -> new TreeMap<>()).put(code, set.octets());
                within.addAll(set.by());
            }
        }));
        encoding.carriers(spaced, vendorSpace(), siteSpace()).forEach((code, octets) -> {
            if (!UNSENT.contains(code)) {
                all.put(code, new Told(octets, within));
            }
        });
        return all;
    }
}
