// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RatioConfidenceSequenceTest {

    @Test
    void boundsNothingWithoutData() {
        assertThat(RatioConfidenceSequence.interval(List.of(), 0.05))
                .isEqualTo(new Interval(0, Double.POSITIVE_INFINITY));
    }

    @Test
    void takesNothingFromAStratumWithoutBothArms() {
        Stratum both = new Stratum(1000, 1000, 100, 80);

        assertThat(RatioConfidenceSequence.interval(List.of(both, new Stratum(500, 0, 50, 0)), 0.05))
                .isEqualTo(RatioConfidenceSequence.interval(List.of(both), 0.05));
    }

    @Test
    void findsEndsFarOutsideTheGridOfItsPrior() {
        Interval interval = RatioConfidenceSequence.interval(List.of(new Stratum(1, 1_000_000, 5, 1)), 0.01);

        assertThat(interval.lower()).isBetween(0.0, Math.exp(-12));
        assertThat(interval.upper()).isLessThan(0.1);
    }

    @Test
    void tellsRatiosThatDiffer() {
        Interval low = RatioConfidenceSequence.interval(List.of(new Stratum(10_000, 10_000, 1000, 400)), 0.005);
        Interval high = RatioConfidenceSequence.interval(List.of(new Stratum(10_000, 10_000, 1000, 1000)), 0.005);

        assertThat(low.isDisjointFrom(high)).isTrue();
        assertThat(high.isDisjointFrom(low)).isTrue();
        assertThat(low.isDisjointFrom(low)).isFalse();
    }

    @Test
    void refusesNonsense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RatioConfidenceSequence.interval(List.of(), 0))
                .withMessage("alpha must lie in (0, 1), was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(2, 1))
                .withMessage("ends must satisfy 0 <= lower <= upper with a finite lower, were 2.0 and 1.0");
    }
}
