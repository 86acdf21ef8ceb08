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

    @ParameterizedTest
    @ValueSource(strings = {"800x1", "800x2", "8000x100:7"})
    void bothArmsOfEveryRolloutDoTheSame(String text) {
        WatcherCase size = WatcherCase.parse(text);
        for (int rollout = 0; rollout < size.rollouts(); rollout++) {
            int[] does = new int[2];
            int[] all = new int[2];
            for (int unit = rollout; unit < size.units(); unit += size.rollouts()) {
                int arm = size.isTreated(unit) ? 1 : 0;
                all[arm]++;
                does[arm] += size.doesSomething(unit) ? 1 : 0;
            }
            assertThat(all[0]).isEqualTo(all[1]).isEqualTo(2 * does[0]).isEqualTo(2 * does[1]);
        }
        assertThat(size.events()).isEqualTo(size.units() * size.seen() + size.units() / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "0x1", "10x0", "10x1:2", "10x2:0", "ax1"})
    void refusesWhatCannotBe(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> WatcherCase.parse(text));
    }
}
