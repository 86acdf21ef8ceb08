// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Lateness;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.ComparedPlan.JudgedMetric;
import dev.belay.judging.attribution.ComparedPlan.ValuedMetric;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.judge.StratumId;
import dev.belay.statistics.Dispersion;
import org.jspecify.annotations.Nullable;

/** Sums over the cells of a stratum, as a stage of the rollout sees them: control units that are treated now have left. */
record Census(CellBook book, ComparedPlan compared, Layout layout, int stage) {
    /** No unit has more outcomes, so the mean square is at most so many times the mean. */
    private static final double MOST_CLUSTERED = UnitState.MOST_OUTCOMES;

    private Plan plan() {
        return compared.plan();
    }

    /** Returns whether control and some treatment have units. */
    boolean hasBothArms(StratumId stratum) {
        return exposed(stratum, plan().control()) > 0
                && plan().treatments().stream().anyMatch(variant -> exposed(stratum, variant) > 0);
    }

    /** Returns whether units of control are treated now. */
    boolean hasLeavers(StratumId stratum) {
        return book.cells(stratum).keySet().stream()
                .anyMatch(cell -> compared.isControl(cell.variant()) && cell.band() <= stage);
    }

    /** Returns units that are compared over all strata of a segment; null for everyone. */
    long units(@Nullable String segment) {
        long sum = 0;
        for (StratumId stratum : book.strata()) {
            if (Objects.equals(stratum.segment(), segment) && layout.isCompared(stratum)) {
                for (CellState cell : book.cells(stratum).values()) {
                    sum += cell.exposed();
                }
            }
        }
        return sum;
    }

    /** Returns units that no block knows. */
    long newUnits(StratumId stratum) {
        long sum = 0;
        for (CellState cell : book.cells(stratum).values()) {
            sum += cell.newlyExposed();
        }
        return sum;
    }

    long exposed(StratumId stratum, String variant) {
        return count(stratum, variant, CellState::exposed);
    }

    /** New events may be fewer than none, when some were taken out again. */
    long count(StratumId stratum, String variant, ToLongFunction<CellState> count) {
        return Math.max(0, sum(stratum, variant, count));
    }

    /** Of all units ever exposed, also those that left since: the split is judged by them. */
    long newlyExposed(StratumId stratum, String variant) {
        long sum = 0;
        for (Map.Entry<Cell, CellState> each : book.cells(stratum).entrySet()) {
            if (each.getKey().variant().equals(variant)) {
                sum += each.getValue().newlyExposed();
            }
        }
        return sum;
    }

    /** Returns units by the bin of their value, of those whose value is final and that no block knows. */
    Map<Integer, Long> values(StratumId stratum, String variant, ValuedMetric metric, long nowMillis) {
        Map<Integer, Long> sum = new TreeMap<>();
        if (!isFinal(stratum, metric, nowMillis)) {
            return sum;
        }
        for (Map.Entry<Cell, CellState> each : book.cells(stratum).entrySet()) {
            if (isIn(each.getKey(), variant)) {
                each.getValue().addFinal(metric.name(), metric.openFrom(nowMillis), sum);
            }
        }
        sum.values().removeIf(count -> count <= 0);
        return sum;
    }

    /** A block needs both arms; until some unit of each is final, those of the other wait. */
    private boolean isFinal(StratumId stratum, ValuedMetric metric, long nowMillis) {
        long slot = metric.openFrom(nowMillis);
        return hasFinal(stratum, plan().control(), metric, slot)
                && plan().treatments().stream().anyMatch(variant -> hasFinal(stratum, variant, metric, slot));
    }

    private boolean hasFinal(StratumId stratum, String variant, ValuedMetric metric, long slot) {
        return book.cells(stratum).entrySet().stream()
                .anyMatch(
                        each -> isIn(each.getKey(), variant) && each.getValue().hasFinal(metric.name(), slot));
    }

