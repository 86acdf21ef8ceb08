// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.belay.contracts.Json;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.DeltaCodec;
import dev.belay.judging.attribution.Given;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.attribution.UnitStateCodec;
import dev.belay.judging.judge.RolloutJudge;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Means and quantiles of values, from events to verdicts. */
class ValuesTest {
    private static final Plan REVENUE =
            Given.plan(List.of(Given.stage("half", 50, null)), Given.falls("revenue", "revenue", 0.2));
    private static final Plan LATENCY =
            Given.plan(List.of(Given.stage("half", 50, null)), Given.rises("latency", "latency", 0.15));

    private final Map<String, UnitState> units = new HashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private Plan plan = REVENUE;
    private RolloutTally tally = RolloutTally.start(Given.inStage(REVENUE, 0), new CellBook(), Pace.DEFAULT);
    private long second;

    @Test
    void meanThatFallsIsABreachOnceTheUnitsWindowsAreOver() {
        buy(20_000, 1, 0.5, 40);

        Verdict breach = tally.firstBreach().orElseThrow();
        assertThat(breach.guardrail()).isEqualTo("revenue");
        assertThat(breach.estimate().ratio()).isBetween(0.2, 0.8);
        assertThat(breach.treatment().exposed()).isLessThan(5_000);
    }

    @Test
    void sameMeanIsHealthyAndNoBreach() {
        buy(30_000, 1, 1, 40);

        assertThat(tally.isBreached()).isFalse();
        assertThat(verdict("revenue").decision()).isEqualTo(Decision.HEALTHY);
    }

