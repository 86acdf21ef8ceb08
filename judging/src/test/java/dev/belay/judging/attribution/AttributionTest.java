// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.judging.attribution.CellCounts.MetricCount;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AttributionTest {
    private static final Attribution.Known KNOWN = new Attribution.Known(1, ComparedPlan.of(Given.inStage(2)));
    private static final double LATER_TREATED = 0.2;
    private static final double NEVER_TREATED = 0.9;
    private static final int HOUR = 3_600;

    private UnitState unit = UnitState.EMPTY;
    private final Map<Cell, CellCounts> cells = new HashMap<>();
    private int bothArms;

    @Test
    void unitOfControlIsInTheBandOfTheStageThatTreatsIt() {
        saw(1, LATER_TREATED, "off", 0);

        assertThat(cells.keySet()).containsExactly(new Cell(1, "rest", "off", 1));
    }

    @Test
    void unitNoStageTreatsNeverLeavesItsCohort() {
        saw(1, NEVER_TREATED, "off", 0);

        assertThat(cells.keySet()).containsExactly(new Cell(1, "rest", "off", ComparedPlan.NEVER));
    }

    @Test
    void repeatedExposureChangesNothing() {
        saw(1, NEVER_TREATED, "off", 0);
        saw(1, NEVER_TREATED, "off", 10);

        assertThat(of(1, "off", ComparedPlan.NEVER).exposed()).isEqualTo(1);
    }

    @Test
    void outcomeBeforeTheExposureDoesNotCount() {
        did("purchase", 5);
        saw(1, NEVER_TREATED, "off", 10);

        assertThat(of(1, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(new MetricCount(1, 0));
    }

    @Test
    void outcomeThatArrivedBeforeItsExposureCounts() {
        did("purchase", 15);
        saw(1, NEVER_TREATED, "off", 10);

        assertThat(of(1, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(new MetricCount(1, 1));
    }

    @Test
    void outcomeAtTheEndOfTheWindowCountsAndOneAfterItDoesNot() {
        saw(1, NEVER_TREATED, "off", 0);
        did("purchase", HOUR + 1);
        assertThat(of(1, "off", ComparedPlan.NEVER).metric("conversion").events())
                .isZero();

        did("purchase", HOUR);
        assertThat(of(1, "off", ComparedPlan.NEVER).metric("conversion").events())
                .isEqualTo(1);
    }

    @Test
    void conversionCountsOnceInTheLatestStratumBeforeIt() {
        saw(1, NEVER_TREATED, "off", 0);
        saw(2, NEVER_TREATED, "off", 100);
        did("purchase", 150);

        assertThat(of(1, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(new MetricCount(1, 0));
        assertThat(of(2, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(new MetricCount(1, 1));
    }

    @Test
    void whoConvertedIsNotAtRiskInLaterStrata() {
        saw(1, NEVER_TREATED, "off", 0);
        did("purchase", 50);
        saw(2, NEVER_TREATED, "off", 100);
        did("purchase", 150);

        assertThat(of(1, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(new MetricCount(1, 1));
        assertThat(of(2, "off", ComparedPlan.NEVER).exposed()).isEqualTo(1);
        assertThat(of(2, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(MetricCount.NONE);
        assertThat(of(2, "off", ComparedPlan.NEVER).metric("errors")).isEqualTo(new MetricCount(1, 0));
    }

    @Test
    void unitSeenInBothArmsOfAStratumIsLeftOutThereAndCounted() {
        saw(1, NEVER_TREATED, "off", 0);
        did("purchase", 1);
        saw(1, NEVER_TREATED, "on", 10);

        assertThat(cells).isEmpty();
        assertThat(bothArms).isEqualTo(1);
    }

    @Test
    void unitThatIsTreatedAfterARaiseIsNotInBothArms() {
        saw(1, LATER_TREATED, "off", 0);
        saw(2, LATER_TREATED, "on", 100);

        assertThat(bothArms).isZero();
        assertThat(of(2, "on", ComparedPlan.NEVER).exposed()).isEqualTo(1);
    }

    @Test
    void exposureOfAnOlderEpochThanTheKnownOneIsIgnored() {
        Attribution.Known newer = new Attribution.Known(2, KNOWN.plan());
        Exposure old = Given.exposure("x", "ann", 1, NEVER_TREATED, "off", 0);

        assertThat(Attribution.onExposure(UnitState.EMPTY, old, flag -> newer, 1)
                        .isChanged())
                .isFalse();
    }

    @Test
    void unitWaitsForAPlanThatIsNotKnownYet() {
        Exposure early = Given.exposure("x", "ann", 1, NEVER_TREATED, "off", 0);
        Attribution waiting = Attribution.onExposure(UnitState.EMPTY, early, flag -> null, 1);

        assertThat(waiting.unit().isWaiting()).isTrue();
        assertThat(waiting.deltas()).isEmpty();
        assertThat(Attribution.onPlans(waiting.unit(), flag -> KNOWN, 2).deltas())
                .hasSize(1);
    }

    @Test
    void outcomesWithoutExposureAreForgottenAfterAnHourAndUnitsAfterEventsExpired() {
        did("purchase", 0);
        UnitState unexposed = unit;
        saw(1, NEVER_TREATED, "off", 0);

        assertThat(Attribution.swept(unexposed, 2 * HOUR * 1000L)).isNull();
        assertThat(Attribution.swept(unit, 2 * HOUR * 1000L)).isNotNull();
        assertThat(Attribution.swept(unit, 9 * 24 * HOUR * 1000L)).isNull();
    }

    @Test
    void unitWithVeryManyOutcomesKeepsTheEarliestAndTheLatestInAnyOrder() {
        List<Integer> seconds = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            seconds.add((i * 73) % 200);
        }
        long[] mixed = {};
        for (int second : seconds) {
            mixed = OutcomeTimes.with(mixed, second);
        }
        long[] sorted = {};
        for (int second = 0; second < 200; second++) {
            sorted = OutcomeTimes.with(sorted, second);
        }

        assertThat(mixed)
                .isEqualTo(sorted)
                .hasSize(2 * OutcomeTimes.KEPT)
                .startsWith(0, 1)
                .endsWith(198, 199);
    }

    private void saw(int allocation, double bucket, String variant, long second) {
        take(Attribution.onExposure(
                unit, Given.exposure("x" + second, "ann", allocation, bucket, variant, second), flag -> KNOWN, 1));
    }

    private void did(String event, long second) {
        Outcome outcome = Given.outcome("o" + second, "ann", event, second);
        take(Attribution.onOutcome(unit, outcome, flag -> KNOWN, 1));
    }

    private void take(Attribution attribution) {
        unit = attribution.unit();
        for (Delta delta : attribution.deltas()) {
            delta.cells().forEach((cell, counts) -> cells.merge(cell, counts, CellCounts::plus));
            bothArms += delta.bothArms();
        }
        cells.values().removeIf(CellCounts::isNone);
    }

    private CellCounts of(int allocation, String variant, int band) {
        return cells.getOrDefault(new Cell(allocation, "rest", variant, band), CellCounts.NONE);
    }
}
