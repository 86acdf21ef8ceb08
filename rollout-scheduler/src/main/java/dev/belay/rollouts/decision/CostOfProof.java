// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.statistics.Direction;
import dev.belay.statistics.Planner;
import org.jspecify.annotations.Nullable;

/**
 * What it would still cost to prove a guardrail healthy in the present stage, if the metric has not changed at all.
 *
 * @param treatedUsers about how many more treated users it takes
 * @param time about how long that takes at the rate at which the stage has treated users so far; null when nobody can say
 */
public record CostOfProof(long treatedUsers, @Nullable Duration time) {

    /** Returns the cost; empty when there is too little data to say, or nothing to compare with. */
    static Optional<CostOfProof> of(Verdict verdict, RolloutState rollout, Instant now) {
        OptionalLong users =
                treatedUsers(verdict, Require.nonNull(rollout.plan(), "plan").beta());
        if (users.isEmpty()) {
            return Optional.empty();
        }
        Instant since = rollout.stageSince();
        long seconds = since == null ? 0 : Duration.between(since, now).toSeconds();
        Duration time = seconds <= 0
                ? null
                : Duration.ofSeconds(Math.round((double) users.getAsLong() * seconds / verdict.stageTreatment()));
        return Optional.of(new CostOfProof(users.getAsLong(), time));
    }

    /** Returns for instance {@code about 41,000 more treated users, about 9 d 2 h}. */
    String sentence() {
        String words = "about " + Spoken.count(treatedUsers) + " more treated users";
        return time == null ? words : words + ", about " + Spoken.duration(time);
    }

    /**
     * Returns about how many more treated users it takes in the present stage, if the metric has not changed at all.
     *
     * @param beta probability of calling harm at the limit healthy
     * @return empty when there is too little data to say, or nothing to compare with
     */
    static OptionalLong treatedUsers(Verdict verdict, double beta) {
        Counts control = verdict.control();
        long compared = verdict.stageControl() + verdict.stageTreatment();
        boolean isRelative = verdict.limit() == Guardrail.Limit.FALLS || verdict.limit() == Guardrail.Limit.RISES;
        boolean hasRate = control.events() > 0 && control.events() < control.exposed();
        boolean hasBothArms = verdict.stageControl() > 0 && verdict.stageTreatment() > 0;
        if (!isRelative || !hasRate || !hasBothArms) {
            return OptionalLong.empty();
        }
        double rate = (double) control.events() / control.exposed();
        double share = (double) verdict.stageTreatment() / compared;
        Direction direction = verdict.limit() == Guardrail.Limit.FALLS ? Direction.DROP : Direction.RISE;
        double units = new Planner(rate, share).unitsToHealthy(direction, verdict.threshold(), beta);
        return OptionalLong.of(Math.max(0, (long) Math.ceil(units) - verdict.stageTreatment()));
    }
}