    @Test
    void nobodyBuyingAnythingProvesNothing() {
        buy(6_000, 0, 1, 40);

        assertThat(tally.isBreached()).isFalse();
        assertThat(verdict("revenue").decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(evidence("revenue").control().exposed()).isGreaterThan(1_000);
    }

    @Test
    void unitsAreNotBetOnBeforeTheirWindowIsOver() {
        for (int i = 0; i < 1_000; i++) {
            see("u" + i, i % 2 == 0);
        }
        second += 60;
        tick();
        assertThat(evidence("revenue").control().exposed()).isZero();
        second += 600;
        tick();

        assertThat(evidence("revenue").control().exposed()).isEqualTo(500);
    }

    @Test
    void quantileThatRisesIsABreachAndTheSameIsHealthy() {
        given(LATENCY);
        respond(30_000, 1.3);
        assertThat(tally.firstBreach().orElseThrow().estimate().ratio()).isGreaterThan(1.1);

        given(LATENCY);
        respond(30_000, 1);
        assertThat(tally.isBreached()).isFalse();
        assertThat(verdict("latency").decision()).isEqualTo(Decision.HEALTHY);
    }

    @Test
    void blocksAloneGiveTheSameEvidenceAndAStoredTallyGoesOn() {
        buy(3_000, 1, 0.9, 40);
        RolloutJudge judge = RolloutJudge.start(REVENUE);
        blocks.forEach(block -> judge.apply(Json.read(Json.write(block), Block.class)));
        assertThat(judge.snapshot()).isEqualTo(tally.head().judge());
        CellBook book = new CellBook();
        tally.book().takeChanges().forEach(key -> book.restore(key, tally.book().value(key)));
        RolloutTally.Head head = Json.read(Json.write(tally.head()), RolloutTally.Head.class);
        RolloutTally restored = RolloutTally.restore(tally.rollout(), book, head, Pace.DEFAULT);
        second += 3_600;
        tick();
        restored.onTime(millis(), true);

        assertThat(restored.evidence(Given.START)).isEqualTo(tally.evidence(Given.START));
    }

    @Test
    void orderAndRepetitionOfAUnitsEventsDoNotMatterForItsValue() {
        Exposure exposure = exposure("ann", true, 0);
        Outcome first = purchase("ann", 10, 5);
        Outcome second = purchase("ann", 20, 7);
        Outcome late = purchase("ann", 10_000, 100);

        assertThat(sum(exposure, first, second, late))
                .isEqualTo(sum(late, second, first, exposure, first, second))
                .isEqualTo(sum(second, exposure, first, exposure, late, late));
    }

    private Map<Object, Long> sum(Object... events) {
        Map<Object, Long> sum = new HashMap<>();
        UnitState unit = UnitState.EMPTY;
        for (Object event : events) {
            Attribution attribution = attribute(unit, event);
            unit = UnitStateCodec.read(UnitStateCodec.write(attribution.unit()));
            attribution.deltas().forEach(delta -> DeltaCodec.read(DeltaCodec.write(delta))
                    .cells()
                    .forEach((cell, counts) ->
                            counts.values().forEach((key, count) -> sum.merge(key, count, Long::sum))));
        }
        sum.values().removeIf(count -> count == 0);
        assertThat(sum).hasSize(1);
        return sum;
    }

    private void given(Plan other) {
        plan = other;
        tally = RolloutTally.start(Given.inStage(other, 0), new CellBook(), Pace.DEFAULT);
        units.clear();
    }

    /** Every tenth unit buys for about {@code amount}, of the treated for {@code effect} times that. */
    private void buy(int count, double share, double effect, double amount) {
        SplittableRandom random = new SplittableRandom(count);
        for (int i = 0; i < count && !tally.isBreached(); i++) {
            boolean treated = random.nextBoolean();
            String unit = "b" + second + "-" + i;
            see(unit, treated);
            if (random.nextDouble() < 0.3 * share) {
                take(purchase(unit, second, amount * (0.5 + random.nextDouble()) * (treated ? effect : 1)));
            }
            second += i % 4 == 0 ? 1 : 0;
            if (i % 40 == 0) {
                tick();
            }
        }
        if (!tally.isBreached()) {
            second += 700;
            tick();
            see("last" + second, true);
            see("last-too" + second, false);
            tick();
        }
    }

    private void respond(int count, double effect) {
        SplittableRandom random = new SplittableRandom(count);
        for (int i = 0; i < count && !tally.isBreached(); i++) {
            boolean treated = random.nextBoolean();
            String unit = "r" + second + "-" + i;
            see(unit, treated);
            double millis = 100 * Math.exp(0.5 * (random.nextDouble() + random.nextDouble() + random.nextDouble()));
            take(event("latency-ms", unit, second, millis * (treated ? effect : 1)));
            second += i % 4 == 0 ? 1 : 0;
            if (i % 40 == 0) {
                tick();
            }
        }
    }

    private void see(String unit, boolean treated) {
        take(exposure(unit, treated, second));
    }

    private static Exposure exposure(String unit, boolean treated, long at) {
        return Given.exposure("x", unit, 1, treated ? 0.1 : 0.9, treated ? "on" : "off", at);
    }

    private static Outcome purchase(String unit, long at, double value) {
        return event("purchase", unit, at, value);
    }

    private static Outcome event(String name, String unit, long at, double value) {
        Outcome outcome = Given.outcome("o", unit, name, at);
        return new Outcome(
                outcome.id(),
                outcome.project(),
                outcome.environment(),
                outcome.unit(),
                outcome.event(),
                value,
                Map.of(),
                null,
                null,
                outcome.at(),
                outcome.source());
    }

    private void take(Object event) {
        String key = event instanceof Exposure exposure ? exposure.recordKey() : ((Outcome) event).recordKey();
        Attribution attribution = attribute(units.getOrDefault(key, UnitState.EMPTY), event);
        units.put(key, attribution.unit());
        for (Delta delta : attribution.deltas()) {
            blocks.addAll(tally.onDelta(delta, millis(), millis()));
        }
    }

    private Attribution attribute(UnitState unit, Object event) {
        Attribution.Plans plans = flag -> new Attribution.Known(1, ComparedPlan.of(Given.inStage(plan, 0)), true);
        return event instanceof Exposure exposure
                ? Attribution.onExposure(unit, exposure, plans, millis())
                : Attribution.onOutcome(unit, (Outcome) event, plans, millis());
    }

    private void tick() {
        blocks.addAll(tally.onTime(millis(), true));
    }

    private long millis() {
        return Given.START.plus(Duration.ofSeconds(second)).toEpochMilli();
    }

    private Verdict verdict(String guardrail) {
        return tally.verdicts(Instant.ofEpochMilli(millis())).stream()
                .filter(each -> each.guardrail().equals(guardrail))
                .findFirst()
                .orElseThrow();
    }

    private Evidence evidence(String guardrail) {
        return tally.evidence(Given.START).stream()
                .filter(each -> each.guardrail().equals(guardrail))
                .findFirst()
                .orElseThrow();
    }
}
