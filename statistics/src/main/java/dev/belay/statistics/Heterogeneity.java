// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;
import java.util.Map;

/**
 * Which segments behave differently from the rest (statistics.md §5): those whose interval has no ratio in common with the interval
 * of everybody else. For people; valid at every look, for all segments together.
 */
public final class Heterogeneity {
    private Heterogeneity() {}

    /**
     * How a segment compares with the rest.
     *
     * @param segment name of the segment
     * @param own interval of the segment's ratio
     * @param rest interval of the ratio of all other segments together
     * @param isDifferent whether they have no ratio in common
     */
    public record Comparison(String segment, Interval own, Interval rest, boolean isDifferent) {}

    /**
     * Compares every segment with the rest.
     *
     * @param segments strata of each segment, cumulative; segments share no unit, and together are everybody compared
     * @param alpha probability that any segment is ever called different although all ratios are equal, in (0, 1)
     * @return one element per segment, in the order of the map; empty for fewer than two
     * @throws IllegalArgumentException if alpha is out of its range
     */
    public static List<Comparison> of(Map<String, List<Stratum>> segments, double alpha) {
        Ranges.insideUnit("alpha", alpha);
        return segments.size() < 2
                ? List.of()
                : segments.keySet().stream()
                        .map(segment -> of(segment, segments, alpha))
                        .toList();
    }

    /**
     * Compares one segment with the rest, at the level that holds when every segment is compared.
     *
     * @param segment one of the segments
     * @param segments strata of each segment, at least two, as for {@link #of(Map, double)}
     * @param alpha as for {@link #of(Map, double)}
     * @throws IllegalArgumentException if alpha is out of its range, or the segment is not one of two or more
     */
    public static Comparison of(String segment, Map<String, List<Stratum>> segments, double alpha) {
        Ranges.insideUnit("alpha", alpha);
        List<Stratum> strata = segments.get(segment);
        if (strata == null || segments.size() < 2) {
            throw new IllegalArgumentException(
                    "segment must be one of two or more, was " + segment + " of " + segments.keySet());
        }
        double each = alpha / (2 * segments.size());
        Interval own = RatioConfidenceSequence.interval(strata, each);
        Interval rest = RatioConfidenceSequence.interval(others(segments, segment), each);
        return new Comparison(segment, own, rest, own.isDisjointFrom(rest));
    }

    /** Strata of the others stay apart: their allocations and base rates may differ. */
    private static List<Stratum> others(Map<String, List<Stratum>> segments, String segment) {
        return segments.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(segment))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }
}
