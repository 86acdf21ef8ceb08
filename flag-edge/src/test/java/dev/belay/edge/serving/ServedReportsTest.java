// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import java.util.List;

import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.edge.EdgeFacts;
import dev.belay.evaluation.ServedFlag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServedReportsTest {
    private final ServedFlag plain = flag("a-plain");
    private final ServedFlag other = flag("b-plain");
    private final ServedFlag raised = flag("raised").onRollout(EdgeFacts.rollout("raised", 1, 1, 50));
    private final ServedFlag killed = flag("killed").onRollback(EdgeFacts.rollback("killed", 0, RollbackTarget.KILL));

    @Test
    void flagsThatMoveAreReportedAgainAndAgain() {
        assertThat(ServedReports.due(List.of(plain, raised, killed))).containsExactly(raised, killed);
    }

    @Test
    void anEdgeWhereNothingMovesIsKnownToBeThere() {
        assertThat(ServedReports.due(List.of(other, plain))).containsExactly(plain);
    }

    @Test
    void anEdgeWithoutFlagsHasNothingToSay() {
        assertThat(ServedReports.due(List.of())).isEmpty();
    }

    private static ServedFlag flag(String flag) {
        return ServedFlag.of(EdgeFacts.definition(flag, 1).ref()).onDefinition(EdgeFacts.definition(flag, 1));
    }
}
