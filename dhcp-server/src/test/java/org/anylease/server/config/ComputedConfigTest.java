package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.anylease.server.action.LeaseAction;
import org.anylease.server.action.LeaseEvent;
import org.anylease.server.event.Level;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.ComputedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the system file says of computed values, as the cells get it, and what is said of mistakes in them. */
class ComputedConfigTest {
    private static CellConfig cell(String outermost) {
        return Examples.system(Examples.around(outermost, "")).slices(1).getFirst();
    }

    @Test
    void aValueHasTheSizeOfItsTypeAndCodesForNames() {
        CellConfig cell = cell("""
            option-definitions: { shelf: { code: 225, type: u16 } }
            options:
              routers: { computed: "option[shelf]" }
              shelf: { computed: "configured[routers]" }
              230: { computed: host-name }
              231: { computed: host-name, type: bool }
            boot: { next-server: { computed: lease.address }, file: { computed: host-name }, server-name: plain }
            """);

        var options = cell.settings().computed().options();
        assertThat(options.get(3)).isEqualTo(new ComputedValue("option[225]", 4, 1024));
        assertThat(options.get(225)).isEqualTo(new ComputedValue("configured[3]", 2, 2));
        assertThat(options.get(230)).isEqualTo(new ComputedValue("host-name", 1, 1024));
        assertThat(options.get(231)).isEqualTo(new ComputedValue("host-name", 1, 1));
        assertThat(cell.settings().computed().nextServer()).isEqualTo(new ComputedValue("lease.address", 4, 4));
        assertThat(cell.settings().computed().bootFile()).isEqualTo(new ComputedValue("host-name", 1, 127));
        assertThat(cell.settings().computed().serverName()).isNull();
        assertThat(cell.settings().serverName()).isEqualTo("plain");
    }

    @Test
    void aClassMayMeetAConditionAndHaveMembersByValue() {
        ClientClass found = cell("""
            classes:
              kiosks:
                match: exists(option[77])
                member-by: host-name
                members: { k1: {}, k2: { options: { root-path: { computed: "option[77]" } } } }
            """).classes().getFirst();

        assertThat(found.match()).isEqualTo("exists(option[77])");
        assertThat(found.key()).isEqualTo("host-name");
        assertThat(found.open()).isFalse();
        assertThat(found.members().getLast().settings().computed().options()).containsOnlyKeys(17);
    }

    @Test
    void anActionSaysWhenAndWhat() {
        SystemConfig system = Examples.system(Examples.around("""
            actions:
              audit: { at: [release, commit], match: known, log: host-name, level: warning }
              notify: { at: expiry, run: [notify, '"x"', lease.address] }
            """, ""));

        List<LeaseAction> actions = system.actions().all();
        assertThat(actions).extracting(LeaseAction::name).containsExactly("audit", "notify");
        assertThat(actions.getFirst().events()).containsExactly(LeaseEvent.COMMIT, LeaseEvent.RELEASE);
        assertThat(actions.getFirst().level()).isEqualTo(Level.WARNING);
        assertThat(String.valueOf(actions.getFirst().match())).isEqualTo("known");
        assertThat(actions.getFirst().command()).isNull();
        assertThat(actions.getLast().command()).isEqualTo("notify");
        assertThat(actions.getLast().line()).isNull();
        assertThat(actions.getLast().arguments())
                .extracting(Object::toString)
                .containsExactly("\"x\"", "lease.address");
    }

    @Test
    void whatIsDoneIsToldWhereConfigurationsAreCompared() {
        SystemConfig system = Examples.system(Examples.around("""
            actions:
              audit: { at: [release, commit], match: known, log: host-name, level: warning }
              notify: { at: expiry, run: [notify, lease.address] }
            """, ""));

        assertThat(system.beside())
                .containsEntry("actions audit", "at commit and release, match known, log host-name as warning")
                .containsEntry("actions notify", "at expiry, run notify [lease.address]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "options: { 12: { computed: known } } | a condition is no value",
                "options: { 12: { computed: hosname } } | 'hosname' is no field or function",
                "options: { 12: { computed: lease.time } } | the expression is a number",
                "options: { 12: { computed: host-name, type: txt } } | there is no type 'txt'",
                "options: { 12: { computed: host-name, value: 1 } } | 'value' is no key of a computed value",
                "options: { 51: { computed: host-name } } | ",
                "options: { 12: { type: text, computed: [] } } | a list stands here",
                "boot: { file: { computed: host-name, type: text } } | a field of the header has its type",
                "boot: { next-server: { computed: '' } } | the expression is empty",
                "boot: { file: { type: text } } | a map stands here",
                "classes: { a: { match: known, member-by: hardware } } | no 'members' say which values",
                "classes: { a: { member-by: known, members: [x] } } | a condition has no values",
                "classes: { a: { match: hardware, member-by: client-id, members: [x] } } | stand octets here",
                "classes: { a: { spawn-by: hardware, member-by: client-id, members: [x] } } | there are values already",
                "actions: { a: { at: commit } } | the action does nothing",
                "actions: { a: { log: host-name } } | 'at' is missing",
                "actions: { a: { at: start, log: host-name } } | 'start' does not happen to a lease",
                "actions: { a: { at: commit, log: known } } | a condition is no text",
                "actions: { a: { at: commit, match: host-name, log: host-name } } | these are octets",
                "actions: { a: { at: commit, log: host-name, level: loud } } | 'loud' is no level",
                "actions: { a: { at: commit, run: [n, known] } } | a condition is no text",
                "actions: { a: { at: commit, run: [n, hostname] } } | 'hostname' is no field or function",
                "actions: { a: { at: commit, run: ['/bin/x'] } } | ",
                "actions: { a: { at: commit, log: 'configured[15]' } } | is not known to actions",
                "actions: { a: { at: commit, match: 'configured[15] == host-name', log: host-name } } | known to"
                        + " actions",
                "actions: { a: { at: commit, run: [n, 'concat(host-name, configured[15])'] } } | known to actions",
                "classes: { a: { match: lease.address == 10.0.0.1 } } | is not known yet"
            })
    void mistakesAreTold(String outermost, String told) {
        String said = told == null ? "" : told;
        assertThat(ConfigFile.system(ConfigSource.of("test.yaml", Examples.around(outermost, "")))
                        .problems())
                .anySatisfy(problem -> assertThat(problem.toString()).contains(said));
    }
}
