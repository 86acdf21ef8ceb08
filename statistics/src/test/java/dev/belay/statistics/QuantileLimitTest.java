// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class QuantileLimitTest {
    private static final double LIMIT = -StrictMath.log(0.01);
    private static final double HEALTH = -StrictMath.log(0.05);

    @ParameterizedTest(name = "{0} of p{1} by {2}: times {3} is harm {4}, health {5}")
    @CsvSource({
        "RISE, 0.95, 0.2, 1.0, false, true",
        "RISE, 0.95, 0.2, 1.35, true, false",
        "RISE, 0.5, 0.2, 1.3, true, false",
        "DROP, 0.5, 0.2, 1.0, false, true",
        "DROP, 0.5, 0.2, 0.7, true, false",
        "DROP, 0.9, 0.2, 0.65, true, false"
    })
    void tellsSlowFromUnchanged(
            Direction direction, double quantile, double threshold, double factor, boolean harm, boolean health) {
        Random random = new Random(5);
        QuantileLimit limit = QuantileLimit.freeze(
                        direction, quantile, threshold, Sensitivity.BALANCED, latencies(random, 5_000, 1))
                .orElseThrow();
        RatioProcess harmful = RatioProcess.start(QuantileLimit.harmTest());
        RatioProcess healthy = RatioProcess.start(QuantileLimit.healthTest());
        Histogram control = Histogram.EMPTY;
        Histogram treatment = Histogram.EMPTY;
        for (int block = 0; block < 100; block++) {
            Histogram c = latencies(random, 50, 1);
            Histogram t = latencies(random, 50, factor);
            Vectors.update(harmful, limit.harm(c, t));
            Vectors.update(healthy, limit.health(c, t));
            control = control.plus(c);
            treatment = treatment.plus(t);
        }

        assertThat(harmful.logE() > LIMIT && limit.isGateOpen(List.of(control), List.of(treatment)))
                .as("harm %s", harmful.logE())
                .isEqualTo(harm);
        assertThat(healthy.logE() > HEALTH).as("health %s", healthy.logE()).isEqualTo(health);
    }

    /** A change of just the threshold must be called healthy in at most beta of the runs, at any look. */
    @ParameterizedTest(name = "seldom calls a {0} of p{1} by exactly {2} healthy")
    @CsvSource({"RISE, 0.95, 0.2, 1.2", "RISE, 0.5, 0.1, 1.1", "DROP, 0.5, 0.2, 0.8"})
    void seldomCallsTheThresholdHealthy(Direction direction, double quantile, double threshold, double factor) {
        int wrong = 0;
        for (int run = 0; run < 200; run++) {
            Random random = new Random(run);
            QuantileLimit limit = QuantileLimit.freeze(
                            direction, quantile, threshold, Sensitivity.BALANCED, latencies(random, 500, 1))
                    .orElseThrow();
            RatioProcess healthy = RatioProcess.start(QuantileLimit.healthTest());
            for (int block = 0; block < 60; block++) {
                Vectors.update(healthy, limit.health(latencies(random, 50, 1), latencies(random, 50, factor)));
            }
            wrong += healthy.logSup() >= HEALTH ? 1 : 0;
        }

        // 5 % of 200 are 10; 19 are exceeded with a probability below 1 %.
        assertThat(wrong).isLessThan(19);
    }

    @Test
    void toleratesHalfTheThresholdWhenToldTo() {
        Random random = new Random(9);
        QuantileLimit limit = QuantileLimit.freeze(
                        Direction.RISE, 0.9, 0.4, Sensitivity.TOLERANT, latencies(random, 5_000, 1))
                .orElseThrow();
        RatioProcess process = RatioProcess.start(QuantileLimit.harmTest());
        for (int block = 0; block < 200; block++) {
            Vectors.update(process, limit.harm(latencies(random, 50, 1), latencies(random, 50, 1.15)));
        }

        assertThat(process.logSup()).isLessThan(LIMIT);
    }

    @Test
    void comparesQuantilesWithinStrataNotAcross() {
        Random random = new Random(1);
        // A quiet night at 5 % treated and a slow day at 50 %: pooled, treatment looks slow.
        List<Histogram> control = List.of(latencies(random, 9_500, 1), latencies(random, 5_000, 3));
        List<Histogram> treatment = List.of(latencies(random, 500, 1), latencies(random, 5_000, 3));

        assertThat(QuantileLimit.ratio(control, treatment, 0.5).orElseThrow()).isCloseTo(1, within(0.05));
        assertThat(Histogram.sum(treatment).quantile(0.5)
                        / Histogram.sum(control).quantile(0.5))
                .isGreaterThan(1.3);
    }

    @Test
    void knowsNothingWithoutControl() {
        assertThat(QuantileLimit.freeze(Direction.RISE, 0.95, 0.2, Sensitivity.BALANCED, Histogram.EMPTY))
                .isEmpty();
        assertThat(QuantileLimit.ratio(List.of(Histogram.EMPTY), List.of(Histogram.ofValues(1)), 0.5))
                .isEmpty();
        QuantileLimit limit = new QuantileLimit(Direction.RISE, 0.95, 0.2, Sensitivity.BALANCED, 5);
        assertThat(limit.isGateOpen(List.of(), List.of())).isFalse();
    }

    @Test
    void boundsAQuantileForPeople() {
        Histogram seen = latencies(new Random(2), 10_000, 1);

        Interval interval = QuantileBand.of(seen.units(), 0.95, 0.05, 10_000).values(seen);

        assertThat(Math.exp(0.5 * 1.6449)).isBetween(interval.lower(), interval.upper());
        assertThat(QuantileBand.of(1, 0.5, 0.05, 1)).isEqualTo(new QuantileBand(0, 1));
    }

    private static Histogram latencies(Random random, int units, double factor) {
        double[] values = new double[units];
        for (int i = 0; i < units; i++) {
            values[i] = factor * Math.exp(0.5 * random.nextGaussian());
        }
        return Histogram.ofValues(values);
    }
}
