// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BreachSentenceTest {

    @Test
    void saysChangeIntervalLimitAndEvidence() {
        assertThat(BreachSentence.of(
                        "conversion",
                        OptionalDouble.of(0.73),
                        new Interval(0.59, 0.91),
                        Direction.DROP,
                        0.2,
                        Math.log(312.2)))
                .isEqualTo("conversion −27 % (95 % CS −41 … −9 %), limit −20 %, evidence 312:1");
    }

    @Test
    void staysReadableAtTheExtremes() {
        assertThat(BreachSentence.of(
                        "errors",
                        OptionalDouble.empty(),
                        new Interval(2.5, Double.POSITIVE_INFINITY),
                        Direction.RISE,
                        0.3,
                        5_000))
                .isEqualTo("errors beyond comparison (95 % CS +150 … ∞ %), limit +30 %, evidence 10^2171:1");
        assertThat(BreachSentence.of(
                        "conversion", OptionalDouble.of(1), new Interval(0, 1.004), Direction.DROP, 0.2, -3))
                .isEqualTo("conversion ±0 % (95 % CS −100 … +0.4 %), limit −20 %, evidence 0.050:1");
    }
}
