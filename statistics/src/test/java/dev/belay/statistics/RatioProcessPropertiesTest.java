// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What must hold for every stream of blocks, not only for the recorded ones. */
class RatioProcessPropertiesTest {

    @Property(tries = 300)
    void neverExpectsToGainWhileTheNullHolds(
            @ForAll Direction direction,
            @ForAll OutcomeMode mode,
            @ForAll boolean isHarm,
            @ForAll @DoubleRange(min = 0.05, max = 0.9) double threshold,
            @ForAll @DoubleRange(min = 0, max = 1) double marginShare,
            @ForAll @IntRange(min = 1, max = 7) int control,
            @ForAll @IntRange(min = 1, max = 7) int treatment,
            @ForAll @DoubleRange(min = 0, max = 1) double rate,
            @ForAll @DoubleRange(min = 0, max = 1) double slack,
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        double margin = marginShare * threshold / 2;
        Alternatives bets =
                isHarm ? Alternatives.harm(direction, threshold, margin) : Alternatives.healthy(direction, threshold);
        RatioTest test = RatioTest.of(mode, bets);
        RatioState before = stateAfter(test, randomBlocks(seed, 5));
        double[] rates = nullPoint(bets, rate, slack);

        double expected = 0;
        for (int sC = 0; sC <= control; sC++) {
            for (int sT = 0; sT <= treatment; sT++) {
                RatioProcess process = RatioProcess.restore(test, before);
                double start = process.logE();
                process.update(control, treatment, sC, sT);
                double chance = binomial(control, sC, rates[0]) * binomial(treatment, sT, rates[1]);
                expected += chance * Math.exp(process.logE() - start);
            }
        }

        assertThat(expected).isLessThanOrEqualTo(1 + 1e-11);
    }

    /** A point of the null: on its edge with slack 0, the further inside the larger the slack. */
    private static double[] nullPoint(Alternatives bets, double rate, double slack) {
        double rho = bets.nullRatio();
        boolean isDrop = bets.ratios().get(0) < rho;
        double control = rho > 1 ? rate / rho : rate;
        double edge = Math.min(1, rho * control);
        double treatment = isDrop ? edge + slack * (1 - edge) : edge * (1 - slack);
        return new double[] {control, treatment};
    }

    private static double binomial(int n, int k, double p) {
        double chance = 1;
        for (int i = 0; i < k; i++) {
            chance *= (double) (n - i) / (k - i);
        }
        return chance * Math.pow(p, k) * Math.pow(1 - p, n - k);
    }

    @Property(tries = 100)
    void ignoresTheOrderOfEventsWithinABlock(
            @ForAll Direction direction, @ForAll OutcomeMode mode, @ForAll @LongRange(max = 1_000_000) long seed) {
        List<Stratum> units = unitsOfABlock(seed);
        List<Stratum> shuffled = new ArrayList<>(units);
        Collections.shuffle(shuffled, new Random(seed + 1));
        RatioTest test = harmTest(direction, mode, 0.3);

        assertThat(stateAfter(test, List.of(sum(units)))).isEqualTo(stateAfter(test, List.of(sum(shuffled))));
    }

    @Property(tries = 200)
    void losesNothingWhenAnArrivalBlockIsSplit(
            @ForAll Direction direction,
            @ForAll @LongRange(min = 1, max = 1_000_000_000) long control,
            @ForAll @LongRange(min = 1, max = 1_000_000_000) long treatment,
            @ForAll @IntRange(max = 500) int first,
            @ForAll @IntRange(max = 500) int second) {
        RatioProcess whole = RatioProcess.start(harmTest(direction, OutcomeMode.ARRIVAL, 0.3));
        RatioProcess parts = RatioProcess.start(whole.test());

        whole.update(control, treatment, first, second);
        parts.update(control, treatment, first, 0);
        parts.update(control, treatment, 0, second);

        assertThat(parts.logE()).isCloseTo(whole.logE(), within(1e-9 * Math.max(1, Math.abs(whole.logE()))));
    }

    /** In BERNOULLI mode the split moves only the guess of the base rate, which a long history has settled. */
    @Property(tries = 200)
    void losesLittleWhenABernoulliBlockIsSplitAfterALongHistory(
            @ForAll Direction direction,
            @ForAll @IntRange(min = 1, max = 500) int control,
            @ForAll @IntRange(min = 1, max = 500) int treatment,
            @ForAll @DoubleRange(min = 0, max = 0.3) double controlRate,
            @ForAll @DoubleRange(min = 0, max = 0.3) double treatmentRate) {
        RatioProcess whole = RatioProcess.start(harmTest(direction, OutcomeMode.BERNOULLI, 0.3));
        whole.update(5_000_000, 5_000_000, 500_000, 500_000);
        RatioProcess parts = RatioProcess.restore(whole.test(), whole.snapshot());
        long sC = (long) (control * controlRate);
        long sT = (long) (treatment * treatmentRate);

        whole.update(2L * control, 2L * treatment, 2 * sC, 2 * sT);
        parts.update(control, treatment, sC, sT);
        parts.update(control, treatment, sC, sT);

        assertThat(parts.logE()).isCloseTo(whole.logE(), within(0.02));
    }

