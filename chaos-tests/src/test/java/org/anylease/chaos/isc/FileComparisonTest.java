package org.anylease.chaos.isc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.core.Rehearsal;
import org.anylease.server.isc.answer.Comparison;
import org.anylease.server.isc.answer.IscAnswer;
import org.anylease.server.isc.answer.IscAnswers;
import org.anylease.server.isc.convert.Conversion;
import org.anylease.server.isc.syntax.IscFile;
import org.anylease.server.wire.Packet;
import org.anylease.store.config.CellConfig;
import org.junit.jupiter.api.Test;

/**
 * All scenario files, compared from the files alone: what {@code anylease import isc --diff} makes of their clients'
 * first packets. Nothing differs that docs/migration/differences.md does not list; what could not be evaluated is
 * printed.
 */
class FileComparisonTest {
    @Test
    void filesDifferOnlyAsListed() throws IOException {
        KnownDifferences known = KnownDifferences.read(SideBySideIT.DOCUMENT);
        List<String> surprises = new ArrayList<>();
        TreeSet<String> unevaluated = new TreeSet<>();
        int compared = 0;
        long equal = 0;
        for (var scenario : SideBySideIT.scenarios().entrySet()) {
            String text = SideBySideIT.withLink(SideBySideIT.configuration(scenario.getKey()));
            IscFile file = IscFile.parse(scenario.getKey() + ".conf", text, _ -> Optional.empty());
            IscAnswers theirs = new IscAnswers(file.statements());
            List<CellConfig> ours = converted(file);
            for (PacketScript.Step step : PacketScript.read(scenario.getValue()).steps()) {
                if (step.act() != PacketScript.Act.DISCOVER) {
                    continue;
                }
                Packet packet = ScriptedClient.relayed(step);
                List<Packet> reply = Rehearsal.answer(ours, packet).stream().toList();
                IscAnswer answer = theirs.answer(
                        packet, reply.isEmpty() ? null : reply.getFirst().yiaddr());
                Comparison comparison = Comparison.of(answer, reply);
                compared++;
                equal += comparison.count(Comparison.Verdict.EQUAL);
                for (Comparison.Row row : comparison.rows()) {
                    Difference difference =
                            new Difference(scenario.getKey(), step.toString(), row.field(), row.isc(), row.ours());
                    if (row.verdict() == Comparison.Verdict.DIFFERENT && !known.covers(difference)) {
                        surprises.add(difference + " " + row.by());
                    }
                }
                answer.unevaluated().forEach(each -> unevaluated.add("not evaluated: " + each));
            }
        }
        unevaluated.forEach(System.out::println);
        System.out.println(compared + " packets, " + equal + " equal fields");
        assertThat(compared).isGreaterThan(100);
        assertThat(String.join("\n", surprises)).isEmpty();
    }

    private static List<CellConfig> converted(IscFile file) {
        String system = Conversion.of(file.statements(), Conversion.Wishes.NONE).system();
        ConfigReading<SystemConfig> reading = ConfigFile.system(ConfigSource.of("anylease.yaml", system));
        assertThat(reading).as(system).isInstanceOf(ConfigReading.Accepted.class);
        return ((ConfigReading.Accepted<SystemConfig>) reading).value().slices(1);
    }
}
