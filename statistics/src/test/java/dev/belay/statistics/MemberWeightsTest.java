// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class MemberWeightsTest {

    @ParameterizedTest(name = "spends exactly one over {0} stages")
    @ValueSource(ints = {1, 2, 3, 6, 60})
    void spendsExactlyOne(int stages) {
        double sum = MemberWeights.rolloutScope(stages);
        for (int stage = 2; stage <= stages; stage++) {
            sum += MemberWeights.stageScope(stages, stage);
        }

        assertThat(sum).isCloseTo(1, within(1e-12));
    }

    @Test
    void neverSpendsMoreThanOneWhenStagesAreOpenEnded() {
        double sum = 0.70;
        for (int stage = 2; stage <= 60; stage++) {
            sum += MemberWeights.openEndedStageScope(stage);
        }

        assertThat(sum).isBetween(0.999999, 1.0);
    }

    @Test
    void sharesTheRestAmongSegments() {
        double sum = MemberWeights.GLOBAL_WITH_SEGMENTS + MemberWeights.segment(0.25) + MemberWeights.segment(0.75);

        assertThat(sum).isCloseTo(1, within(1e-12));
    }

    @Test
    void refusesAScopeForTheFirstStage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemberWeights.stageScope(3, 1))
                .withMessage("stage must lie in [2, stages = 3], was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemberWeights.openEndedStageScope(1))
                .withMessage("stage must be at least 2, was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemberWeights.guardrail(0))
                .withMessage("guardrails must be at least 1, was 0");
    }
}
