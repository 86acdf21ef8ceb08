// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;
import java.util.Map;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class MeanProcessTest {
    private static final double CAP = 100;
    private static final double LIMIT = -StrictMath.log(0.01);
    private static final double HEALTH = -StrictMath.log(0.05);

    /** Every outcome of a block of small arms with two possible values, weighted by its probability: the enumeration of §8. */
    @Property(tries = 300)
    void neverExpectsToGainWhileTheNullHolds(
            @ForAll Direction direction,
            @ForAll boolean isHarm,
            @ForAll @DoubleRange(min = 0.05, max = 0.9) double threshold,
            @ForAll @DoubleRange(min = 0, max = 0.9) double marginShare,
            @ForAll @IntRange(min = 1, max = 6) int control,
            @ForAll @IntRange(min = 1, max = 6) int treatment,
            @ForAll @DoubleRange(min = 0, max = 0.5) double low,
            @ForAll @DoubleRange(min = 0.5, max = 1) double high,
            @ForAll @DoubleRange(min = 0, max = 1) double rate,
            @ForAll @DoubleRange(min = 0, max = 1) double slack,
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        MeanTest test = isHarm
                ? MeanTest.harm(direction, threshold, marginShare * threshold)
                : MeanTest.healthy(direction, threshold);
        MeanState before = stateAfter(test, seed);
        double controlMean = low + rate * (high - low);
        double edge = test.nullRatio() * controlMean;
        double treatedMean =
                test.shift() == Direction.DROP ? edge + slack * (high - edge) : edge - slack * (edge - low);
        boolean isPossible = test.shift() == Direction.DROP ? edge <= high : edge >= low;
        if (!isPossible || treatedMean < low || treatedMean > high) {
            return;
        }
        double treatedRate = high > low ? (treatedMean - low) / (high - low) : 0;

        double expected = 0;
        for (int sC = 0; sC <= control; sC++) {
            for (int sT = 0; sT <= treatment; sT++) {
                MeanProcess process = MeanProcess.restore(test, before);
                double start = process.logE();
                double[] values = {low, high};
                process.update(values, new long[] {control - sC, sC}, values, new long[] {treatment - sT, sT});
                expected += binomial(control, sC, rate)
                        * binomial(treatment, sT, treatedRate)
                        * Math.exp(process.logE() - start);
            }
        }

        assertThat(expected).isLessThanOrEqualTo(1 + 1e-11);
    }

    private static MeanState stateAfter(MeanTest test, long seed) {
        Random random = new Random(seed);
        MeanProcess process = MeanProcess.start(test);
        for (int block = 0; block < 5; block++) {
            double[] values = {0, random.nextDouble(), 1};
            process.update(values, counts(random, 30), values, counts(random, 10));
        }
        return process.snapshot();
    }

    private static long[] counts(Random random, int most) {
        return new long[] {random.nextInt(most), random.nextInt(most), random.nextInt(most)};
    }

    private static double binomial(int n, int k, double p) {
        double chance = 1;
        for (int i = 0; i < k; i++) {
            chance *= (double) (n - i) / (k - i);
        }
        return chance * Math.pow(p, k) * Math.pow(1 - p, n - k);
    }

    @ParameterizedTest(name = "tells a {0} of the mean from none")
    @EnumSource(Direction.class)
    void tellsHarmFromNone(Direction direction) {
        double ratio = direction == Direction.DROP ? 0.5 : 1.9;

        assertThat(run(MeanTest.harm(direction, 0.3, 0), ratio, 6_000).logSup()).isGreaterThan(LIMIT);
        assertThat(run(MeanTest.harm(direction, 0.3, 0), 1, 6_000).logSup()).isLessThan(LIMIT);
    }

    @ParameterizedTest(name = "tells health from a {0}")
    @EnumSource(Direction.class)
    void tellsHealthFromHarm(Direction direction) {
        double ratio = direction == Direction.DROP ? 0.7 : 1.3;

        assertThat(run(MeanTest.healthy(direction, 0.3), 1, 60_000).logE()).isGreaterThan(HEALTH);
        assertThat(run(MeanTest.healthy(direction, 0.3), ratio, 60_000).logSup())
                .isLessThan(HEALTH);
    }

    /** Buyers' share moves, what a buyer spends does not. */
    private static MeanProcess run(MeanTest test, double ratio, int units) {
        Random random = new Random(7);
        MeanProcess process = MeanProcess.start(test);
        for (int done = 0; done < units; done += 300) {
            process.update(buyers(random, 150, 0.2), buyers(random, 150, 0.2 * ratio), CAP);
        }
        return process;
    }

    private static Histogram buyers(Random random, int units, double share) {
        double[] values = new double[units];
        for (int i = 0; i < units; i++) {
            values[i] = random.nextDouble() < share ? Math.exp(3 + 0.5 * random.nextGaussian()) : 0;
        }
        return Histogram.ofValues(values);
    }

    @ParameterizedTest(name = "stays finite when control has {0} and treatment {1}")
    @CsvSource({"0, 0", "0, 1e15", "1e15, 0", "1e15, 1e15", "1e-9, 1e-9", "100, 100", "0, 1e-9"})
    void staysFiniteWithoutAnyVariance(double control, double treatment) {
        for (Direction direction : Direction.values()) {
            for (MeanTest test : List.of(
                    MeanTest.harm(direction, 0.2, 0),
                    MeanTest.harm(direction, 0.99, 0.495),
                    MeanTest.healthy(direction, 0.2))) {
                MeanProcess process = MeanProcess.start(test);
                for (int block = 0; block < 200; block++) {
                    process.update(same(control, 990), same(treatment, 10), CAP);
                    assertThat(process.logE())
                            .as("%s after block %s", test, block)
                            .isFinite();
                }
            }
        }
    }

    private static Histogram same(double value, long units) {
        return Histogram.of(Map.of(LogBins.of(value), units));
    }

    @Test
    void rollsBackWhenEverybodyStopsPaying() {
        MeanProcess process = MeanProcess.start(MeanTest.harm(Direction.DROP, 0.2, 0));

        for (int block = 0; block < 20; block++) {
            process.update(same(30, 40).plus(same(0, 60)), same(0, 100), CAP);
        }

        assertThat(process.logE()).isGreaterThan(LIMIT);
    }

    @Test
    void addsNoEvidenceWithAnEmptyArm() {
        MeanProcess process = MeanProcess.start(MeanTest.harm(Direction.DROP, 0.2, 0));

        process.update(same(30, 1_000), Histogram.EMPTY, CAP);
        process.update(Histogram.EMPTY, same(0, 1_000), CAP);
        process.update(Histogram.EMPTY, Histogram.EMPTY, CAP);

        assertThat(process.logE()).isCloseTo(0, within(1e-15));
        assertThat(process.snapshot().units()).isEqualTo(2_001);
    }

    @Test
    void countsWhatIsBeyondTheCapAsTheCap() {
        MeanProcess huge = MeanProcess.start(MeanTest.harm(Direction.RISE, 0.2, 0));
        MeanProcess capped = MeanProcess.start(MeanTest.harm(Direction.RISE, 0.2, 0));

        huge.update(same(1, 100), same(1e300, 100), CAP);
        capped.update(same(1, 100), same(1e3, 100), CAP);

        assertThat(huge.logE()).isEqualTo(capped.logE());
    }

    @Test
    void refusesACapThatIsNone() {
        MeanProcess process = MeanProcess.start(MeanTest.harm(Direction.RISE, 0.2, 0));

        for (double cap : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> process.update(Histogram.EMPTY, Histogram.EMPTY, cap))
                    .withMessage("cap must be finite and above 0, was " + cap);
        }
        assertThat(process.snapshot())
                .isEqualTo(MeanProcess.start(process.test()).snapshot());
    }

    @Test
    void refusesAMarginBeyondTheThreshold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeanTest.harm(Direction.DROP, 0.2, 0.3))
                .withMessage("margin must lie in [0, threshold = 0.2], was 0.3");
    }

    @Test
    void saysNothingFromMomentsWhileNothingVaries() {
        MomentsProcess process = MomentsProcess.start(MomentsTest.harm(Direction.DROP, 0.2, 0, 0.01));

        for (int block = 0; block < 50; block++) {
            process.update(new Moments(100, 300, 900), new Moments(100, 0, 0));
        }

        assertThat(process.logE()).isZero();
        process.update(new Moments(100, 290, 900), new Moments(100, 0, 0));
        process.update(new Moments(100, 290, 900), new Moments(100, 0, 0));
        assertThat(process.logE()).isGreaterThan(LIMIT);
        assertThat(MomentsProcess.restore(process.test(), process.snapshot()).logE())
                .isEqualTo(process.logE());
    }
}
