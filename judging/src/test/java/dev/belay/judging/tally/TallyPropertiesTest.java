// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import dev.belay.contracts.Json;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.StratumCounts;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.DeltaCodec;
import dev.belay.judging.attribution.Given;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.attribution.UnitStateCodec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole rollout of some hundred people, its events delivered in very different ways. */
class TallyPropertiesTest {
    private static final Plan PLAN = Given.watching(
            Given.plan(
                    List.of(
                            Given.stage("canary", 5, null),
                            Given.stage("quarter", 25, null),
                            Given.stage("half", 50, null)),
                    Given.falls("conversion", "conversion", 0.2),
                    Given.rises("errors", "errors", 0.3),
                    Given.rises("each-error", "each-error", 0.3)),
            "country",
            "platform");
    private static final int MOST_ERRORS = 2;
    private static final Attribution.Known KNOWN =
            new Attribution.Known(1, ComparedPlan.of(Given.inStage(PLAN, 2)), true);
    private static final List<String> COUNTRIES = List.of("GB", "IN", "US", "");
    private static final int UNITS = 120;
    private static final int STAGE_SECONDS = 1_000;

    private record Result(
            String key,
            Counts control,
            Counts treatment,
            List<StratumCounts> strata,
            @Nullable Double ratio,
            @Nullable Estimate estimate,
            Map<String, Long> excluded,
            long treatedUnits) {}

    @Property(tries = 50)
    void deliveryDecidesNothingAboutTheCounts(@ForAll long people, @ForAll long one, @ForAll long other) {
        List<Object> events = events(new Random(people));

        assertThat(new Delivery(events, new Random(one)).results())
                .isEqualTo(new Delivery(events, new Random(other)).results());
    }

    @Property(tries = 50)
    void blocksAreNumberedWithoutGapsAndHoldEveryEventAtMostOnce(@ForAll long people, @ForAll long seed) {
        Delivery delivery = new Delivery(events(new Random(people)), new Random(seed));
        delivery.results();

        for (int i = 0; i < delivery.blocks.size(); i++) {
            assertThat(delivery.blocks.get(i).seq()).isEqualTo(i + 1);
        }
        for (Evidence evidence : delivery.tally.evidence(Given.START)) {
            long inBlocks = delivery.blocks.stream()
                    .filter(block -> Objects.equals(block.segment(), evidence.segment()))
                    .flatMap(block -> block.metrics().stream())
                    .filter(counts -> counts.metric().equals(evidence.metric()))
                    .mapToLong(counts -> counts.newTreatment())
                    .sum();
            assertThat(inBlocks).isBetween(evidence.treatment().events(), (long) UNITS * MOST_ERRORS);
        }
    }

    /** People come in every stage, some again, most see what their bucket says. */
    private static List<Object> events(Random random) {
        List<Object> events = new ArrayList<>();
        double[] percent = {0.05, 0.25, 0.5};
        for (int unit = 0; unit < UNITS; unit++) {
            double bucket = random.nextDouble() * 0.6;
            for (int stage = 0; stage < percent.length; stage++) {
                int visits = random.nextInt(3);
                for (int visit = 0; visit < visits; visit++) {
                    boolean treated = (bucket <= percent[stage]) != (random.nextInt(40) == 0);
                    long second = (long) stage * STAGE_SECONDS + random.nextInt(STAGE_SECONDS);
                    Double known = random.nextInt(20) == 0 ? null : (Double) bucket;
                    Exposure exposure =
                            Given.exposure("x", "u" + unit, stage + 1, known, treated ? "on" : "off", second);
                    String country = COUNTRIES.get(random.nextInt(COUNTRIES.size()));
                    String platform = "p" + random.nextInt(3);
                    events.add(Given.in(exposure, Map.of("country", country, "platform", platform)));
                }
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                String event = random.nextBoolean() ? "purchase" : "error";
                events.add(Given.outcome("o", "u" + unit, event, random.nextInt(4 * STAGE_SECONDS)));
            }
        }
        return events;
    }

