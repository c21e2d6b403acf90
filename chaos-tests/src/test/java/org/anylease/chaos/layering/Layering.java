package org.anylease.chaos.layering;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * The rules of the house about what may touch what, for the tree of packages below one root.
 *
 * <p>The root is a parameter so that the same rules run on {@code org.anylease} and on fixtures that break them. Rules
 * accept packages that have no classes.
 */
public final class Layering {
    private static final Pattern BANNED_NAME = Pattern.compile(".*(Util|Utils|Helper|Manager|Impl|Base)");

    /** A time source or a die, by the class that owns the method. */
    private static final Map<String, Set<String>> IMPURE_CALLS = Map.ofEntries(
            Map.entry(
                    "java.lang.System",
                    Set.of("currentTimeMillis", "nanoTime", "identityHashCode", "getenv", "getProperty", "exit")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.time.InstantSource", Set.of("system")),
            Map.entry("java.util.random.RandomGenerator", Set.of("of", "getDefault")),
            Map.entry("java.util.Collections", Set.of("shuffle")),
            // These iterate differently in each run: their order is salted when the JVM starts.
            Map.entry("java.util.Set", Set.of("of", "copyOf")),
            Map.entry("java.util.Map", Set.of("of", "ofEntries", "copyOf")),
            // These return or fill a HashMap or HashSet.
            Map.entry("java.util.stream.Collectors", Set.of("toSet", "toUnmodifiableSet", "toUnmodifiableMap")));

    private final String root;

    /**
     * Rules for one tree.
     *
     * @param root the root package, without dots at the end
     */
    public Layering(String root) {
        this.root = root;
    }

    /**
     * Every rule.
     *
     * @return the rules by name, in the order to report them
     */
    public Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("purePackagesTouchNoOutsideWorld", purePackagesTouchNoOutsideWorld());
        rules.put("purePackagesReadNoClockAndRollNoDice", purePackagesReadNoClockAndRollNoDice());
        rules.put("purePackagesLockNothing", purePackagesLockNothing());
        rules.put("ratisAppearsOnlyInItsAdapter", ratisAppearsOnlyInItsAdapter());
        rules.put("onlyBootJoinsRaftToTheServer", onlyBootJoinsRaftToTheServer());
        rules.put("leaseStoreDependsOnNoOtherModule", leaseStoreDependsOnNoOtherModule());
        rules.put("raftDoesNotKnowTheServer", raftDoesNotKnowTheServer());
        for (String adapter : List.of("net", "disk", "admin", "telemetry", "ddns")) {
            rules.put("onlyBootImports." + adapter, onlyBootImports(adapter));
        }
        rules.put("packagesFormNoCycle", packagesFormNoCycle());
        rules.put("namesSayWhatThingsAre", namesSayWhatThingsAre());
        rules.put("everyPackageIsNullMarked", everyPackageIsNullMarked());
        rules.put("staticsAreConstant", staticsAreConstant());
        rules.put("staticsHoldNoState", staticsHoldNoState());
        rules.put("optionalIsNoField", optionalIsNoField());
        rules.put("optionalIsNoParameter", optionalIsNoParameter());
        rules.put("nothingIsMocked", nothingIsMocked());
        return rules;
    }

    private DescribedPredicate<JavaClass> pure() {
        return resideInAnyPackage(
                        root + ".store..",
                        root + ".server.wire..",
                        root + ".server.expression..",
                        root + ".server.core..",
                        root + ".server.leasequery..",
                        root + ".server.partition..",
                        root + ".server.event..",
                        root + ".server.dns..",
                        root + ".tools.anycast..",
                        root + ".server.isc..")
                .and(not(resideInAPackage(root + ".store.rocks..")))
                .as("in a pure package");
    }

