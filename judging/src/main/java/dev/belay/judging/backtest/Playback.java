// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.backtest;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.StageClauses;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.tally.CellBook;
import dev.belay.judging.tally.Pace;
import dev.belay.judging.tally.RolloutTally;
import org.jspecify.annotations.Nullable;

/**
 * One rollout that lives through a recording: each visit is attributed, tallied, cut into blocks and judged as the watcher
 * does it, with the recording's times for the clock. Mutable, not thread-safe.
 */
final class Playback {
    private static final FlagRef FLAG = new FlagRef("backtest", "recorded", "experiment");
    private static final int EPOCH = 1;
    private static final int ALLOCATION = 1;
    /** How often the watcher looks for blocks that are old enough. */
    private static final long TICK_MILLIS = 200;
    /** What is measured happens just after the variant was seen. */
    private static final long AFTER_NANOS = 1_000;

    private final Pace pace = Pace.DEFAULT;
    private final double share;
    private final RolloutTally tally;
    private final Attribution.Plans plans;
    private final Map<String, UnitState> units = new HashMap<>();
    private long events;
    private long lastMillis;
    private long tickedMillis;
    private @Nullable Verdict fired;

    /** @param start the time of the first visit */
    Playback(Plan plan, Instant start) {
        List<Clause> clauses = StageClauses.of(plan, 0);
        RolloutState rollout = rollout(plan, clauses, start);
        this.share = clauses.get(0).percent() / 100;
        this.tally = Require.nonNull(RolloutTally.start(rollout, new CellBook(), pace), "tally");
        Attribution.Known known = new Attribution.Known(EPOCH, ComparedPlan.of(rollout), true);
        this.plans = flagKey -> known;
        this.lastMillis = start.toEpochMilli();
        this.tickedMillis = lastMillis;
    }

    private static RolloutState rollout(Plan plan, List<Clause> clauses, Instant start) {
        return new RolloutState(
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                EPOCH,
                1,
                RolloutStatus.RUNNING,
                plan,
                List.of(new Allocation(ALLOCATION, 0, clauses, start)),
                start,
                null,
                false,
                Actor.service("backtest"),
                "recorded",
                start,
                start);
    }

    /** Takes in the next visit; none is before the last one. */
    void play(RecordedVisit visit) {
        long now = visit.at().toEpochMilli();
        tick(now);
        Unit unit = Unit.user(visit.unit());
        UnitState state = units.getOrDefault(visit.unit(), UnitState.EMPTY);
        Attribution seen = Attribution.onExposure(state, exposure(visit, unit), plans, now);
        tally(seen.deltas(), now);
        state = seen.unit();
        if (visit.converted()) {
            Attribution done = Attribution.onOutcome(state, outcome(visit, unit), plans, now);
            tally(done.deltas(), now);
            state = done.unit();
        }
        units.put(visit.unit(), state);
        lastMillis = now;
    }

    /** Judges what is left, as when nothing else comes. */
    void end() {
        lastMillis += pace.age().toMillis();
        tally.onTime(lastMillis, true);
        note();
    }

    /** Returns what rolled back first. */
    Optional<Verdict> fired() {
        return Optional.ofNullable(fired);
    }

    /** Returns where a guardrail stands among everyone. */
    Evidence evidence(String guardrail) {
        return tally.evidence(Instant.ofEpochMilli(lastMillis), false).stream()
                .filter(each -> each.guardrail().equals(guardrail))
                .findFirst()
                .orElseThrow();
    }

    /** Ends the blocks that would have ended since the last visit. */
    private void tick(long now) {
        long dueMillis = lastMillis + pace.age().toMillis();
        if (now - tickedMillis >= TICK_MILLIS) {
            tickedMillis = now;
            if (!tally.onTime(Math.min(now, dueMillis), false).isEmpty()) {
                note();
            }
        }
    }

    private void tally(List<Delta> deltas, long now) {
        for (Delta delta : deltas) {
            if (!tally.onDelta(delta, now, now).isEmpty()) {
                note();
            }
        }
    }

    private void note() {
        for (Verdict verdict : tally.takeNewBreaches()) {
            if (fired == null && verdict.then() == Guardrail.Then.ROLLBACK) {
                fired = verdict;
            }
        }
    }

    private Exposure exposure(RecordedVisit visit, Unit unit) {
        return new Exposure(
                "e" + ++events,
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                unit,
                visit.treated() ? BacktestPlan.TREATMENT : BacktestPlan.CONTROL,
                EPOCH,
                ALLOCATION,
                Clause.REST,
                share,
                null,
                visit.dimensions(),
                1,
                visit.at(),
                "recording");
    }

    private Outcome outcome(RecordedVisit visit, Unit unit) {
        return new Outcome(
                "o" + events,
                FLAG.project(),
                FLAG.environment(),
                unit,
                BacktestPlan.EVENT,
                null,
                Map.of(),
                null,
                null,
                visit.at().plusNanos(AFTER_NANOS),
                "recording");
    }
}
