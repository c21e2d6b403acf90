package org.anylease.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.anylease.chaos.layering.Layering;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the production code to the {@link Layering} rules, and the rules to fixtures that break them. */
final class LayeringTest {
    private static final String FIXTURE = "org.anylease.chaos.layering.fixture";

    /** Written by JMH's annotation processor, in a style of its own. */
    private static final Pattern GENERATED = Pattern.compile(".*/jmh_generated/.*");

    /** For each rule, the fixtures that break it on purpose and that it must name. */
    private static final Map<String, List<String>> BREAKERS = Map.ofEntries(
            Map.entry(
                    "purePackagesTouchNoOutsideWorld",
                    List.of(
                            "OpensSocket",
                            "ReadsFile",
                            "StartsThread",
                            "RunsPool",
                            "Logs",
                            "Prints",
                            "HashesKeys",
                            "HashesMembers")),
            Map.entry(
                    "purePackagesReadNoClockAndRollNoDice",
                    List.of(
                            "ReadsInstantNow",
                            "ReadsMillis",
                            "ReadsNanos",
                            "RollsDice",
                            "UsesSetOf",
                            "UsesMapOf",
                            "UsesMapOfByReference",
                            "RacesStreams")),
            Map.entry("purePackagesLockNothing", List.of("Locks")),
            Map.entry("ratisAppearsOnlyInItsAdapter", List.of("UsesRatis")),
            Map.entry("onlyBootJoinsRaftToTheServer", List.of("KnowsRaft")),
            Map.entry("leaseStoreDependsOnNoOtherModule", List.of("StoreKnowsServer")),
            Map.entry("raftDoesNotKnowTheServer", List.of("RaftKnowsServer")),
            Map.entry("onlyBootImports.net", List.of("KnowsAdapters")),
            Map.entry("onlyBootImports.disk", List.of("KnowsAdapters")),
            Map.entry("onlyBootImports.admin", List.of("KnowsAdapters")),
            Map.entry("onlyBootImports.telemetry", List.of("KnowsAdapters")),
            Map.entry("onlyBootImports.ddns", List.of("KnowsAdapters")),
            Map.entry("packagesFormNoCycle", List.of("fixture.cycle.one", "fixture.cycle.two")),
            Map.entry("namesSayWhatThingsAre", List.of("LeaseUtils", "LeaseManager", "LeaseStoreImpl")),
            Map.entry("everyPackageIsNullMarked", List.of("NobodySaysNullMarked")),
            Map.entry("staticsAreConstant", List.of("MutableStatic.counter")),
            Map.entry("staticsHoldNoState", List.of("MutableStatic.REGISTRY", "MutableStatic.SHARED")),
            Map.entry("optionalIsNoField", List.of("OptionalInRecord", "OptionalInField")),
            Map.entry("optionalIsNoParameter", List.of("OptionalInParameter")));

    /** A violation starts with who does it; whom it is done to comes later, and may be innocent. */
    private static final Pattern ACCUSES_INNOCENT = Pattern.compile("\\w+ <[^>(]*(Innocent|INNOCENT)");

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.matches(GENERATED))
            .importPackages("org.anylease");

    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(FIXTURE);

    @TestFactory
    Stream<DynamicTest> productionCodeKeepsTheRule() {
        return new Layering("org.anylease")
                .rules().entrySet().stream()
                        .map(rule ->
                                dynamicTest(rule.getKey(), () -> rule.getValue().check(PRODUCTION)));
    }

    @TestFactory
    Stream<DynamicTest> ruleRejectsWhatBreaksIt() {
        return new Layering(FIXTURE)
                .rules().entrySet().stream()
                        .filter(rule -> BREAKERS.containsKey(rule.getKey()))
                        .map(rule -> dynamicTest(rule.getKey(), () -> {
                            List<String> violations = violations(rule.getValue());
                            assertThat(String.join("\n", violations))
                                    .contains(BREAKERS.getOrDefault(rule.getKey(), List.of()));
                            assertThat(violations).noneMatch(LayeringTest::accusesInnocent);
                        }));
    }

    private static List<String> violations(ArchRule rule) {
        return rule.evaluate(BROKEN).getFailureReport().getDetails();
    }

    private static boolean accusesInnocent(String violation) {
        return ACCUSES_INNOCENT.matcher(violation).lookingAt();
    }

    @Test
    void everyRuleHasAFixtureThatBreaksIt() {
        List<String> rules = new ArrayList<>(new Layering(FIXTURE).rules().keySet());
        // No mocking library is on the class path to break this one with; the enforcer sees to that.
        rules.remove("nothingIsMocked");
        assertThat(rules).containsExactlyInAnyOrderElementsOf(BREAKERS.keySet());
    }

    @Test
    void seesTheModules() {
        assertThat(PRODUCTION.containPackage("org.anylease.store.address")).isTrue();
        assertThat(PRODUCTION.containPackage("org.anylease.tools.cli")).isTrue();
    }
}
