// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AlternativesTest {

    @Test
    void givesTheTolerantPresetItsMarginAndGate() {
        assertThat(Sensitivity.TOLERANT.margin(0.2)).isEqualTo(0.1);
        assertThat(Sensitivity.TOLERANT.gate(0.2)).isEqualTo(0.1);
        assertThat(Sensitivity.BALANCED.margin(0.2)).isEqualTo(0);
        assertThat(Sensitivity.BALANCED.gate(0.2)).isEqualTo(0.2);
        assertThat(Alternatives.harm(Direction.RISE, 0.3, Sensitivity.TOLERANT.margin(0.3))
                        .nullRatio())
                .isEqualTo(1.15);
    }

    @Test
    void refusesAThresholdOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Alternatives.harm(Direction.DROP, 1, 0))
                .withMessage("threshold of a DROP must lie in (0, 1), was 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Alternatives.healthy(Direction.RISE, 0))
                .withMessage("threshold of a RISE must be finite and above 0, was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Alternatives.healthy(Direction.RISE, Double.NaN))
                .withMessage("threshold of a RISE must be finite and above 0, was NaN");
    }

    @Test
    void refusesAMarginBeyondTheThreshold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Alternatives.harm(Direction.DROP, 0.2, 0.3))
                .withMessage("margin must lie in [0, threshold = 0.2], was 0.3");
    }

    @Test
    void refusesBetsOnBothSidesOfTheNull() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Alternatives(1, List.of(0.8, 1.2), List.of(0.5, 0.5)))
                .withMessage("ratios must all lie on one side of nullRatio 1.0, were [0.8, 1.2]");
    }

    @Test
    void refusesAMarginThatLeavesNothingToBetOn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Alternatives.harm(Direction.RISE, 200, 100))
                .withMessage("margin must leave a ratio of 81.0 beyond it, was 100.0");
    }

    @Test
    void refusesWeightsThatSumToMoreThanOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Alternatives(1, List.of(0.8, 0.5), List.of(0.5, 0.6)))
                .withMessage("weights must sum to at most 1, were [0.5, 0.6]");
    }

    @Test
    void refusesWeightsThatDoNotMatchTheRatios() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Alternatives(1, List.of(0.8, 0.5), List.of(0.5)))
                .withMessage("ratios and weights must be equally many and at least one, were 2 and 1");
    }
}
