// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which segments get a member of their own and with what weight (statistics.md §5): at most {@value #MOST}, each with at least 1 %
 * of the traffic, equal parts. To be settled before the rollout starts, from earlier traffic, and kept: what a segment is must not
 * depend on what it shows.
 */
public final class WatchedSegments {
    /** Most segments that are watched. */
    public static final int MOST = 50;
    /** Least share of the traffic that a watched segment has. */
    private static final double LEAST_SHARE = 0.01;

    private WatchedSegments() {}

    /**
     * Returns the weight of each watched segment among the segments, by name.
     *
     * @param units recent units by segment, not negative
     * @return empty when no segment has enough traffic
     * @throws IllegalArgumentException if a number is negative
     */
    public static SortedMap<String, Double> of(Map<String, Long> units) {
        units.forEach((segment, count) -> Ranges.notNegative("units of " + segment, (long) count));
        double all = units.values().stream().mapToDouble(Long::doubleValue).sum();
        List<String> watched = units.entrySet().stream()
                .filter(entry -> entry.getValue() > 0 && entry.getValue() >= LEAST_SHARE * all)
                .sorted(Comparator.comparing((Map.Entry<String, Long> entry) -> -entry.getValue())
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST)
                .map(Map.Entry::getKey)
                .toList();
        SortedMap<String, Double> weights = new TreeMap<>();
        watched.forEach(segment -> weights.put(segment, 1.0 / watched.size()));
        return weights;
    }
}
