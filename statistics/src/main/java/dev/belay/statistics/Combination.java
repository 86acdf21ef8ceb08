// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The evidence of all members of one variant together (statistics.md §5).
 *
 * <p>A weighted average of e-values is an e-value under any dependence, so no correction for several guardrails, stages,
 * segments or looks is added.
 *
 * @param total log of the weighted evidence of the members whose gate is open; negative infinity when none is
 * @param breach whether the total reaches {@code log(1 / alpha)}, or a member whose gate is open now once reached it
 *     alone. The caller latches it: a breach is never taken back
 * @param warning whether a member alone, whatever its gate, is now at {@code log(1 / alpha) / 2} or more: hold the stage
 * @param cause index of the member with the largest term among those with an open gate (its highest term when only that
 *     makes the breach), -1 when no gate is open
 */
public record Combination(double total, boolean breach, boolean warning, int cause) {
    /** No member has an open gate. */
    public static final int NO_CAUSE = -1;

    /**
     * Combines the members of one variant.
     *
     * @param members weights sum to at most 1; order matters to the last bit of the total only
     * @param alpha probability of a false rollback of this variant, in (0, 1)
     * @throws IllegalArgumentException if alpha is out of its range or the weights sum to more than 1
     */
    public static Combination of(List<Member> members, double alpha) {
        Ranges.insideUnit("alpha", alpha);
        requireWeights(members);
        double limit = -StrictMath.log(alpha);
        double total = LogSpace.sum(members.stream()
                .filter(Member::gateOpen)
                .mapToDouble(Member::logTerm)
                .toArray());
        int latched = largestOpen(members, Member::logLatched);
        boolean together = total >= limit;
        boolean alone = latched != NO_CAUSE && members.get(latched).logLatched() >= limit;
        boolean warning = members.stream().anyMatch(member -> member.logTerm() >= limit / 2);
        int cause = alone && !together ? latched : largestOpen(members, Member::logTerm);
        return new Combination(total, together || alone, warning, cause);
    }

    private static int largestOpen(List<Member> members, ToDoubleFunction<Member> term) {
        int largest = NO_CAUSE;
        for (int i = 0; i < members.size(); i++) {
            boolean isNews = largest == NO_CAUSE
                    || term.applyAsDouble(members.get(i)) > term.applyAsDouble(members.get(largest));
            if (members.get(i).gateOpen() && isNews) {
                largest = i;
            }
        }
        return largest;
    }

    private static void requireWeights(List<Member> members) {
        double sum = members.stream().mapToDouble(Member::weight).sum();
        if (sum > 1 + Ranges.ROUNDING) {
            throw new IllegalArgumentException("weights of members must sum to at most 1, summed to " + sum);
        }
    }
}
