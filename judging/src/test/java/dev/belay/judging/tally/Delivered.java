// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;

import dev.belay.contracts.Json;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.DeltaCodec;
import dev.belay.judging.attribution.Given;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.attribution.UnitStateCodec;

/** A rollout that events are delivered to one by one, sooner or later after they happened. */
final class Delivered {
    final List<Block> blocks = new ArrayList<>();
    private final Map<String, UnitState> units = new HashMap<>();
    private final Queue<Coming> coming = new PriorityQueue<>(Comparator.comparingLong(Coming::second));
    private final ComparedPlan plan;
    private RolloutState rollout;
    private RolloutTally tally;
    private long second;

    private record Coming(long second, Outcome outcome) {}

    Delivered(Plan plan) {
        rollout = Given.inStage(plan, 0);
        this.plan = ComparedPlan.of(rollout);
        tally = RolloutTally.start(rollout, new CellBook(), Pace.DEFAULT);
    }

    RolloutTally tally() {
        return tally;
    }

    /** Lets time pass, with blocks that are old enough ending each minute. */
    void pass(long seconds) {
        long end = second + seconds;
        while (second < end) {
            second = Math.min(end, second + 10);
            while (!coming.isEmpty() && coming.element().second() <= second) {
                take(coming.remove().outcome());
            }
            blocks.addAll(tally.onTime(millis(), false));
        }
    }

    /** Ends every block that has anything in it. */
    void drain() {
        blocks.addAll(tally.onTime(millis(), true));
    }

    void see(String unit, boolean treated) {
        see(unit, treated, Map.of());
    }

    void see(String unit, boolean treated, Map<String, String> dimensions) {
        int allocation = rollout.allocations().size();
        Exposure exposure = Given.in(
                Given.exposure("x", unit, allocation, treated ? 0.1 : 0.9, treated ? "on" : "off", second), dimensions);
        take(exposure.recordKey(), exposure, exposure.at());
    }

    /** Something that the unit does now, and that arrives so much later. */
    void happen(String event, String unit, long latenessSeconds) {
        happen(event, unit, 0, latenessSeconds);
    }

    /** Something that the unit does after a while, and that arrives so much later. */
    void happen(String event, String unit, long afterSeconds, long latenessSeconds) {
        Outcome outcome = Given.outcome("o", unit, event, second + afterSeconds);
        coming.add(new Coming(second + afterSeconds + latenessSeconds, outcome));
        if (afterSeconds + latenessSeconds == 0) {
            take(coming.remove().outcome());
        }
    }

    /** Something that the unit did at that second, and that arrives now. */
    void happened(String event, String unit, long at) {
        take(Given.outcome("o", unit, event, at));
    }

    /** Something of a value that the unit does now. */
    void worth(String event, String unit, double value) {
        Outcome of = Given.outcome("o", unit, event, second);
        take(new Outcome(
                of.id(),
                of.project(),
                of.environment(),
                of.unit(),
                of.event(),
                value,
                Map.of(),
                null,
                null,
                of.at(),
                of.source()));
    }

    void become(RolloutState next) {
        rollout = next;
        blocks.addAll(tally.onRollout(next, millis()));
    }

    RolloutState rollout() {
        return rollout;
    }

    /** Goes on with what was stored. */
    void restart() {
        CellBook book = new CellBook();
        tally.book().takeChanges().forEach(key -> book.restore(key, tally.book().value(key)));
        RolloutTally.Head head = Json.read(Json.write(tally.head()), RolloutTally.Head.class);
        List<RolloutTally.SegmentHead> segments = tally.takeChangedSegments().stream()
                .map(each -> Json.read(Json.write(each), RolloutTally.SegmentHead.class))
                .toList();
        tally = RolloutTally.restore(rollout, book, head, segments, Pace.DEFAULT);
    }

    Evidence evidence(String guardrail) {
        return evidence(guardrail, null);
    }

    Evidence evidence(String guardrail, String segment) {
        return tally.evidence(now()).stream()
                .filter(each -> each.guardrail().equals(guardrail) && Objects.equals(each.segment(), segment))
                .findFirst()
                .orElseThrow();
    }

    Verdict verdict(String guardrail) {
        return tally.verdicts(now()).stream()
                .filter(each -> each.guardrail().equals(guardrail) && each.segment() == null)
                .findFirst()
                .orElseThrow();
    }

    /** Returns what the blocks of everyone say of a metric. */
    List<MetricCounts> counts(String metric) {
        return blocks.stream()
                .filter(block -> block.segment() == null)
                .flatMap(block -> block.metrics().stream())
                .filter(each -> each.metric().equals(metric))
                .toList();
    }

    Instant now() {
        return Instant.ofEpochMilli(millis());
    }

    private long millis() {
        return Given.START.plus(Duration.ofSeconds(second)).toEpochMilli();
    }

    private void take(Outcome outcome) {
        take(outcome.recordKey(), outcome, outcome.at());
    }

    private void take(String key, Object event, Instant at) {
        // As the directory of rollouts does: of a known epoch only the status changes.
        Attribution.Plans plans = flag -> new Attribution.Known(1, plan, true);
        UnitState unit = units.getOrDefault(key, UnitState.EMPTY);
        Attribution attribution = event instanceof Exposure exposure
                ? Attribution.onExposure(unit, exposure, plans, millis())
                : Attribution.onOutcome(unit, (Outcome) event, plans, millis());
        units.put(key, UnitStateCodec.read(UnitStateCodec.write(attribution.unit())));
        for (Delta delta : attribution.deltas()) {
            Delta sent = DeltaCodec.read(DeltaCodec.write(delta.late(Attribution.isLate(at, millis()))));
            blocks.addAll(tally.onDelta(sent, millis(), millis()));
        }
    }
}
