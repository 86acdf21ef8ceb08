// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class GateTest {
    private static final Gate DROP = new Gate(Direction.DROP, 0.2);
    private static final Gate RISE = new Gate(Direction.RISE, 0.3);

    @Test
    void opensAtTheThresholdItself() {
        assertThat(DROP.isOpen(estimate(new Stratum(100, 100, 10, 8)))).isTrue();
        assertThat(DROP.isOpen(estimate(new Stratum(100, 100, 100, 81)))).isFalse();
        assertThat(RISE.isOpen(estimate(new Stratum(100, 100, 10, 13)))).isTrue();
        assertThat(RISE.isOpen(estimate(new Stratum(100, 100, 100, 129)))).isFalse();
    }

    @Test
    void opensOnTotalLoss() {
        assertThat(DROP.isOpen(estimate(new Stratum(100, 100, 1, 0)))).isTrue();
    }

    @Test
    void staysClosedForADropWhileControlHasNoEvent() {
        assertThat(DROP.isOpen(estimate(new Stratum(100, 100, 0, 0)))).isFalse();
        assertThat(DROP.isOpen(estimate(new Stratum(100, 100, 0, 5)))).isFalse();
    }

    @Test
    void opensForARiseFromNothingWithTheFirstTreatedEvent() {
        assertThat(RISE.isOpen(estimate(new Stratum(100, 100, 0, 0)))).isFalse();
        assertThat(RISE.isOpen(estimate(new Stratum(100, 100, 0, 1)))).isTrue();
    }

    @Test
    void ignoresAStratumWithoutBothArms() {
        assertThat(RISE.isOpen(estimate(new Stratum(0, 100, 0, 50)))).isFalse();
        assertThat(estimate(new Stratum(0, 100, 0, 50), new Stratum(100, 0, 50, 0), new Stratum(10, 10, 4, 2))
                        .ratio())
                .hasValue(0.5);
    }

    @Test
    void isNotFooledByStagesOfDifferentSplitAndSeason() {
        Stratum busy = new Stratum(9_500, 500, 1_900, 100);
        Stratum quiet = new Stratum(5_000, 5_000, 250, 250);

        assertThat(estimate(busy, quiet).ratio()).hasValue(1.0);
        assertThat(DROP.isOpen(estimate(busy.plus(quiet)))).isTrue();
    }

    @Test
    void refusesAChangeOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Gate(Direction.DROP, 1.2))
                .withMessage("change of a DROP must lie in (0, 1), was 1.2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Stratum(1, 1, -1, 0))
                .withMessage("controlEvents must not be negative, was -1");
    }

    private static MantelHaenszel estimate(Stratum... strata) {
        return MantelHaenszel.of(List.of(strata));
    }
}
