// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class ChangeDetectorTest {
    private static final RatioTest TEST = ChangeDetector.test(OutcomeMode.BERNOULLI, Direction.DROP, 0.2, 0.95);

    @Test
    void alarmsSeldomerThanItsLimitWhileNothingChanges() {
        double limit = Math.log(100);
        Random random = new Random(51);
        ChangeDetector detector = ChangeDetector.start(TEST);
        int blocks = 10_000;
        int alarms = 0;
        for (int block = 0; block < blocks; block++) {
            update(detector, random, 0.095);
            if (detector.isAlarm(limit)) {
                alarms++;
                detector.reset();
            }
        }

        assertThat(alarms).isLessThan(blocks / 100);
    }

    @Test
    void alarmsSoonAfterAChange() {
        double limit = Math.log(1_000);
        Random random = new Random(52);
        ChangeDetector detector = ChangeDetector.start(TEST);
        for (int block = 0; block < 300; block++) {
            update(detector, random, 0.1);
            if (detector.isAlarm(limit)) {
                detector.reset();
            }
        }
        int delay = 0;
        while (!detector.isAlarm(limit)) {
            update(detector, random, 0.05);
            delay++;
        }

        assertThat(delay).isLessThan(25);
        assertThat(detector.blocks()).isEqualTo(300 + delay);
        detector.reset();
        assertThat(detector.logM()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(detector.isAlarm(limit)).isFalse();
    }

    private static void update(ChangeDetector detector, Random random, double treatedRate) {
        detector.update(100, 100, events(random, 0.1), events(random, treatedRate));
    }

    private static int events(Random random, double rate) {
        int events = 0;
        for (int i = 0; i < 100; i++) {
            events += random.nextDouble() < rate ? 1 : 0;
        }
        return events;
    }

    @Test
    void doesNotTakeAnEmptyArmForABlock() {
        ChangeDetector detector = ChangeDetector.start(TEST);

        detector.update(100, 0, 5, 0);
        detector.update(0, 100, 0, 100);

        assertThat(detector.blocks()).isZero();
        assertThat(detector.logM()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(ChangeDetector.restore(TEST, detector.snapshot()).snapshot()).isEqualTo(detector.snapshot());
    }

    @Test
    void changesNothingWhenABlockIsRefused() {
        ChangeDetector detector = ChangeDetector.start(TEST);
        detector.update(100, 100, 5, 5);
        ChangeState before = detector.snapshot();

        assertThatIllegalArgumentException().isThrownBy(() -> detector.update(100, 100, 5, 101));

        assertThat(detector.snapshot()).isEqualTo(before);
    }

    @Test
    void alarmsFalselyOncePerMonthOfAllSegments() {
        // A block a minute: 43,200 in thirty days, and ten segments.
        assertThat(ChangeDetector.logLimit(30, 60, 10)).isCloseTo(Math.log(432_000), within(1e-12));
    }

    @Test
    void movesTheBetsToWhatIsUsual() {
        RatioTest test = ChangeDetector.test(OutcomeMode.ARRIVAL, Direction.RISE, 0.3, 2);

        assertThat(test.alternatives().nullRatio()).isEqualTo(2);
        assertThat(test.alternatives().ratios().get(0)).isCloseTo(2 * 1.345, within(1e-9));
    }

    @Test
    void namesTheSegmentThatDiffers() {
        List<Stratum> unchanged = List.of(new Stratum(10_000, 10_000, 3_000, 3_000));
        Map<String, List<Stratum>> segments = Map.of(
                "UK",
                List.of(new Stratum(10_000, 10_000, 3_000, 2_100)),
                "IN",
                unchanged,
                "US",
                unchanged,
                "DE",
                unchanged,
                "FR",
                unchanged);

        assertThat(Heterogeneity.of(segments, 0.05).stream()
                        .filter(Heterogeneity.Comparison::isDifferent)
                        .map(Heterogeneity.Comparison::segment))
                .containsExactly("UK");
        assertThat(Heterogeneity.of(Map.of("all", List.of()), 0.05)).isEmpty();
    }

    @Test
    void callsNobodyDifferentWhoIsNotKnown() {
        Map<String, List<Stratum>> segments =
                Map.of("UK", List.of(), "US", List.of(new Stratum(20_000, 20_000, 3_000, 3_100)));

        assertThat(Heterogeneity.of(segments, 0.05)).noneMatch(Heterogeneity.Comparison::isDifferent);
    }

    @Test
    void reportsNothingAmongNothing() {
        assertThat(FalseDiscoveries.reported(List.of(), 0.05)).isEmpty();
        assertThat(FalseDiscoveries.reported(List.of(Double.NEGATIVE_INFINITY, 700.0), 0.05))
                .containsExactly(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FalseDiscoveries.reported(List.of(Double.NaN), 0.05))
                .withMessage("logE must be a number below infinity, was NaN");
    }
}
