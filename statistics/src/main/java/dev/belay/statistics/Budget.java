// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

/**
 * How the alpha of one variant is shared among its members (statistics.md §5): guardrail × scope.
 *
 * <p><b>How to use it.</b> One budget for each action of a variant: guardrails that roll back share one, those that hold another,
 * those that notify and those that observe one each. Counters and what cannot be judged are not among the guardrails of any. So
 * a guardrail that only tells costs the ones that roll back nothing. Each variant has {@link #alphaOf} for itself, because each
 * is rolled back for itself. The weights given out sum to at most one, whatever is asked in whatever order; {@link Combination}
 * checks that.
 *
 * @param guardrails guardrails with this action that are compared with control, at least 1
 * @param stages stages of the plan, at least 1
 * @param segments weight of each watched segment among the segments, each in (0, 1], sum at most 1; none when nothing is watched
 *     by segment. {@link WatchedSegments} gives them
 */
public record Budget(int guardrails, int stages, List<Double> segments) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public Budget {
        Ranges.atLeastOne("guardrails", guardrails);
        Ranges.atLeastOne("stages", stages);
        segments = List.copyOf(segments);
        segments.forEach(share -> Ranges.aboveZeroToOne("segment", share));
        double sum = segments.stream().mapToDouble(Double::doubleValue).sum();
        if (sum > 1 + Ranges.ROUNDING) {
            throw new IllegalArgumentException("segments must sum to at most 1, summed to " + sum);
        }
    }

    /**
     * Returns the alpha of one of several variants.
     *
     * @param alpha probability of a false rollback of any variant, in (0, 1)
     * @param variants number of treatments, at least 1
     */
    public static double alphaOf(double alpha, int variants) {
        Ranges.insideUnit("alpha", alpha);
        Ranges.atLeastOne("variants", variants);
        return alpha / variants;
    }

    /** Returns the weight of a guardrail's member that is never reset and covers everybody. */
    public double rollout() {
        return everybody() * MemberWeights.rolloutScope(stages);
    }

    /**
     * Returns the weight of a guardrail's member that starts and ends with a stage and covers everybody.
     *
     * @param stage number of the stage counted from 1, from 2 to {@code stages}
     * @throws IllegalArgumentException if the stage has no member of its own
     */
    public double stage(int stage) {
        return everybody() * MemberWeights.stageScope(stages, stage);
    }

    /**
     * Returns the weight of a guardrail's member that is never reset and covers one segment.
     *
     * @param segment index of the segment among {@code segments}
     * @throws IndexOutOfBoundsException if there is no such segment
     */
    public double segment(int segment) {
        return MemberWeights.guardrail(guardrails) * MemberWeights.segment(segments.get(segment));
    }

    private double everybody() {
        double guardrail = MemberWeights.guardrail(guardrails);
        return segments.isEmpty() ? guardrail : guardrail * MemberWeights.GLOBAL_WITH_SEGMENTS;
    }
}
