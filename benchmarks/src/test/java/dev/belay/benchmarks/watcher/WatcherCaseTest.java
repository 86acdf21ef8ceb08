// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.watcher;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WatcherCaseTest {
    @Test
    void aUnitSeesOneRolloutUnlessMoreAreSaid() {
        assertThat(WatcherCase.parse("10000x10")).isEqualTo(new WatcherCase(10_000, 10, 1));
        assertThat(WatcherCase.parse("10000x10:3")).isEqualTo(new WatcherCase(10_000, 10, 3));
    }

    @Test
    void everySecondUnitDoesSomething() {
        assertThat(new WatcherCase(11, 4, 2).events()).isEqualTo(22 + 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "0x1", "10x0", "10x1:2", "10x2:0", "ax1"})
    void refusesWhatCannotBe(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> WatcherCase.parse(text));
    }
}
