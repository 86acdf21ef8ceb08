// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Json;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Counted;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.DeltaCodec;
import dev.belay.judging.attribution.Given;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.attribution.UnitStateCodec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Limits on numbers of events: windows of event time, no control, everybody treated. */
class CountersTest {
    private static final Plan PLAN = Given.plan(
            List.of(Given.stage("everyone", 100, null)),
            Given.above("crashes", "crashes", 5),
            counter("flag-crashes", Guardrail.Limit.ABOVE, 5, Guardrail.Of.FLAG),
            counter("all-crashes", Guardrail.Limit.ABOVE, 5, Guardrail.Of.PROJECT),
            counter("some-crashes", Guardrail.Limit.BELOW, 2, Guardrail.Of.PROJECT));
    private static final long START = Given.START.getEpochSecond();

    private RolloutTally tally = RolloutTally.start(Given.inStage(PLAN, 0), new CellBook(), Pace.DEFAULT);
    private long second;

    @Test
    void moreEventsThanTheLimitWithinTheWindowAreABreachAlsoWhenEverybodyIsTreated() {
        expose(100);
        happen("crashes/on", 10, 5);
        assertThat(tally.takeNewBreaches()).isEmpty();
        happen("crashes/on", 200, 1);

        assertThat(tally.takeNewBreaches()).hasSize(1);
        Verdict breach = tally.firstBreach().orElseThrow();
        assertThat(breach.guardrail()).isEqualTo("crashes");
        assertThat(breach.sentence()).isEqualTo("6 crash events of treatment within 5 min, limit 5");
        assertThat(breach.treatment().events()).isEqualTo(6);
        assertThat(breach.evidenceAt()).isNotNull();
    }

    @Test
    void eventsSpreadOverMoreThanTheWindowAreNoBreach() {
        for (int minute = 0; minute < 60; minute++) {
            expose(10);
            happen("crashes/on", 60L * minute, 1);
            happen("some-crashes", 60L * minute, 5);
            second += 60;
            tally.onTime(millis(), false);
        }

        assertThat(tally.isBreached()).isFalse();
        assertThat(verdict("crashes").decision()).isEqualTo(Decision.HEALTHY);
    }

    @Test
    void lateEventsCountInTheWindowTheyHappenedIn() {
        expose(100);
        happen("crashes/on", 10, 5);
        second += 330;
        tally.onTime(millis(), false);
        happen("crashes/on", 300, 1);

        assertThat(tally.isBreached()).isTrue();
    }

    @Test
    void nobodyExposedIsNoDataAndNeverHealthy() {
        second += 3_600;
        assertThat(verdict("crashes").reasons()).containsExactly(Reason.NO_DATA);
        expose(5);
        second += 3_600;

        assertThat(verdict("crashes").decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict("crashes").reasons()).containsExactly(Reason.STALE);
    }

    @Test
    void fewerEventsThanWantedAreABreachOnceTheWindowIsClosed() {
        expose(100);
        second += 100;
        expose(100);
        second += 259;
        tally.onTime(millis(), false);
        assertThat(tally.isBreached()).isFalse();
        second += 10;
        tally.onTime(millis(), false);

        assertThat(tally.firstBreach().orElseThrow().guardrail()).isEqualTo("some-crashes");
        assertThat(tally.firstBreach().orElseThrow().sentence())
                .isEqualTo("0 crash events of the project within 5 min, at least 2");
    }

    @Test
    void whatHappenedBeforeTheRolloutIsNotItsDoing() {
        expose(100);
        happen("all-crashes", -20, 500);

        assertThat(tally.isBreached()).isFalse();
    }

    @Test
    void countersThatWereStoredGoOn() {
        expose(100);
        happen("crashes/on", 10, 5);
        CounterBook.State state = Json.read(Json.write(tally.takeChangedCounters()), CounterBook.State.class);
        assertThat(tally.takeChangedCounters()).isNull();
        RolloutTally restored = RolloutTally.restore(tally.rollout(), new CellBook(), tally.head(), Pace.DEFAULT);
        restored.restoreCounters(state);
        tally = restored;
        happen("crashes/on", 20, 1);

        assertThat(tally.isBreached()).isTrue();
    }

