// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MeanConfidenceSequenceTest {
    private static final double ALPHA = 0.05;

    @Test
    void holdsTheTrueRatioAtEveryLookOfNearlyEveryRun() {
        int missed = 0;
        int runs = 200;
        for (int run = 0; run < runs; run++) {
            missed += misses(new Random(run)) ? 1 : 0;
        }

        // 5 % of 200 are 10; 19 are exceeded with a probability below 1 %.
        assertThat(missed).isLessThan(19);
    }

    /** Two stages of different shares; treatment is 20 % lower. */
    private static boolean misses(Random random) {
        MeanStratum[] strata = {
            new MeanStratum(Moments.EMPTY, Moments.EMPTY), new MeanStratum(Moments.EMPTY, Moments.EMPTY)
        };
        for (int look = 0; look < 80; look++) {
            int stage = look / 40;
            int treated = stage == 0 ? 20 : 50;
            strata[stage] = new MeanStratum(
                    strata[stage].control().plus(values(random, 100 - treated, 1)),
                    strata[stage].treatment().plus(values(random, treated, 0.8)));
            Interval interval = MeanConfidenceSequence.interval(List.of(strata), ALPHA);
            if (look > 5 && (interval.lower() > 0.8 || interval.upper() < 0.8)) {
                return true;
            }
        }
        return false;
    }

    private static Moments values(Random random, int units, double factor) {
        Moments sum = Moments.EMPTY;
        for (int i = 0; i < units; i++) {
            double value = factor * (2 + random.nextGaussian());
            sum = sum.plus(new Moments(1, value, value * value));
        }
        return sum;
    }

    @Test
    void getsNarrowerAndHoldsTheEstimate() {
        List<MeanStratum> few = new ArrayList<>(
                List.of(new MeanStratum(values(new Random(1), 1_000, 1), values(new Random(2), 1_000, 0.8))));
        List<MeanStratum> many =
                List.of(new MeanStratum(values(new Random(1), 100_000, 1), values(new Random(2), 100_000, 0.8)));

        Interval wide = MeanConfidenceSequence.interval(few, ALPHA);
        Interval narrow = MeanConfidenceSequence.interval(many, ALPHA);

        assertThat(MantelHaenszel.ofMeans(many).ratio().orElseThrow()).isBetween(narrow.lower(), narrow.upper());
        assertThat(narrow.upper() - narrow.lower()).isLessThan((wide.upper() - wide.lower()) / 5);
        assertThat(narrow.upper()).isLessThan(1);
    }

    @Test
    void knowsNothingWithoutControlOrVariance() {
        Interval everything = new Interval(0, Double.POSITIVE_INFINITY);
        Moments some = new Moments(10, 20, 60);

        assertThat(MeanConfidenceSequence.interval(List.of(), ALPHA)).isEqualTo(everything);
        assertThat(MeanConfidenceSequence.interval(List.of(new MeanStratum(Moments.EMPTY, some)), ALPHA))
                .isEqualTo(everything);
        assertThat(MeanConfidenceSequence.interval(
                        List.of(new MeanStratum(new Moments(10, 20, 40), new Moments(10, 20, 40))), ALPHA))
                .isEqualTo(everything);
        assertThat(MeanConfidenceSequence.interval(List.of(new MeanStratum(some, new Moments(10, 0, 0))), ALPHA)
                        .lower())
                .isZero();
    }
}