    /** Returns how many events of a metric came too late, of everyone. */
    Lateness lateness(String control, String variant, String metric) {
        long[] of = {0, 0};
        long[] late = {0, 0};
        for (StratumId stratum : book.strata()) {
            if (stratum.isWhole()) {
                book.cells(stratum).forEach((cell, state) -> {
                    if (cell.variant().equals(control) || cell.variant().equals(variant)) {
                        int arm = cell.variant().equals(control) ? 0 : 1;
                        of[arm] += state.arrived(metric);
                        late[arm] += state.late(metric);
                    }
                });
            }
        }
        return new Lateness(of[0], late[0], of[1], late[1]);
    }

    /**
     * Returns what outcomes of a clustered metric are divided by, as the blocks so far tell of everyone: what is in no block
     * yet must not decide how it is weighed. While too few tell, it is the greatest it can be.
     */
    double dispersion(JudgedMetric metric) {
        long units = 0;
        long events = 0;
        long squares = 0;
        for (StratumId stratum : book.strata()) {
            if (stratum.isWhole()) {
                for (CellState state : book.cells(stratum).values()) {
                    units += state.eventsInBlocks(metric.units());
                    events += state.eventsInBlocks(metric.name());
                    squares += state.eventsInBlocks(metric.squares());
                }
            }
        }
        boolean isKnown = units > 0 && events > 0 && squares > 0;
        return isKnown ? new Dispersion(units, events, squares).factor().orElse(MOST_CLUSTERED) : MOST_CLUSTERED;
    }

    private void settleValues(StratumId stratum, long nowMillis) {
        List<ValuedMetric> metrics = compared.valued().stream()
                .filter(metric -> isFinal(stratum, metric, nowMillis))
                .toList();
        for (Map.Entry<Cell, CellState> each : book.cells(stratum).entrySet()) {
            boolean isChanged = false;
            for (ValuedMetric metric : metrics) {
                isChanged |= each.getValue().putFinalInBlock(metric.name(), metric.openFrom(nowMillis));
            }
            if (isChanged) {
                book.markChanged(each.getKey());
            }
        }
    }

    /** What is in a block now is never in another; what was taken out again waits until as much has come. */
    void settle(StratumId stratum, long nowMillis) {
        settleValues(stratum, nowMillis);
        List<String> variants = new ArrayList<>(plan().treatments());
        variants.add(plan().control());
        for (String variant : variants) {
            if (newlyExposed(stratum, variant) >= 0) {
                each(stratum, variant, CellState::putExposedInBlock);
            }
            for (JudgedMetric metric : compared.metrics()) {
                if (sum(stratum, variant, cell -> cell.newEvents(metric.name())) >= 0) {
                    each(stratum, variant, cell -> cell.putEventsInBlock(metric.name()));
                    if (metric.isClustered()) {
                        each(stratum, variant, cell -> cell.putEventsInBlock(metric.units()));
                        each(stratum, variant, cell -> cell.putEventsInBlock(metric.squares()));
                    }
                }
            }
        }
    }

    private long sum(StratumId stratum, String variant, ToLongFunction<CellState> count) {
        long sum = 0;
        for (Map.Entry<Cell, CellState> each : book.cells(stratum).entrySet()) {
            if (isIn(each.getKey(), variant)) {
                sum += count.applyAsLong(each.getValue());
            }
        }
        return sum;
    }

    private void each(StratumId stratum, String variant, Consumer<CellState> change) {
        for (Map.Entry<Cell, CellState> each : book.cells(stratum).entrySet()) {
            if (each.getKey().variant().equals(variant)) {
                change.accept(each.getValue());
                book.markChanged(each.getKey());
            }
        }
    }

    /** Control units whose bucket is treated now have left; treated ones stay. */
    private boolean isIn(Cell cell, String variant) {
        return cell.variant().equals(variant) && (!compared.isControl(variant) || cell.band() > stage);
    }
}