    /** Events in some order, some twice, with raises, restarts and forgotten plans at any point between them. */
    private static final class Delivery {
        private final Random random;
        private final List<Object> events;
        private final Map<String, byte[]> units = new HashMap<>();
        private final Map<String, byte[]> cells = new HashMap<>();
        private final List<Block> blocks = new ArrayList<>();
        private RolloutTally tally = RolloutTally.start(Given.inStage(PLAN, 0), new CellBook(), Pace.DEFAULT);
        private final Map<String, String> segments = new HashMap<>();
        private int storedBlocks;
        private byte[] head;
        private long now = Given.START.toEpochMilli();

        Delivery(List<Object> events, Random random) {
            this.random = random;
            this.events = new ArrayList<>(events);
            events.stream().filter(event -> random.nextInt(4) == 0).forEach(this.events::add);
            Collections.shuffle(this.events, random);
        }

        List<Result> results() {
            int first = random.nextInt(events.size());
            int second = first + random.nextInt(events.size() - first);
            for (int i = 0; i < events.size(); i++) {
                now += random.nextInt(2_000);
                if (i == first || i == second) {
                    blocks.addAll(tally.onRollout(Given.inStage(PLAN, i == second ? 2 : 1), now));
                    storedBlocks = -1;
                }
                take(events.get(i), random.nextInt(10) == 0);
                blocks.addAll(tally.onTime(now, random.nextInt(50) == 0));
                store();
                if (random.nextInt(40) == 0) {
                    restart();
                }
            }
            List.copyOf(units.keySet()).forEach(this::lookAgain);
            blocks.addAll(tally.onRollout(Given.inStage(PLAN, 2), now));
            blocks.addAll(tally.onTime(now, true));
            return tally.evidence(Given.START).stream()
                    .map(this::result)
                    .sorted(Comparator.comparing(Result::key))
                    .toList();
        }

        private void take(Object event, boolean isPlanForgotten) {
            Attribution.Plans plans = flag -> isPlanForgotten ? null : KNOWN;
            if (event instanceof Exposure exposure) {
                String key = exposure.recordKey();
                keep(key, Attribution.onExposure(unit(key), exposure, plans, now));
            } else if (event instanceof Outcome outcome) {
                String key = outcome.recordKey();
                keep(key, Attribution.onOutcome(unit(key), outcome, plans, now));
            }
        }

        private void lookAgain(String key) {
            keep(key, Attribution.onPlans(unit(key), flag -> KNOWN));
        }

        private void keep(String key, Attribution attribution) {
            units.put(key, UnitStateCodec.write(attribution.unit()));
            for (Delta delta : attribution.deltas()) {
                blocks.addAll(tally.onDelta(DeltaCodec.read(DeltaCodec.write(delta)), now, now));
            }
        }

        private UnitState unit(String key) {
            return UnitStateCodec.read(units.get(key));
        }

        private void store() {
            for (String key : tally.book().takeChanges()) {
                cells.put(key, tally.book().value(key));
            }
            if (head == null || blocks.size() > storedBlocks) {
                storedBlocks = blocks.size();
                head = Json.write(tally.head()).getBytes(StandardCharsets.UTF_8);
                tally.takeChangedSegments().forEach(each -> segments.put(each.segment(), Json.write(each)));
            }
        }

        private void restart() {
            CellBook book = new CellBook();
            cells.forEach(book::restore);
            String text = new String(head, StandardCharsets.UTF_8);
            List<RolloutTally.SegmentHead> stored = segments.values().stream()
                    .map(each -> Json.read(each, RolloutTally.SegmentHead.class))
                    .toList();
            tally = RolloutTally.restore(
                    tally.rollout(), book, Json.read(text, RolloutTally.Head.class), stored, Pace.DEFAULT);
        }

        /** How wide the interval is there depends on where blocks end; what is counted does not. */
        private static boolean isClustered(Evidence evidence) {
            return evidence.metric().equals("each-error");
        }

        private Result result(Evidence evidence) {
            Verdict verdict = tally.verdicts(Given.START).get(0);
            return new Result(
                    evidence.recordKey(),
                    evidence.control(),
                    evidence.treatment(),
                    evidence.strata(),
                    evidence.estimate().ratio(),
                    isClustered(evidence) ? null : evidence.estimate(),
                    evidence.excluded(),
                    verdict.treatedUnits());
        }
    }
}
