// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/** Counts are a function of the set of events. */
class AttributionPropertiesTest {
    private static final Attribution.Known KNOWN = new Attribution.Known(1, ComparedPlan.of(Given.inStage(2)), true);
    private static final int SECONDS = 9_000;

    private record Totals(Map<Cell, CellCounts> cells, Map<String, Integer> treated, int bothArms) {}

    @Property(tries = 2_000)
    void orderDuplicatesAndReplaysDoNotMatter(@ForAll("events") List<Object> events, @ForAll long seed) {
        Random random = new Random(seed);
        List<Object> delivered = new ArrayList<>(events);
        events.stream().filter(event -> random.nextBoolean()).forEach(delivered::add);
        Collections.shuffle(delivered, random);

        assertThat(totals(delivered, 0)).isEqualTo(totals(events, 0));
    }

    @Property(tries = 1_000)
    void planThatBecomesKnownLateDoesNotMatter(@ForAll("events") List<Object> events, @ForAll("sizes") int knownAfter) {
        assertThat(totals(events, Math.min(knownAfter, events.size()))).isEqualTo(totals(events, 0));
    }

    @Property(tries = 2_000)
    void plansThatAreForgottenAtRestartsDoNotMatter(@ForAll("events") List<Object> events, @ForAll long seed) {
        Random random = new Random(seed);
        UnitState unit = UnitState.EMPTY;
        List<Delta> deltas = new ArrayList<>();
        for (Object event : events) {
            boolean known = random.nextBoolean();
            List<Attribution> steps = new ArrayList<>();
            steps.add(apply(unit, event, flag -> known ? KNOWN : null));
            steps.add(Attribution.onPlans(steps.get(0).unit(), flag -> random.nextBoolean() ? KNOWN : null));
            steps.forEach(step -> deltas.addAll(step.deltas()));
            unit = UnitStateCodec.read(UnitStateCodec.write(steps.get(1).unit()));
        }
        deltas.addAll(Attribution.onPlans(unit, flag -> KNOWN).deltas());

        assertThat(sum(deltas)).isEqualTo(totals(events, 0));
    }

    @Property(tries = 1_000)
    void sweepingBetweenEventsInOrderDoesNotMatter(@ForAll("events") List<Object> events, @ForAll long seed) {
        Random random = new Random(seed);
        List<Object> ordered = new ArrayList<>(events);
        ordered.sort(Comparator.comparing(AttributionPropertiesTest::at).thenComparing(Outcome.class::isInstance));
        UnitState unit = UnitState.EMPTY;
        List<Delta> deltas = new ArrayList<>();
        for (Object event : ordered) {
            Attribution attribution = apply(unit, event, flag -> KNOWN);
            deltas.addAll(attribution.deltas());
            UnitState touched = attribution.unit();
            long now = at(event).plusSeconds(3_601).toEpochMilli();
            UnitState left = random.nextBoolean() ? Attribution.swept(touched, flag -> KNOWN, now) : touched;
            unit = left == null ? UnitState.EMPTY : left;
        }

        assertThat(sum(deltas)).isEqualTo(totals(events, 0));
    }

    @Property(tries = 1_000)
    void storingAUnitBetweenEventsDoesNotMatter(@ForAll("events") List<Object> events) {
        UnitState unit = UnitState.EMPTY;
        UnitState stored = UnitState.EMPTY;
        for (Object event : events) {
            unit = apply(unit, event, flag -> KNOWN).unit();
            stored = UnitStateCodec.read(
                    UnitStateCodec.write(apply(stored, event, flag -> KNOWN).unit()));
        }

        assertThat(UnitStateCodec.write(stored)).isEqualTo(UnitStateCodec.write(unit));
    }

    @Property(tries = 1_000)
    void noUnitIsCountedTwiceForAMetric(@ForAll("events") List<Object> events) {
        for (String metric : List.of("conversion", "errors")) {
            long counted = totals(events, 0).cells().values().stream()
                    .mapToLong(counts -> counts.metric(metric).events())
                    .sum();
            assertThat(counted).isBetween(0L, 1L);
        }
    }

    @Property(tries = 1_000)
    void deltasSurviveTheWayBetweenTheHalves(@ForAll("events") List<Object> events) {
        UnitState unit = UnitState.EMPTY;
        for (Object event : events) {
            Attribution attribution = apply(unit, event, flag -> KNOWN);
            unit = attribution.unit();
            attribution.deltas().forEach(delta -> assertThat(DeltaCodec.read(DeltaCodec.write(delta)))
                    .isEqualTo(delta));
        }
    }

    @Provide
    Arbitrary<List<Object>> events() {
        Arbitrary<Object> exposures = Combinators.combine(
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(true, true, true, true, false),
                        Arbitraries.of(0.2, 0.2, 0.2, null),
                        Arbitraries.integers().between(0, SECONDS))
                .as((allocation, expected, bucket, second) -> {
                    boolean treated = (allocation > 1) == expected;
                    return Given.exposure("x", "ann", allocation, bucket, treated ? "on" : "off", second);
                });
        Arbitrary<Object> outcomes = Combinators.combine(
                        Arbitraries.of("purchase", "error", "unrelated"),
                        Arbitraries.integers().between(0, SECONDS))
                .as((event, second) -> Given.outcome("o", "ann", event, second));
        return Arbitraries.oneOf(exposures, outcomes).list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.integers().between(0, 12);
    }

    private static Totals totals(List<Object> events, int unknownBefore) {
        UnitState unit = UnitState.EMPTY;
        List<Delta> deltas = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            boolean known = i >= unknownBefore;
            Attribution attribution = apply(unit, events.get(i), flag -> known ? KNOWN : null);
            unit = attribution.unit();
            deltas.addAll(attribution.deltas());
        }
        deltas.addAll(Attribution.onPlans(unit, flag -> KNOWN).deltas());
        return sum(deltas);
    }

    private static Instant at(Object event) {
        return event instanceof Exposure exposure ? exposure.at() : ((Outcome) event).at();
    }

    private static Attribution apply(UnitState unit, Object event, Attribution.Plans plans) {
        return event instanceof Exposure exposure
                ? Attribution.onExposure(unit, exposure, plans, at(event).toEpochMilli())
                : Attribution.onOutcome(unit, (Outcome) event, plans, at(event).toEpochMilli());
    }

    private static Totals sum(List<Delta> deltas) {
        Map<Cell, CellCounts> cells = new HashMap<>();
        Map<String, Integer> treated = new HashMap<>();
        int bothArms = 0;
        for (Delta delta : deltas) {
            delta.cells().forEach((cell, counts) -> cells.merge(cell, counts, CellCounts::plus));
            delta.treated().forEach((variant, change) -> treated.merge(variant, change, Integer::sum));
            bothArms += delta.bothArms();
        }
        cells.values().removeIf(CellCounts::isNone);
        treated.values().removeIf(count -> count == 0);
        return new Totals(cells, treated, bothArms);
    }
}
