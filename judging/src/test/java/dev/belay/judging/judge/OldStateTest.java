// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import dev.belay.contracts.Json;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** States that an earlier version stored are read as what they meant. */
class OldStateTest {
    @Test
    void watchOfAMetricBeforeLatenessWasNoted() {
        MetricWatch read = Json.read("""
                {"silentUnits":7,
                 "control":{"baseUnits":400,"baseEvents":40,"units":10,"events":1,"lastUnits":250,"lastEvents":25,"fell":false},
                 "joins":{"outcomes":90,"joined":88,"midOutcomes":0,"midJoined":0,"fromOutcomes":0,"fromJoined":0}}
                """, MetricWatch.class);

        assertThat(read.silentUnits()).isEqualTo(7);
        assertThat(read.joins().joined()).isEqualTo(88);
        assertThat(read.late()).isNull();
        assertThat(read.hasLateArm()).isFalse();
    }

    @Test
    void guardrailBeforeOutcomesCouldBeClusteredAndFinishedRolloutsWereWatched() {
        GuardrailJudge.State read = Json.read("""
                {"guardrail":"conversion",
                 "rollout":{"logCapital":[-1.5,-2.5,-3.5,-4.5],"controlUnits":100.0,"treatmentUnits":100.0,"controlEvents":20.0,
                            "treatmentEvents":18.0,"invested":1.0,"logSup":0.25},
                 "healthy":{"logCapital":[-1.0,-0.5,-2.0],"controlUnits":100.0,"treatmentUnits":100.0,"controlEvents":20.0,
                            "treatmentEvents":18.0,"invested":1.0,"logSup":0.5}}
                """, GuardrailJudge.State.class);

        assertThat(read.rollout().logSup()).isEqualTo(0.25);
        assertThat(read.stage()).isNull();
        assertThat(read.dispersion()).isNull();
        assertThat(read.change()).isNull();
    }
}
