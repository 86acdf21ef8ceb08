// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

class HistogramTest {

    @Property(tries = 500)
    void standsForEveryValueToOnePercent(@ForAll @DoubleRange(min = -20.7, max = 34.5) double logValue) {
        double value = Math.exp(logValue);

        assertThat(LogBins.value(LogBins.of(value)) / value).isCloseTo(1, within(0.0101));
    }

    @Property(tries = 200)
    void isTheSameWhateverTheOrderAndTheBatches(@ForAll @LongRange(max = 1_000_000) long seed) {
        Random random = new Random(seed);
        List<Histogram> parts = new ArrayList<>();
        Histogram onePerOne = Histogram.EMPTY;
        for (int i = 0; i < 40; i++) {
            double value = Math.exp(4 * random.nextGaussian());
            parts.add(Histogram.ofValues(value, 0));
            onePerOne = onePerOne.with(0).with(value);
        }
        Collections.shuffle(parts, random);

        Histogram sum = Histogram.sum(parts);

        assertThat(sum).isEqualTo(onePerOne).hasSameHashCodeAs(onePerOne);
        assertThat(sum.units()).isEqualTo(80);
        assertThat(sum.minus(parts.get(0)).plus(parts.get(0))).isEqualTo(sum);
        assertThat(Histogram.fromBytes(sum.toBytes())).isEqualTo(sum);
        assertThat(Histogram.of(sum.counts())).isEqualTo(sum);
    }

    @Test
    void knowsItsQuantilesToOnePercent() {
        double[] values = new double[1_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        Histogram histogram = Histogram.ofValues(values);

        assertThat(histogram.quantile(0.5)).isCloseTo(500, within(5.1));
        assertThat(histogram.quantile(0.995)).isCloseTo(995, within(10.1));
        assertThat(histogram.quantile(0)).isCloseTo(1, within(0.011));
        assertThat(histogram.quantile(1)).isCloseTo(1_000, within(10.1));
        assertThat(histogram.moments(Double.POSITIVE_INFINITY).mean()).isCloseTo(500.5, within(1.0));
        assertThat(histogram.moments(100).mean()).isCloseTo(95, within(0.5));
    }

    @ParameterizedTest(name = "counts {0} as nothing")
    @ValueSource(doubles = {0, -0.0, -5, -1e300, 1e-300, Double.MIN_VALUE})
    void countsWhatIsNotPositiveAsNothing(double value) {
        assertThat(LogBins.of(value)).isZero();
    }

    @ParameterizedTest(name = "counts {0} as the most")
    @ValueSource(doubles = {1e15, 1e16, Double.MAX_VALUE})
    void countsHugeValuesAsTheMost(double value) {
        assertThat(LogBins.of(value)).isEqualTo(LogBins.of(LogBins.MOST));
    }

    @ParameterizedTest(name = "refuses {0}")
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNoNumber(double value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Histogram.EMPTY.with(value))
                .withMessage("value must be finite, was " + value);
    }

    @Test
    void refusesToLoseWhatItHasNot() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Histogram.ofValues(1).minus(Histogram.ofValues(1, 1)))
                .withMessageContaining("must not be negative, was -1");
        assertThatIllegalArgumentException().isThrownBy(() -> Histogram.of(Map.of(3, -1L)));
        assertThatIllegalArgumentException().isThrownBy(() -> Histogram.of(Map.of(-3, 1L)));
    }

    @Test
    void refusesBytesOfSomethingElse() {
        for (byte[] bytes :
                List.of(new byte[0], new byte[] {5}, new byte[] {1, 4, 0}, new byte[] {-1, -1, -1, -1, 127})) {
            assertThatIllegalArgumentException().isThrownBy(() -> Histogram.fromBytes(bytes));
        }
        assertThat(Histogram.fromBytes(Histogram.EMPTY.toBytes())).isEqualTo(Histogram.EMPTY);
        assertThatIllegalStateException().isThrownBy(() -> Histogram.EMPTY.quantile(0.5));
    }

    @Test
    void takesAboutTwoBytesForEachBin() {
        Random random = new Random(3);
        double[] revenue = new double[10_000];
        for (int i = 0; i < revenue.length; i++) {
            revenue[i] = Math.exp(3 + random.nextGaussian());
        }
        Histogram histogram = Histogram.ofValues(revenue);

        assertThat(histogram.toBytes().length).isLessThan(3 * histogram.counts().size());
    }
}
