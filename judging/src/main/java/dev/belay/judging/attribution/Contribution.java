// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

import dev.belay.judging.attribution.CellCounts.MetricCount;
import dev.belay.judging.attribution.ComparedPlan.Counter;
import dev.belay.judging.attribution.ComparedPlan.Final;
import dev.belay.judging.attribution.ComparedPlan.JudgedMetric;
import dev.belay.judging.attribution.ComparedPlan.ValuedMetric;
import dev.belay.judging.attribution.UnitState.SeenRollout;
import dev.belay.statistics.LogBins;

/**
 * What one unit adds to a rollout's tally: a pure function of the set of its events, so that batching, order and replay
 * cannot matter.
 *
 * <p>A unit is exposed in every stratum it was seen in. For a metric it is in the cohort of each of them up to the one in
 * which it is counted, and it is counted once: by its first outcome after an exposure and within the metric's window, in the
 * latest stratum it was seen in before that outcome. Of a clustered metric it is in the cohort of each, and every outcome
 * counts in the latest before it. Seen with several variants within a stratum it is left out there. In
 * each watched dimension it is counted once more, in the segment that its first exposure in the stratum named.
 *
 * @param cells its units per cell
 * @param treated treatments it saw
 * @param bothArms 1 if it saw several variants within one stratum, else 0
 * @param counted its events that counters count: those after it first saw the flag, or the treatment
 */
record Contribution(Map<Cell, CellCounts> cells, Set<String> treated, int bothArms, Map<Counted, Integer> counted) {
    static final Contribution NONE = new Contribution(Map.of(), Set.of(), 0, Map.of());

    private static final long MICROS = 1_000_000;

    private static final Comparator<Visit> IN_TIME = Comparator.comparingLong(Visit::firstAt)
            .thenComparingInt(Visit::allocation)
            .thenComparing(Visit::clause);

    static Contribution of(SeenRollout seen, UnitState unit, ComparedPlan plan) {
        List<Visit> visits = new ArrayList<>(seen.visits());
        visits.removeIf(visit -> visit.variants().stream().noneMatch(plan::compares));
        visits.sort(IN_TIME);
        int[] countedIn = new int[plan.metrics().size()];
        for (int m = 0; m < countedIn.length; m++) {
            JudgedMetric metric = plan.metrics().get(m);
            countedIn[m] = metric.isClustered() ? -1 : countedIn(visits, unit, metric.event(), metric.within());
        }
        Map<Cell, CellCounts> cells = new LinkedHashMap<>();
        Set<String> treated = new TreeSet<>();
        boolean bothArms = false;
        for (int i = 0; i < visits.size(); i++) {
            Visit visit = visits.get(i);
            visit.variants().stream().filter(plan.plan().treatments()::contains).forEach(treated::add);
            bothArms |= visit.isBothArms();
            if (!visit.isBothArms()) {
                Map<String, MetricCount> shares = counts(i, countedIn, plan.metrics());
                clusters(i, visits, unit, plan, shares);
                CellCounts counts = new CellCounts(1, shares, values(i, visits, unit, plan));
                Cell cell = cell(visit, plan);
                cells.merge(cell, counts, CellCounts::plus);
                segments(visit, plan).forEach(segment -> cells.merge(cell.in(segment), counts, CellCounts::plus));
            }
        }
        return new Contribution(cells, treated, bothArms ? 1 : 0, counted(seen, unit, plan));
    }

    private static Map<Counted, Integer> counted(SeenRollout seen, UnitState unit, ComparedPlan plan) {
        Map<Counted, Integer> all =
                new TreeMap<>(Comparator.comparing(Counted::counter).thenComparingLong(Counted::second));
        for (Counter counter : plan.counters()) {
            switch (counter.of()) {
                case TREATMENT ->
                    plan.plan()
                            .treatments()
                            .forEach(variant -> count(
                                    counter,
                                    variant,
                                    unit,
                                    first(seen, visit -> visit.variants().contains(variant)),
                                    all));
                case FLAG -> count(counter, "", unit, first(seen, visit -> true), all);
                case PROJECT -> {}
            }
        }
        return all;
    }

