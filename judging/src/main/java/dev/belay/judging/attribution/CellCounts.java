// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Units of a cell, or a change of them.
 *
 * @param exposed distinct units
 * @param metrics per metric, the units that are compared for it and those of them that count; absent means none
 */
public record CellCounts(long exposed, Map<String, MetricCount> metrics) {
    public static final CellCounts NONE = new CellCounts(0, Map.of());

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
        return new CellCounts(exposed + other.exposed, sum);
    }

    CellCounts negated() {
        Map<String, MetricCount> all = new LinkedHashMap<>();
        metrics.forEach((name, count) -> all.put(name, count.negated()));
        return new CellCounts(-exposed, all);
    }

    boolean isNone() {
        return exposed == 0 && metrics.isEmpty();
    }
}
