// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * How alpha is shared among the scopes of one guardrail (statistics.md §5). The weight of a member is the guardrail's
 * weight times the weight of its scope, times {@link #GLOBAL_WITH_SEGMENTS} when segments are watched.
 */
public final class MemberWeights {
    /** Share of the members that cover everybody, when segments are watched too. */
    public static final double GLOBAL_WITH_SEGMENTS = 0.80;

    private static final double ROLLOUT = 0.70;
    private static final double STAGES = 0.30;
    private static final double SEGMENTS = 0.20;

    private MemberWeights() {}

    /**
     * Returns the weight of one of several guardrails that act by rollback.
     *
     * @param guardrails how many of them there are, at least 1; those that hold, notify, observe or count are not among
     *     them
     */
    public static double guardrail(int guardrails) {
        Ranges.atLeastOne("guardrails", guardrails);
        return 1.0 / guardrails;
    }

    /**
     * Returns the weight of the scope that is never reset.
     *
     * @param stages number of stages of the rollout, at least 1
     */
    public static double rolloutScope(int stages) {
        Ranges.atLeastOne("stages", stages);
        return stages == 1 ? 1 : ROLLOUT;
    }

    /**
     * Returns the weight of the scope that starts and ends with a stage.
     *
     * @param stages number of stages of the rollout, at least 2
     * @param stage number of the stage counted from 1, from 2 to {@code stages}; the first stage has no scope of its own
     * @throws IllegalArgumentException if the stage has no scope of its own
     */
    public static double stageScope(int stages, int stage) {
        if (stage < 2 || stage > stages) {
            throw new IllegalArgumentException("stage must lie in [2, stages = " + stages + "], was " + stage);
        }
        return STAGES / (stages - 1);
    }

    /**
     * Returns the weight of one segment, in place of {@link #GLOBAL_WITH_SEGMENTS}.
     *
     * @param share the segment's share of the traffic, or one divided by the number of segments; in (0, 1]
     * @throws IllegalArgumentException if the share is out of its range
     */
    public static double segment(double share) {
        Ranges.aboveZeroToOne("share", share);
        return SEGMENTS * share;
    }

    /**
     * Returns the weight of a member that takes the place of another after an edit of its metric or threshold, or any other restart:
     * what the old one has left, never more than it had (statistics.md §15.8-9).
     *
     * <p>A restart that costs nothing would give every edit a fresh alpha. Here the new process is bought with the capital of the
     * old one, whose value can only shrink on average while nothing is wrong, so the sum of all members stays an e-process through any
     * number of edits at any moments. Evidence beyond one is not taken over: it spoke about another question. An edit soon after the
     * start costs little; one after weeks without harm costs nearly all, until the next stage starts with a weight of its own, or the
     * rollout is started anew.
     *
     * @param weight weight of the old member, in (0, 1]
     * @param logE its log evidence at the moment of the edit
     * @return in (0, weight]
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static double restarted(double weight, double logE) {
        Ranges.aboveZeroToOne("weight", weight);
        Ranges.log("logE", logE);
        return Math.max(Double.MIN_NORMAL, weight * StrictMath.exp(Math.min(0, logE)));
    }
}