    @Property(tries = 200)
    void neverBreachesWithoutAnyEvent(
            @ForAll Direction direction,
            @ForAll OutcomeMode mode,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double threshold,
            @ForAll @IntRange(min = 1, max = 60) int blocks,
            @ForAll @LongRange(min = 1, max = 1_000_000_000) long control,
            @ForAll @LongRange(min = 1, max = 1_000_000_000) long treatment) {
        RatioProcess process = RatioProcess.start(harmTest(direction, mode, threshold));
        Gate gate = new Gate(direction, threshold);

        for (int i = 0; i < blocks; i++) {
            process.update(control, treatment, 0, 0);
        }

        boolean isOpen =
                gate.isOpen(MantelHaenszel.of(List.of(new Stratum(blocks * control, blocks * treatment, 0, 0))));
        assertThat(isOpen).isFalse();
        assertThat(process.logSup()).isLessThanOrEqualTo(1e-9);
        assertThat(Combination.of(List.of(Member.of(1, process, true)), 0.05).breach())
                .isFalse();
        if (mode == OutcomeMode.ARRIVAL) {
            assertThat(process.logE()).isCloseTo(0, within(1e-12));
        }
    }

    @Property(tries = 200)
    void seesTheSameInSwappedArmsAndInvertedRatios(
            @ForAll Direction direction,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double threshold,
            @ForAll @LongRange(max = 1_000_000) long seed) {
        Alternatives bets = Alternatives.harm(direction, threshold, 0);
        List<Double> inverted = bets.ratios().stream().map(ratio -> 1 / ratio).toList();
        RatioProcess straight = RatioProcess.start(RatioTest.of(OutcomeMode.ARRIVAL, bets));
        RatioProcess swapped =
                RatioProcess.start(RatioTest.of(OutcomeMode.ARRIVAL, new Alternatives(1, inverted, bets.weights())));

        for (Stratum block : randomBlocks(seed, 20)) {
            Vectors.update(straight, block);
            swapped.update(
                    block.treatmentUnits(), block.controlUnits(), block.treatmentEvents(), block.controlEvents());
        }

        assertThat(swapped.logE()).isCloseTo(straight.logE(), within(1e-9 * Math.max(1, Math.abs(straight.logE()))));
    }

    @Property(tries = 100)
    void arrivesAtTheSameBitsAfterAnyCrashAndReplay(
            @ForAll Direction direction,
            @ForAll OutcomeMode mode,
            @ForAll @IntRange(max = 29) int crashAt,
            @ForAll @LongRange(max = 1_000_000) long seed) {
        List<Stratum> blocks = randomBlocks(seed, 30);
        RatioTest test = harmTest(direction, mode, 0.3);
        RatioState undisturbed = stateAfter(test, blocks);

        RatioState stored = stateAfter(test, blocks.subList(0, crashAt));
        RatioProcess lost = RatioProcess.restore(test, stored);
        blocks.subList(crashAt, blocks.size()).forEach(block -> Vectors.update(lost, block));
        RatioProcess replayed = RatioProcess.restore(test, stored);
        for (Stratum block : blocks.subList(crashAt, blocks.size())) {
            Vectors.update(replayed, block);
            replayed = RatioProcess.restore(test, replayed.snapshot());
        }

        assertThat(lost.snapshot()).isEqualTo(undisturbed);
        assertThat(replayed.snapshot()).isEqualTo(undisturbed);
        assertThat(Double.doubleToRawLongBits(replayed.logE())).isEqualTo(Double.doubleToRawLongBits(lost.logE()));
    }

    private static RatioTest harmTest(Direction direction, OutcomeMode mode, double threshold) {
        return RatioTest.of(mode, Alternatives.harm(direction, threshold, 0));
    }

    private static RatioState stateAfter(RatioTest test, List<Stratum> blocks) {
        RatioProcess process = RatioProcess.start(test);
        blocks.forEach(block -> Vectors.update(process, block));
        return process.snapshot();
    }

    private static List<Stratum> randomBlocks(long seed, int count) {
        Random random = new Random(seed);
        List<Stratum> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int control = random.nextInt(300);
            int treatment = random.nextInt(60);
            blocks.add(new Stratum(control, treatment, random.nextInt(control + 1), random.nextInt(treatment + 1)));
        }
        return blocks;
    }

    private static List<Stratum> unitsOfABlock(long seed) {
        Random random = new Random(seed);
        List<Stratum> units = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int event = random.nextInt(2);
            units.add(random.nextBoolean() ? new Stratum(1, 0, event, 0) : new Stratum(0, 1, 0, event));
        }
        return units;
    }

    private static Stratum sum(List<Stratum> parts) {
        return parts.stream().reduce(Stratum.EMPTY, Stratum::plus);
    }
}
