// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.Comparator;

/**
 * Units of a cell with about the same value of a metric, which becomes final at about the same time.
 *
 * @param metric name of the metric
 * @param slot number of the stretch of time, as {@link ComparedPlan.ValuedMetric#slot} says
 * @param bin bin of the value, as {@link dev.belay.statistics.LogBins} says
 */
public record ValueKey(String metric, long slot, int bin) implements Comparable<ValueKey> {
    private static final Comparator<ValueKey> ORDER = Comparator.comparing(ValueKey::metric)
            .thenComparingLong(ValueKey::slot)
            .thenComparingInt(ValueKey::bin);

    @Override
    public int compareTo(ValueKey other) {
        return ORDER.compare(this, other);
    }
}
