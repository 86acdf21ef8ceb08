// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.ArrayList;
import java.util.Collections;
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
    private static final Attribution.Known KNOWN = new Attribution.Known(1, ComparedPlan.of(Given.inStage(2)));
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
                        Arbitraries.integers().between(0, SECONDS))
                .as((allocation, expected, second) -> {
                    double bucket = 0.2;
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
        deltas.addAll(Attribution.onPlans(unit, flag -> KNOWN, 1).deltas());
        return sum(deltas);
    }

    private static Attribution apply(UnitState unit, Object event, Attribution.Plans plans) {
        return event instanceof Exposure exposure
                ? Attribution.onExposure(unit, exposure, plans, 1)
                : Attribution.onOutcome(unit, (Outcome) event, plans, 1);
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
