// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SampleRatioMismatchTest {

    @Test
    void hasNoOpinionWithoutExposures() {
        assertThat(SampleRatioMismatch.logE(List.of(SplitCount.of(0.05, 0, 0)))).isZero();
        assertThat(SampleRatioMismatch.logE(List.of())).isZero();
    }

    @Test
    void weighsMoreThanTwoArms() {
        SplitCount even = new SplitCount(List.of(0.5, 0.25, 0.25), List.of(5000L, 2500L, 2500L));
        SplitCount lossy = new SplitCount(List.of(0.5, 0.25, 0.25), List.of(5000L, 2500L, 1500L));

        assertThat(SampleRatioMismatch.logE(List.of(even))).isNegative();
        assertThat(SampleRatioMismatch.logE(List.of(lossy)))
                .isGreaterThan(-Math.log(SampleRatioMismatch.DEFAULT_ALPHA));
    }

    @Test
    void refusesSharesThatAreNotASplit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SplitCount(List.of(0.5, 0.4), List.of(1L, 1L)))
                .withMessage("shares must sum to 1, were [0.5, 0.4]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SplitCount.of(0, 1, 1))
                .withMessage("share must lie in (0, 1), was 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SplitCount.of(0.5, 1, -1))
                .withMessage("count must not be negative, was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SplitCount(List.of(1.0), List.of(1L)))
                .withMessage("shares and counts must be equally many and at least two, were 1 and 1");
    }
}