    private static long first(SeenRollout seen, Predicate<Visit> which) {
        return seen.visits().stream()
                .filter(which)
                .mapToLong(Visit::firstAt)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static void count(Counter counter, String variant, UnitState unit, long first, Map<Counted, Integer> all) {
        for (long at : unit.times(counter.event())) {
            if (at >= first) {
                all.merge(new Counted(counter.key(variant), Math.floorDiv(at, MICROS)), 1, Integer::sum);
            }
        }
    }

    /** Returns the change from {@code before} to this. */
    Delta since(Contribution before, String flagKey, int epoch) {
        Map<Cell, CellCounts> change = new LinkedHashMap<>(cells);
        before.cells.forEach((cell, counts) -> change.merge(cell, counts.negated(), CellCounts::plus));
        change.values().removeIf(CellCounts::isNone);
        Map<String, Integer> treatedChange = new LinkedHashMap<>();
        treated.forEach(variant -> treatedChange.merge(variant, 1, Integer::sum));
        before.treated.forEach(variant -> treatedChange.merge(variant, -1, Integer::sum));
        treatedChange.values().removeIf(each -> each == 0);
        Map<Counted, Integer> countedChange = new LinkedHashMap<>(counted);
        before.counted.forEach((key, count) -> countedChange.merge(key, -count, Integer::sum));
        countedChange.values().removeIf(each -> each == 0);
        return new Delta(
                flagKey, epoch, change, treatedChange, bothArms - before.bothArms, Map.of(), countedChange, false);
    }

    private static Cell cell(Visit visit, ComparedPlan plan) {
        String variant = visit.variants().first();
        int band = plan.isControl(variant) ? plan.band(visit.clause(), visit.bucket()) : ComparedPlan.NEVER;
        return new Cell(visit.allocation(), visit.clause(), variant, band);
    }

    /** The unit's value of each metric in one of its visits. */
    private static Map<ValueKey, Long> values(int visit, List<Visit> visits, UnitState unit, ComparedPlan plan) {
        if (plan.valued().isEmpty()) {
            return Map.of();
        }
        Map<ValueKey, Long> all = new TreeMap<>();
        for (ValuedMetric metric : plan.valued()) {
            if (metric.value() == Final.ANY) {
                any(visit, visits, unit, metric, all);
                continue;
            }
            SortedMap<Long, Double> own = inVisit(visit, visits, unit, metric);
            if (metric.value() == Final.SUM) {
                double sum = own.values().stream()
                        .mapToDouble(each -> Math.max(0, each))
                        .sum();
                long slot = metric.slot(visits.get(visit).firstAt());
                all.put(new ValueKey(metric.name(), slot, LogBins.of(Math.min(sum, LogBins.MOST))), 1L);
            } else if (!own.isEmpty()) {
                long first = own.firstKey();
                int bin = LogBins.of(own.values().iterator().next());
                all.put(new ValueKey(metric.name(), metric.slot(first), bin), 1L);
            }
        }
        return all;
    }

    /** A unit that was counted in an earlier stratum is in no cohort after that. */
    private static void any(
            int visit, List<Visit> visits, UnitState unit, ValuedMetric metric, Map<ValueKey, Long> all) {
        int countedIn = countedIn(visits, unit, metric.event(), metric.within());
        if (countedIn < 0 || visit <= countedIn) {
            long slot = metric.slot(visits.get(visit).firstAt());
            all.put(new ValueKey(metric.name(), slot, visit == countedIn ? 1 : 0), 1L);
        }
    }

    /** Every outcome counts in the latest stratum before it, and for how clustered they are. */
    private static void clusters(
            int visit, List<Visit> visits, UnitState unit, ComparedPlan plan, Map<String, MetricCount> all) {
        for (JudgedMetric metric : plan.metrics()) {
            if (metric.isClustered()) {
                long events = events(visit, visits, unit.times(metric.event()), metric.within());
                all.put(metric.name(), new MetricCount(1, events));
                if (events > 0) {
                    all.put(metric.units(), new MetricCount(0, 1));
                    all.put(metric.squares(), new MetricCount(0, events * events));
                }
            }
        }
    }

    private static long events(int visit, List<Visit> visits, long[] times, long within) {
        long from = visits.get(visit).firstAt();
        long next = visit + 1 < visits.size() ? visits.get(visit + 1).firstAt() : Long.MAX_VALUE;
        return Arrays.stream(times)
                .filter(at -> at >= from && at < next && at - from <= within)
                .count();
    }

    private static SortedMap<Long, Double> inVisit(int visit, List<Visit> visits, UnitState unit, ValuedMetric metric) {
        long from = visits.get(visit).firstAt();
        long next = visit + 1 < visits.size() ? visits.get(visit + 1).firstAt() : Long.MAX_VALUE;
        long end = metric.within() == Long.MAX_VALUE ? Long.MAX_VALUE : from + metric.within() + 1;
        SortedMap<Long, Double> all = unit.values(metric.event(), metric.property());
        long until = Math.min(next, end);
        return until <= from ? Collections.emptySortedMap() : all.subMap(from, until);
    }

    private static List<String> segments(Visit visit, ComparedPlan plan) {
        return plan.plan().watchBy().stream()
                .filter(visit.dimensions()::containsKey)
                .map(dimension ->
                        Segments.of(dimension, String.valueOf(visit.dimensions().get(dimension))))
                .toList();
    }

    private static Map<String, MetricCount> counts(int visit, int[] countedIn, List<JudgedMetric> metrics) {
        Map<String, MetricCount> all = new LinkedHashMap<>();
        for (int m = 0; m < countedIn.length; m++) {
            if (visit <= countedIn[m]) {
                all.put(metrics.get(m).name(), new MetricCount(1, visit == countedIn[m] ? 1 : 0));
            } else if (countedIn[m] < 0) {
                all.put(metrics.get(m).name(), new MetricCount(1, 0));
            }
        }
        return all;
    }

    /** Returns the index of the visit in which the unit is counted, -1 for none. */
    private static int countedIn(List<Visit> visits, UnitState unit, String event, long within) {
        long[] times = unit.times(event);
        if (visits.isEmpty() || times.length == 0) {
            return -1;
        }
        int start = Arrays.binarySearch(times, visits.get(0).firstAt());
        for (int t = start < 0 ? -start - 1 : start; t < times.length; t++) {
            int latest = latestAt(visits, times[t]);
            if (times[t] - visits.get(latest).firstAt() <= within) {
                return latest;
            }
        }
        return -1;
    }

    private static int latestAt(List<Visit> visits, long at) {
        int latest = 0;
        while (latest + 1 < visits.size() && visits.get(latest + 1).firstAt() <= at) {
            latest++;
        }
        return latest;
    }
}