    private ArchRule purePackagesTouchNoOutsideWorld() {
        return noClasses()
                .that(pure())
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.net..",
                                "java.nio.file..",
                                "java.nio.channels..",
                                "java.util.logging..",
                                "org.slf4j..",
                                "ch.qos.logback..",
                                "io.netty..",
                                "io.micrometer..",
                                "org.rocksdb..")
                        .or(describe("a file or the console", Layering::isFileOrConsole))
                        .or(describe("a thread or what drives one", Layering::isThread))
                        .or(describe("a hash collection without order", Layering::isUnorderedCollection)))
                .because("decisions are inputs in, effects out; sockets, threads and disks stay in the shell")
                .allowEmptyShould(true);
    }

    private static boolean isFileOrConsole(JavaClass type) {
        return type.getName().matches("java\\.io\\.(File.*|RandomAccessFile|PrintStream|Console)");
    }

    private static boolean isThread(JavaClass type) {
        return type.getName().matches("java\\.lang\\.(Thread.*|InheritableThreadLocal|Process.*|Runtime)")
                || type.getName()
                        .matches("java\\.util\\.(Timer|TimerTask|concurrent\\.(?!TimeUnit$|CompletionStage$).*)");
    }

    private static boolean isUnorderedCollection(JavaClass type) {
        return type.getName().matches("java\\.util\\.(HashMap|HashSet|IdentityHashMap|WeakHashMap|Hashtable)(\\$.*)?");
    }

    private ArchRule purePackagesReadNoClockAndRollNoDice() {
        return noClasses()
                .that(pure())
                .should()
                .dependOnClassesThat(describe("a clock or a die", Layering::isClockOrDie))
                .orShould()
                .accessTargetWhere(describe("the call reads a clock, rolls dice or has no fixed order", this::isImpure))
                .because("now and chance are arguments, or a replica and a replay would disagree")
                .allowEmptyShould(true);
    }

    private static boolean isClockOrDie(JavaClass type) {
        return type.getName()
                .matches("java\\.time\\.Clock|java\\.util\\.(Random|SplittableRandom)|java\\.security\\.SecureRandom"
                        + "|java\\.util\\.random\\.RandomGeneratorFactory");
    }

    private boolean isImpure(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        String owner = target.getOwner().getName();
        String name = target.getName();
        boolean now = name.equals("now") && owner.startsWith("java.time.");
        boolean races = name.equals("parallelStream") || (name.equals("parallel") && owner.startsWith("java.util."));
        return now || races || IMPURE_CALLS.getOrDefault(owner, Set.of()).contains(name);
    }

    private ArchRule purePackagesLockNothing() {
        return codeUnits()
                .that()
                .areDeclaredInClassesThat(pure())
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .because("a pure package is used by one thread at a time, and its caller sees to that")
                .allowEmptyShould(true);
    }

    private ArchRule ratisAppearsOnlyInItsAdapter() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + ".raft.ratis..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.ratis..")
                .because("the rest talks to LeaseLog, which the simulator can replay")
                .allowEmptyShould(true);
    }

    private ArchRule onlyBootJoinsRaftToTheServer() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".server..")
                .and()
                .resideOutsideOfPackage(root + ".server.boot..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".raft..")
                .because("only boot sees both sides of a port")
                .allowEmptyShould(true);
    }

    private ArchRule leaseStoreDependsOnNoOtherModule() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".store..")
                .should()
                .dependOnClassesThat(resideInAPackage(root + "..").and(not(resideInAPackage(root + ".store.."))))
                .because("dependencies point at lease-store")
                .allowEmptyShould(true);
    }

    private ArchRule raftDoesNotKnowTheServer() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".raft..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".server..")
                .because("dependencies point at lease-store")
                .allowEmptyShould(true);
    }

    private ArchRule onlyBootImports(String adapter) {
        return noClasses()
                .that()
                .resideInAnyPackage(root + ".store..", root + ".raft..", root + ".server..")
                .and()
                .resideOutsideOfPackages(root + ".server.boot..", root + ".server." + adapter + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".server." + adapter + "..")
                .because("the server sees ports; boot alone knows which adapter is behind one")
                .allowEmptyShould(true);
    }

    private ArchRule packagesFormNoCycle() {
        SliceAssignment byPackage = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith(root)
                        ? SliceIdentifier.of(type.getPackageName())
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages of " + root;
            }
        };
        return slices().assignedFrom(byPackage).should().beFreeOfCycles().allowEmptyShould(true);
    }

    private ArchRule namesSayWhatThingsAre() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should(satisfy(
                        "not have a name that says nothing",
                        type -> !BANNED_NAME.matcher(type.getSimpleName()).matches()))
                .because("if no better word comes, it is two things")
                .allowEmptyShould(true);
    }

    private ArchRule everyPackageIsNullMarked() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should(satisfy(
                        "be in a package whose package-info says @NullMarked",
                        type -> type.getPackage().isAnnotatedWith(NullMarked.class)))
                .because("NullAway looks at nothing else")
                .allowEmptyShould(true);
    }

    private ArchRule staticsAreConstant() {
        return fields().that()
                .areDeclaredInClassesThat()
                .resideInAPackage(root + "..")
                .and()
                .areStatic()
                .should()
                .beFinal()
                .because("boot wires by hand; a mutable static is a wire nobody sees")
                .allowEmptyShould(true);
    }

    private ArchRule staticsHoldNoState() {
        return noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(root + "..")
                .and()
                .areStatic()
                .should()
                .haveRawType(describe("a mutable type", Layering::isMutable))
                .orShould(beASharedArray())
                .because("a final static that can change is still a mutable static")
                .allowEmptyShould(true);
    }

    private static boolean isMutable(JavaClass type) {
        return type.getName()
                .matches("java\\.util\\.concurrent\\.(atomic\\..*|Concurrent.*|CopyOnWrite.*|.*Queue|.*Deque)"
                             + "|java\\.util\\.(ArrayList|ArrayDeque|.*HashMap|.*HashSet|Tree(Map|Set)|EnumMap|BitSet|Random)"
                             + "|java\\.lang\\.(StringBuilder|StringBuffer|ThreadLocal)");
    }

    private static ArchCondition<JavaField> beASharedArray() {
        return new ArchCondition<>("be an array that others can write") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                boolean shared = field.getRawType().isArray()
                        && !field.getModifiers().contains(JavaModifier.PRIVATE)
                        && !field.getModifiers().contains(JavaModifier.SYNTHETIC);
                events.add(new SimpleConditionEvent(field, shared, field.getDescription() + " is a shared array"));
            }
        };
    }

    private ArchRule optionalIsNoField() {
        return noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(root + "..")
                .and()
                // What a lambda or an anonymous class captured is not a choice of the author.
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .haveRawType(describe("Optional", Layering::isOptional))
                .because("Optional is a return type and nothing else; @Nullable says the rest")
                .allowEmptyShould(true);
    }

    private ArchRule optionalIsNoParameter() {
        return codeUnits()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(root + "..")
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should(new ArchCondition<>("not take an Optional") {
                    @Override
                    public void check(JavaCodeUnit unit, ConditionEvents events) {
                        boolean takes = unit.getRawParameterTypes().stream().anyMatch(Layering::isOptional)
                                && !unit.getOwner().isAnonymousClass();
                        events.add(
                                new SimpleConditionEvent(unit, !takes, unit.getDescription() + " takes an Optional"));
                    }
                })
                .because("Optional is a return type and nothing else; @Nullable says the rest")
                .allowEmptyShould(true);
    }

    private static boolean isOptional(JavaClass type) {
        return type.getName().matches("java\\.util\\.Optional(Int|Long|Double)?");
    }

    private ArchRule nothingIsMocked() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.mockito..", "org.easymock..", "org.powermock..", "mockit..", "io.mockk..")
                .because("fakes implement the port and pass its contract test")
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> satisfy(
            String description, java.util.function.Predicate<JavaClass> predicate) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean holds = predicate.test(type);
                events.add(new SimpleConditionEvent(
                        type, holds, type.getFullName() + (holds ? " does " : " does not ") + description));
            }
        };
    }
}
