// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Units of a cell, or a change of them.
 *
 * @param exposed distinct units
 * @param metrics per metric, the units that are compared for it and those of them that count; absent means none
 * @param values units by the value they have
 */
public record CellCounts(long exposed, Map<String, MetricCount> metrics, Map<ValueKey, Long> values) {
    public static final CellCounts NONE = new CellCounts(0, Map.of());

    /** Counts without values. */
    public CellCounts(long exposed, Map<String, MetricCount> metrics) {
        this(exposed, metrics, Map.of());
    }

    /**
     * Units of a cell for one metric.
     *
     * @param cohort units that had not been counted before they saw it
     * @param events those of them that did what is counted
     */
    public record MetricCount(long cohort, long events) {
        public static final MetricCount NONE = new MetricCount(0, 0);

        MetricCount plus(MetricCount other) {
            return new MetricCount(cohort + other.cohort, events + other.events);
        }

        MetricCount negated() {
            return new MetricCount(-cohort, -events);
        }
    }

    /** Returns the counts for a metric. */
    public MetricCount metric(String name) {
        return metrics.getOrDefault(name, MetricCount.NONE);
    }

    /** Returns the sum of both. */
    public CellCounts plus(CellCounts other) {
        Map<String, MetricCount> sum = new LinkedHashMap<>(metrics);
        other.metrics.forEach((name, count) -> sum.merge(name, count, MetricCount::plus));
        sum.values().removeIf(MetricCount.NONE::equals);
        if (values.isEmpty() && other.values.isEmpty()) {
            return new CellCounts(exposed + other.exposed, sum);
        }
        Map<ValueKey, Long> valued = new TreeMap<>(values);
        other.values.forEach((key, count) -> valued.merge(key, count, Long::sum));
        valued.values().removeIf(each -> each == 0);
        return new CellCounts(exposed + other.exposed, sum, valued);
    }

    CellCounts negated() {
        Map<String, MetricCount> all = new LinkedHashMap<>();
        metrics.forEach((name, count) -> all.put(name, count.negated()));
        Map<ValueKey, Long> valued = new TreeMap<>();
        values.forEach((key, count) -> valued.put(key, -count));
        return new CellCounts(-exposed, all, valued);
    }

    boolean isNone() {
        return exposed == 0 && metrics.isEmpty() && values.isEmpty();
    }
}
