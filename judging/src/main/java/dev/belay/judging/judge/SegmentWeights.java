// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import dev.belay.judging.attribution.Segments;
import dev.belay.statistics.MemberWeights;

/**
 * What part of alpha a segment gets.
 *
 * <p>Nobody knows the segments before they come, and a weight must not depend on what they did. So the first to come gets
 * most, and the weights of all that can come sum to the budget of segments: large segments come first.
 */
final class SegmentWeights {
    /** The collective segment of all other values is one, too. */
    static final int MOST = Segments.MOST + 1;

    private static final double SUM_OF_PARTS = sumOfParts();

    private SegmentWeights() {}

    /**
     * Returns the weight of a segment, which multiplies its guardrail's.
     *
     * @param rank how many segments of the dimension had come with it, from 1 to {@link #MOST}
     * @param dimensions number of dimensions that are watched
     */
    static double of(int rank, int dimensions) {
        return MemberWeights.segment(part(rank) / SUM_OF_PARTS / dimensions);
    }

    private static double part(int rank) {
        return 1.0 / (rank + 1);
    }

    private static double sumOfParts() {
        double sum = 0;
        for (int rank = 1; rank <= MOST; rank++) {
            sum += part(rank);
        }
        return sum;
    }
}
