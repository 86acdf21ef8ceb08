// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.time.Duration;
import java.util.List;

import dev.belay.statistics.Finding.Check;
import dev.belay.statistics.Ruling.Outcome;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DecisionTest {

    @ParameterizedTest(name = "breach {0}, before {1}, healthy {2}, warning {3}, doubt {4}: {5}")
    @CsvSource({
        "true, false, false, false, false, BREACHED",
        "true, false, true, true, true, BREACHED",
        "false, true, true, false, true, BREACHED",
        "false, false, true, false, false, HEALTHY",
        "false, false, true, true, false, WARNED",
        "false, false, false, true, false, WARNED",
        "false, false, true, false, true, DOUBTED",
        "false, false, true, true, true, DOUBTED",
        "false, false, false, false, true, DOUBTED",
        "false, false, false, false, false, UNDECIDED"
    })
    void followsTheTable(
            boolean breach, boolean before, boolean healthy, boolean warning, boolean doubt, Outcome outcome) {
        Combination harm = new Combination(0, breach, warning, 0);
        Finding finding = new Finding(Check.SAMPLE_RATIO, doubt, 0, 0);

        Ruling ruling = Ruling.of(harm, before, healthy, List.of(finding));

        assertThat(ruling.outcome()).isEqualTo(outcome);
        assertThat(ruling.doubts()).isEqualTo(doubt ? List.of(Check.SAMPLE_RATIO) : List.of());
    }

    @Nested
    class Checks {
        @Test
        void noticesASplitThatCannotBeChance() {
            assertThat(DataQuality.sampleRatio(Math.log(1001)).isDoubt()).isTrue();
            assertThat(DataQuality.sampleRatio(Math.log(999)).isDoubt()).isFalse();
        }

        @Test
        void noticesAnArmThatIsNotSeenAnyMore() {
            Duration second = Duration.ofSeconds(1);
            Duration minute = Duration.ofSeconds(61);

            assertThat(DataQuality.fresh(second, minute, second, second).isDoubt())
                    .isTrue();
            assertThat(DataQuality.fresh(minute, second, second, second).isDoubt())
                    .isTrue();
            // An arm that is seen once in ten seconds may be away for a hundred.
            assertThat(DataQuality.fresh(second, minute, second, Duration.ofSeconds(10))
                            .isDoubt())
                    .isFalse();
            assertThat(DataQuality.fresh(second, second, second, second).isDoubt())
                    .isFalse();
        }

        @Test
        void noticesEventsThatLagBehind() {
            assertThat(DataQuality.upToDate(Duration.ofSeconds(301)).isDoubt()).isTrue();
            assertThat(DataQuality.upToDate(Duration.ofSeconds(299)).isDoubt()).isFalse();
            assertThat(DataQuality.upToDate(Duration.ofSeconds(-30)).isDoubt()).isFalse();
            assertThat(DataQuality.isGivenUp(Duration.ofMinutes(15))).isTrue();
            assertThat(DataQuality.isGivenUp(Duration.ofMinutes(14))).isFalse();
        }

        @Test
        void noticesAMetricThatHasFallenSilentInBothArms() {
            assertThat(DataQuality.audible(0.02, 1_000, 0).isDoubt()).isTrue();
            assertThat(DataQuality.audible(0.02, 999, 0).isDoubt()).isFalse();
            assertThat(DataQuality.audible(0.02, 100_000, 1).isDoubt()).isFalse();
            assertThat(DataQuality.audible(0, 1_000_000, 0).isDoubt()).isFalse();
        }

        @Test
        void noticesUnitsThatWereSeenInBothArms() {
            assertThat(DataQuality.pure(11, 1_000).isDoubt()).isTrue();
            assertThat(DataQuality.pure(10, 1_000).isDoubt()).isFalse();
            assertThat(DataQuality.pure(0, 0).isDoubt()).isFalse();
        }

        @Test
        void noticesThatOneArmsEventsComeLate() {
            assertThat(DataQuality.punctual(10, 1_000, 80, 1_000).isDoubt()).isTrue();
            assertThat(DataQuality.punctual(80, 1_000, 80, 1_000).isDoubt()).isFalse();
            assertThat(DataQuality.punctual(0, 100_000, 1_000, 100_000).isDoubt())
                    .isFalse();
            assertThat(DataQuality.punctual(0, 0, 5, 5).isDoubt()).isFalse();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DataQuality.punctual(2, 1, 0, 0))
                    .withMessage("lateControl must not exceed control (1), was 2");
        }
    }
}