    @Test
    void eventsOfAUnitCountFromItsFirstSightOfTheTreatmentInWhateverOrderTheyArrive() {
        UnitState unit = UnitState.EMPTY;
        int counted = 0;
        for (Object event : List.of(
                Given.outcome("o1", "ann", "crash", 5),
                Given.outcome("o2", "ann", "crash", 50),
                Given.exposure("x", "ann", 1, 0.5, "on", 10),
                Given.outcome("o2", "ann", "crash", 50),
                Given.outcome("o3", "ann", "crash", 60),
                Given.exposure("x", "ann", 1, 0.5, "on", 4))) {
            Attribution attribution = event instanceof Outcome outcome
                    ? Attribution.onOutcome(unit, outcome, new Known(), 0)
                    : Attribution.onExposure(unit, (Exposure) event, new Known(), 0);
            unit = UnitStateCodec.read(UnitStateCodec.write(attribution.unit()));
            for (Delta delta : attribution.deltas()) {
                counted += DeltaCodec.read(DeltaCodec.write(delta)).counted().entrySet().stream()
                        .filter(each -> each.getKey().counter().equals("crashes/on"))
                        .mapToInt(Map.Entry::getValue)
                        .sum();
            }
        }

        assertThat(counted).isEqualTo(3);
    }

    @Test
    void outcomesWithoutAUserCountForTheProjectAndForTheFlagTheyAreTaggedWith() {
        assertThat(keys(crash(null, null))).containsExactly("all-crashes", "some-crashes");
        assertThat(keys(crash("new-checkout", "off"))).containsExactly("all-crashes", "flag-crashes", "some-crashes");
        assertThat(keys(crash("new-checkout", "on")))
                .containsExactly("all-crashes", "crashes/on", "flag-crashes", "some-crashes");
        assertThat(keys(crash("another", "on"))).containsExactly("all-crashes", "some-crashes");
    }

    private static List<String> keys(Outcome outcome) {
        return Attribution.onCounters(outcome, new Known()).stream()
                .flatMap(delta -> delta.counted().keySet().stream())
                .map(Counted::counter)
                .sorted()
                .toList();
    }

    private static Outcome crash(String flag, String variant) {
        return new Outcome(
                "o",
                Given.FLAG.project(),
                Given.FLAG.environment(),
                null,
                "crash",
                null,
                Map.of(),
                flag,
                variant,
                Given.START,
                "test");
    }

    private static final class Known implements Attribution.Plans {
        @Override
        public Attribution.Known newest(String flagKey) {
            return new Attribution.Known(1, ComparedPlan.of(Given.inStage(PLAN, 0)), true);
        }

        @Override
        public List<String> counters(String project, String environment, String event) {
            return List.of(Given.FLAG.key());
        }
    }

    private static Guardrail counter(String name, Guardrail.Limit limit, double number, Guardrail.Of of) {
        return new Guardrail(
                name,
                "crashes",
                limit,
                number,
                Duration.ofMinutes(5),
                of,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO);
    }

    private void expose(long units) {
        Cell cell = new Cell(1, "rest", "on", ComparedPlan.NEVER);
        Map<Cell, CellCounts> cells = Map.of(cell, new CellCounts(units, Map.of()));
        tally.onDelta(new Delta(Given.FLAG.key(), 1, cells, Map.of("on", (int) units), 0), millis(), millis());
    }

    private void happen(String counter, long at, int count) {
        Delta delta = Delta.ofEvents(Given.FLAG.key(), 1, Map.of(new Counted(counter, START + at), count));
        tally.onDelta(delta, millis(), millis());
    }

    private long millis() {
        return Given.START.plusSeconds(second).toEpochMilli();
    }

    private Verdict verdict(String guardrail) {
        return tally.verdicts(Instant.ofEpochMilli(millis())).stream()
                .filter(each -> each.guardrail().equals(guardrail))
                .findFirst()
                .orElseThrow();
    }
}
