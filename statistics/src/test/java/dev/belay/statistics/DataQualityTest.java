// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DataQualityTest {
    @Test
    void noticesASplitThatCannotBeChance() {
        assertThat(DataQuality.sampleRatio(Math.log(1001)).isDoubt()).isTrue();
        assertThat(DataQuality.sampleRatio(Math.log(999)).isDoubt()).isFalse();
    }

    @Test
    void noticesAnArmThatIsNotSeenAnyMore() {
        Duration second = Duration.ofSeconds(1);
        Duration minute = Duration.ofSeconds(61);

        assertThat(DataQuality.fresh(second, minute, second, second).isDoubt()).isTrue();
        assertThat(DataQuality.fresh(minute, second, second, second).isDoubt()).isTrue();
        // An arm that is seen once in ten seconds may be away for a hundred.
        assertThat(DataQuality.fresh(second, minute, second, Duration.ofSeconds(10))
                        .isDoubt())
                .isFalse();
        assertThat(DataQuality.fresh(second, second, second, second).isDoubt()).isFalse();
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
        assertThat(DataQuality.punctual(0, 100_000, 1_000, 100_000).isDoubt()).isFalse();
        assertThat(DataQuality.punctual(0, 0, 5, 5).isDoubt()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataQuality.punctual(2, 1, 0, 0))
                .withMessage("lateControl must not exceed control (1), was 2");
    }
}
