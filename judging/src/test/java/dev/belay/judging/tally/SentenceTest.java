// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import dev.belay.contracts.verdicts.Estimate;
import dev.belay.judging.attribution.Given;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SentenceTest {
    @Test
    void saysChangeIntervalLimitAndEvidence() {
        assertThat(Sentence.of(
                        Given.falls("conversion", "conversion", 0.2),
                        null,
                        new Estimate(0.73, 0.59, 0.91),
                        Math.log(312.2)))
                .isEqualTo("conversion −27 % (95 % CS −41 … −9 %), limit −20 %, evidence 312:1");
    }

    @Test
    void staysReadableAtTheExtremes() {
        assertThat(Sentence.of(
                        Given.rises("errors", "errors", 0.3), "country=GB", new Estimate(null, 2.5, null), 5_000))
                .isEqualTo("errors in country=GB from nothing (95 % CS +150 … ∞), limit +30 %, evidence over"
                        + " 1,000,000:1");
        assertThat(Sentence.of(Given.falls("conversion", "conversion", 0.2), null, new Estimate(1.0, 0.0, 1.004), -3))
                .isEqualTo("conversion ±0 % (95 % CS −100 … ±0 %), limit −20 %, evidence 0.0:1");
    }
}
