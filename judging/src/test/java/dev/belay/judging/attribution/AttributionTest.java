// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.judging.attribution.CellCounts.MetricCount;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AttributionTest {
    private static final Attribution.Known KNOWN = new Attribution.Known(1, ComparedPlan.of(Given.inStage(2)), true);
    private static final double LATER_TREATED = 0.2;
    private static final double NEVER_TREATED = 0.9;
    private static final int HOUR = 3_600;
    private static final int DAY = 24 * HOUR;

    private UnitState unit = UnitState.EMPTY;
    private final Map<Cell, CellCounts> cells = new HashMap<>();
    private int bothArms;
    private Attribution.Known known = KNOWN;
    private String countedNames = "";

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
        Attribution.Known newer = new Attribution.Known(2, KNOWN.plan(), true);
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
        assertThat(Attribution.onPlans(waiting.unit(), flag -> KNOWN).deltas()).hasSize(1);
    }

    @Test
    void outcomesWithoutExposureAreForgottenAfterAnHour() {
        did("purchase", 0);

        assertThat(sweptAt(HOUR - 1)).isSameAs(unit);
        assertThat(sweptAt(HOUR + 1)).isNull();
    }

    @Test
    void unitOfALiveRolloutIsKeptForAsLongAsItLives() {
        saw(1, NEVER_TREATED, "off", 0);
        did("purchase", 10);
        unit = Objects.requireNonNull(sweptAt(30 * DAY));
        saw(1, NEVER_TREATED, "off", 30 * DAY);
        did("purchase", 30 * DAY + 10);

        assertThat(of(1, "off", ComparedPlan.NEVER)).isEqualTo(units(1, new MetricCount(1, 1), new MetricCount(1, 0)));
    }

    @Test
    void unitOfARolloutThatIsOverIsForgottenWhenItsEventsHaveExpired() {
        saw(1, NEVER_TREATED, "off", 0);
        known = new Attribution.Known(1, KNOWN.plan(), false);

        assertThat(sweptAt(7 * DAY)).isSameAs(unit);
        assertThat(sweptAt(9 * DAY)).isNull();
    }

    @Test
    void unitOfAnOlderEpochIsForgottenAtOnce() {
        saw(1, NEVER_TREATED, "off", 0);
        known = new Attribution.Known(2, KNOWN.plan(), true);

        assertThat(sweptAt(2 * HOUR)).isNull();
    }

    @Test
    void forgettingTakesNothingThatCounts() {
        for (int second = 0; second < 100; second++) {
            did("error", second);
            did("unrelated", second);
        }
        saw(1, NEVER_TREATED, "off", 200);
        did("error", 300);
        int before = unit.outcomes().get("error").length;
        unit = Objects.requireNonNull(sweptAt(2 * HOUR));

        assertThat(unit.outcomes().get("error")).hasSize(1).hasSizeLessThan(before);
        assertThat(unit.outcomes()).containsOnlyKeys("error");
        did("error", 3 * HOUR);
        assertThat(of(1, "off", ComparedPlan.NEVER).metric("errors")).isEqualTo(new MetricCount(1, 1));
    }

    @Test
    void namesOfOutcomesThatNobodyCountsAreLimited() {
        countedNames = "purchase";
        for (int i = 0; i < 2 * Attribution.NAMES_KEPT; i++) {
            did("page-" + i, i);
        }
        did("purchase", 1_000);

        assertThat(unit.outcomes()).hasSize(Attribution.NAMES_KEPT + 1).containsKey("purchase");
    }

    @Test
    void textsAndTimesThatCannotBeKeptAreRefused() {
        Exposure far = Given.exposureAt(Instant.MAX);
        Outcome endless = Given.outcome("o", "ann", "x".repeat(70_000), 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Attribution.onExposure(unit, far, plans(), 1))
                .withMessageStartingWith("at must lie within");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Attribution.onOutcome(unit, endless, plans(), 1))
                .withMessage("event must have at most 1000 characters, was 70000");
    }

    @Test
    void outcomeWhilePlansAreNotKnownAnyMoreCountsAsSoonAsTheyAreAgain() {
        saw(1, NEVER_TREATED, "off", 0);
        Attribution.Known before = known;
        known = null;
        did("purchase", 10);
        saw(2, NEVER_TREATED, "off", 20);
        assertThat(unit.isWaiting()).isTrue();
        assertThat(of(1, "off", ComparedPlan.NEVER).metric("conversion").events())
                .isZero();

        known = before;
        take(Attribution.onPlans(unit, plans()));
        assertThat(of(1, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(new MetricCount(1, 1));
        assertThat(of(2, "off", ComparedPlan.NEVER).exposed()).isEqualTo(1);
        assertThat(unit.isWaiting()).isFalse();
    }

    @Test
    void earlierExposureThatArrivesLaterTakesTheConversionWithIt() {
        saw(2, NEVER_TREATED, "off", 100);
        did("purchase", 50);
        did("purchase", 150);
        assertThat(of(2, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(new MetricCount(1, 1));

        saw(1, NEVER_TREATED, "off", 0);
        assertThat(of(1, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(new MetricCount(1, 1));
        assertThat(of(2, "off", ComparedPlan.NEVER).metric("conversion")).isEqualTo(MetricCount.NONE);
    }

    @Test
    void bucketThatIsLearntLaterMovesTheUnitToItsBand() {
        saw(1, null, "off", 0);
        assertThat(cells.keySet()).containsExactly(new Cell(1, "rest", "off", ComparedPlan.NEVER));

        saw(1, LATER_TREATED, "off", 10);
        assertThat(cells.keySet()).containsExactly(new Cell(1, "rest", "off", 1));
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

    private void saw(int allocation, Double bucket, String variant, long second) {
        Exposure exposure = Given.exposure("x" + second, "ann", allocation, bucket, variant, second);
        take(Attribution.onExposure(unit, exposure, plans(), millis(second)));
    }

    private void did(String event, long second) {
        Outcome outcome = Given.outcome("o" + second, "ann", event, second);
        take(Attribution.onOutcome(unit, outcome, plans(), millis(second)));
    }

    private UnitState sweptAt(long second) {
        return Attribution.swept(unit, plans(), millis(second));
    }

    private Attribution.Plans plans() {
        return new Attribution.Plans() {
            @Override
            public Attribution.Known newest(String flagKey) {
                return known;
            }

            @Override
            public boolean count(String event) {
                return event.equals(countedNames);
            }
        };
    }

    private static long millis(long second) {
        return Given.START.toEpochMilli() + 1_000 * second;
    }

    private static CellCounts units(long exposed, MetricCount conversion, MetricCount errors) {
        return new CellCounts(exposed, Map.of("conversion", conversion, "errors", errors));
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
