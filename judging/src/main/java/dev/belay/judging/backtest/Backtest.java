// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.backtest;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MemberEvidence;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * When guardrails would have rolled a recorded experiment back. Pure: the same visits give the same answer, bit for bit.
 *
 * <p>The recording is one stage in which units were assigned elsewhere. Its events go through the attribution and the judge
 * that live ones go through, and are judged in every block; a block ends as live, by units and by the recording's clock.
 */
public final class Backtest {
    private Backtest() {}

    /**
     * What came out.
     *
     * @param guardrail the guardrail that fired, else the first that compares what the recording is about
     * @param firing what was said when it fired; null when none did
     * @param estimate how large the change is over the whole recording
     * @param logHarm natural logarithm of the evidence of harm over the whole recording
     * @param control units of control over the whole recording
     * @param treatment units of the treatment over the whole recording
     * @param excluded units that are not compared, by reason
     */
    public record Finding(
            String guardrail,
            @Nullable Firing firing,
            Estimate estimate,
            double logHarm,
            Counts control,
            Counts treatment,
            Map<String, Long> excluded) {}

    /**
     * A rollback.
     *
     * @param segment {@code dimension=value}; null for everyone
     * @param at when, by the recording's clock
     * @param treatedUnits distinct units that had seen the treatment by then
     * @param estimate how large the change was then
     * @param logHarm natural logarithm of the evidence of harm then
     * @param sentence all of it for people; empty when there is none
     */
    public record Firing(
            @Nullable String segment,
            Instant at,
            long treatedUnits,
            Estimate estimate,
            double logHarm,
            String sentence) {
        static Firing of(Verdict verdict) {
            String sentence = verdict.sentence();
            return new Firing(
                    verdict.segment(),
                    verdict.at(),
                    verdict.treatedUnits(),
                    verdict.estimate(),
                    verdict.logEvidence(),
                    sentence == null ? "" : sentence);
        }
    }

    /**
     * Plays a recording to its end.
     *
     * @param visits in the order of their times, at least one
     * @throws IllegalArgumentException if there is none, or a time is too far away to be kept
     */
    public static Finding run(BacktestPlan question, List<RecordedVisit> visits) {
        Playback playback = started(question, visits);
        visits.forEach(playback::play);
        playback.end();
        Optional<Verdict> fired = playback.fired();
        String guardrail =
                fired.map(Verdict::guardrail).orElseGet(() -> question.first().name());
        Evidence evidence = playback.evidence(guardrail);
        return new Finding(
                guardrail,
                fired.map(Firing::of).orElse(null),
                evidence.estimate(),
                logHarm(evidence.members()),
                evidence.control(),
                evidence.treatment(),
                evidence.excluded());
    }

    /**
     * Returns whether any guardrail would have rolled back; stops there.
     *
     * @param visits in the order of their times, at least one
     */
    public static boolean fires(BacktestPlan question, List<RecordedVisit> visits) {
        Playback playback = started(question, visits);
        for (RecordedVisit visit : visits) {
            playback.play(visit);
            if (playback.fired().isPresent()) {
                return true;
            }
        }
        playback.end();
        return playback.fired().isPresent();
    }

    private static Playback started(BacktestPlan question, List<RecordedVisit> visits) {
        Require.notEmpty(visits, "visits");
        Plan plan = question.plan(share(visits));
        return new Playback(plan, visits.get(0).at());
    }

    /** The share of treatment among units, by their first visit. */
    private static double share(List<RecordedVisit> visits) {
        Map<String, Boolean> arms = new HashMap<>();
        visits.forEach(visit -> arms.putIfAbsent(visit.unit(), visit.treated()));
        long treated = arms.values().stream().filter(arm -> arm).count();
        return (double) treated / arms.size();
    }

    /** The evidence of a guardrail by itself, whether its gate is open or not: the weighted sum of its members. */
    private static double logHarm(List<MemberEvidence> members) {
        double largest =
                members.stream().mapToDouble(MemberEvidence::logHarm).max().orElse(Double.NEGATIVE_INFINITY);
        if (Double.isInfinite(largest)) {
            return largest;
        }
        double sum = members.stream()
                .mapToDouble(member -> member.weight() * StrictMath.exp(member.logHarm() - largest))
                .sum();
        return largest + StrictMath.log(sum);
    }
}
