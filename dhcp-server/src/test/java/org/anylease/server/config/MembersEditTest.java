package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.junit.jupiter.api.Test;

final class MembersEditTest {
    private static final String SITES = """
        cluster: example # ☃ 𝄞
        service-address: 192.0.2.67
        sites:
          dc1:
            servers: { a1: 10.1.0.2 }
          dc2:
            servers:
              a2: 10.2.0.2
        """;
    private static final String NETWORKS = """
            networks:
              n1:
                subnets:
                  10.0.0.0/24: { pools: [10.0.0.10-10.0.0.20] }
        """;

    private static List<ServerId> servers(String... names) {
        return Stream.of(names).map(ServerId::new).toList();
    }

    private static String edited(MembersEdit.Result result) {
        assertThat(result).isInstanceOf(MembersEdit.Edited.class);
        return ((MembersEdit.Edited) result).text();
    }

    private static String members(String cell, String... names) {
        return edited(MembersEdit.members(SITES + "cells:\n  east:\n" + cell, new CellId("east"), servers(names)));
    }

    @Test
    void writesTheListWhereThereIsNone() {
        assertThat(members(NETWORKS, "a1")).isEqualTo(SITES + "cells:\n  east:\n    servers: [a1]\n" + NETWORKS);
    }

    @Test
    void replacesAListInEitherStyleAndASingleName() {
        String expected = SITES + "cells:\n  east:\n    servers: [a1, a2]\n" + NETWORKS;
        assertThat(members("    servers: [a2]\n" + NETWORKS, "a2", "a1")).isEqualTo(expected);
        assertThat(members("    servers:\n    - a2\n" + NETWORKS, "a2", "a1")).isEqualTo(expected);
        assertThat(members("    servers: a2\n" + NETWORKS, "a2", "a1")).isEqualTo(expected);
    }

    @Test
    void leavesTheTextAloneWhenItSaysSoAlready() {
        assertThat(members(NETWORKS, "a2", "a1")).isEqualTo(SITES + "cells:\n  east:\n" + NETWORKS);
    }

    @Test
    void addsAServerToASiteThatIsThereAndToANewOne() {
        String rest = "cells:\n  east:\n" + NETWORKS;
        List<Ipv4> one = List.of(Ipv4.parse("10.3.0.2"));
        assertThat(edited(MembersEdit.server(SITES + rest, new SiteId("dc2"), new ServerId("a3"), one)))
                .contains("    servers:\n      a3: 10.3.0.2\n      a2: 10.2.0.2\n");
        assertThat(edited(MembersEdit.server(SITES + rest, new SiteId("dc1"), new ServerId("a3"), one)))
                .contains("{ a3: 10.3.0.2, a1: 10.1.0.2 }");
        assertThat(edited(MembersEdit.server(SITES + rest, new SiteId("dc3"), new ServerId("a3"), one)))
                .contains("sites:\n  dc3: { servers: { a3: 10.3.0.2 } }\n  dc1:\n");
    }

    @Test
    void refusesWithWhatToDoByHand() {
        String alone = SITES + NETWORKS.replaceAll("(?m)^    ", "");
        assertThat(MembersEdit.members(alone, new CellId("default"), servers("a1")))
                .isInstanceOfSatisfying(
                        MembersEdit.Refused.class,
                        refused -> assertThat(refused.remedy()).contains("servers: [a1]"));
        String shared = SITES + "cells:\n  east: &e\n" + NETWORKS.replace("n1", "n1")
                + "  west: { servers: [a1], networks: { n2: { subnets: { 10.0.1.0/24: { pools: [] } } } } }\n";
        assertThat(MembersEdit.members(shared, new CellId("north"), servers("a1")))
                .isInstanceOfSatisfying(
                        MembersEdit.Refused.class,
                        refused -> assertThat(refused.remedy()).contains("east", "west"));
        assertThat(MembersEdit.members("cluster: {", new CellId("east"), servers("a1")))
                .isInstanceOf(MembersEdit.Refused.class);
    }
}
