// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Inputs nobody plans for: they are ordinary, and nothing turns into NaN or an infinity. */
class ExtremeInputsTest {
    private static final long HUGE = 1_000_000_000;
    private static final double[] DROPS = {1e-6, 0.01, 0.2, 0.5, 0.85, 0.99, 0.999999};
    private static final double[] RISES = {1e-6, 0.3, 1, 50, 150, 1e6};

    static Stream<Arguments> blocks() {
        return Stream.of(
                Arguments.of("nothing at all", new Stratum(0, 0, 0, 0)),
                Arguments.of("control only", new Stratum(100, 0, 100, 0)),
                Arguments.of("treatment only", new Stratum(0, 100, 0, 100)),
                Arguments.of("no event", new Stratum(100, 100, 0, 0)),
                Arguments.of("total loss", new Stratum(1000, 1000, 1000, 0)),
                Arguments.of("all treated fail", new Stratum(1000, 1000, 0, 1000)),
                Arguments.of("every unit has an event", new Stratum(1000, 1000, 1000, 1000)),
                Arguments.of("one against ninety-nine", new Stratum(99, 1, 99, 1)),
                Arguments.of("ninety-nine against one", new Stratum(1, 99, 0, 99)),
                Arguments.of("huge and equal", new Stratum(HUGE, HUGE, HUGE / 2, HUGE / 2)),
                Arguments.of("huge total loss", new Stratum(HUGE, HUGE, HUGE, 0)),
                Arguments.of("huge failure", new Stratum(HUGE, HUGE, 0, HUGE)),
                Arguments.of("huge control, one treated", new Stratum(HUGE, 1, 3, 1)),
                Arguments.of("huge control, all events, one treated", new Stratum(HUGE, 1, HUGE, 0)),
                Arguments.of("one control, huge treated", new Stratum(1, HUGE, 1, 0)),
                Arguments.of("one control, huge treated, all events", new Stratum(1, HUGE, 0, HUGE)));
    }

    @ParameterizedTest(name = "stays finite through {0}")
    @MethodSource("blocks")
    void staysFinite(String name, Stratum block) {
        for (RatioTest test : tests()) {
            RatioProcess process = RatioProcess.start(test);
            for (int i = 0; i < 60; i++) {
                Vectors.update(process, block);
                assertFinite(process, name + " in " + test);
                Vectors.update(process, new Stratum(50, 50, 25, 25));
                assertFinite(process, name + " then ordinary in " + test);
            }
        }
    }

    @ParameterizedTest(name = "estimates and bounds {0}")
    @MethodSource("blocks")
    void estimatesAndBounds(String name, Stratum block) {
        List<Stratum> sixtyStages = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            sixtyStages.add(block);
        }
        for (List<Stratum> strata : List.of(List.of(block), sixtyStages)) {
            Interval interval = RatioConfidenceSequence.interval(strata, 0.05);
            MantelHaenszel estimate = MantelHaenszel.of(strata);
            assertThat(interval.lower()).as(name).isNotNaN();
            estimate.ratio().ifPresent(ratio -> assertThat(ratio)
                    .as("%s in %s", name, interval)
                    .isFinite()
                    .isBetween(interval.lower(), interval.upper()));
        }
    }

    @ParameterizedTest(name = "weighs the split of {0}")
    @MethodSource("blocks")
    void weighsTheSplit(String name, Stratum block) {
        for (double share : new double[] {0.01, 0.5, 0.99, 1e-6}) {
            SplitCount split = SplitCount.of(share, block.controlUnits(), block.treatmentUnits());
            assertThat(SampleRatioMismatch.logE(List.of(split))).as(name).isFinite();
        }
    }

    @Test
    void breachesOnTotalLossAndOnNothingElseOfTheExtremes() {
        RatioProcess process =
                RatioProcess.start(RatioTest.of(OutcomeMode.BERNOULLI, Alternatives.harm(Direction.DROP, 0.2, 0)));

        process.update(HUGE, HUGE, HUGE, 0);

        assertThat(process.logE()).isGreaterThan(1e8);
    }

    private static void assertFinite(RatioProcess process, String what) {
        assertThat(process.logE()).as(what).isFinite();
        assertThat(process.logSup()).as(what).isFinite();
        assertThat(process.snapshot().logCapital()).as(what).allSatisfy(capital -> assertThat(capital)
                .isFinite());
    }

    private static List<RatioTest> tests() {
        List<Alternatives> bets = new ArrayList<>();
        for (double threshold : DROPS) {
            bets.addAll(betsOn(Direction.DROP, threshold));
        }
        for (double threshold : RISES) {
            bets.addAll(betsOn(Direction.RISE, threshold));
        }
        return Stream.of(OutcomeMode.values())
                .flatMap(mode -> bets.stream().map(bet -> RatioTest.of(mode, bet)))
                .toList();
    }

    private static List<Alternatives> betsOn(Direction direction, double threshold) {
        double margin = threshold < 150 ? Sensitivity.TOLERANT.margin(threshold) : 0;
        return List.of(
                Alternatives.harm(direction, threshold, 0),
                Alternatives.harm(direction, threshold, margin),
                Alternatives.healthy(direction, threshold));
    }
}
