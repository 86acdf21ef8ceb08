// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.report;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SpreadTest {
    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(2.5, 1, 4));
    }

    @Test
    void aRatioIsOneOfMedians() {
        assertThat(Spread.of(List.of(1.0, 9.0, 3.0)).over(Spread.of(List.of(6.0, 5.0, 100.0))))
                .isEqualTo(0.5);
    }

    @Test
    void nothingMeasuredIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
    }

    @Test
    void saysMedianAndRange() {
        assertThat(new Spread(41_200.4, 38_100, 0.25).text()).isEqualTo("41,200 (38,100–0.25)");
    }

    @Test
    void percentilesAreOnesThatWereMeasured() {
        double[] millis = new double[200];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = millis.length - i;
        }

        assertThat(Percentiles.of(millis)).isEqualTo(new Percentiles(200, 100, 198, 200));
    }

    @Test
    void aTableHasACellForEachColumn() {
        Table table = new Table("a", "b").row("1", "2");

        assertThat(table.text()).isEqualTo("| a | b |\n| --- | --- |\n| 1 | 2 |\n");
        assertThatIllegalArgumentException().isThrownBy(() -> table.row("1"));
    }

    @Test
    void aTargetSaysWhetherItIsMet() {
        assertThat(Target.atLeast(0.5, "ratio").judge(0.49)).isEqualTo("* ratio: 0.49, target ≥ 0.50: **missed**");
        assertThat(Target.atMost(1.5, "ratio").judge(1.5)).endsWith("**met**");
    }
}
