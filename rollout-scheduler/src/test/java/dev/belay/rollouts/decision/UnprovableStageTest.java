// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.statistics.Direction;
import dev.belay.statistics.Planner;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** A beta group of 900 users in which nothing will ever be proven: people are asked, once, and told what proof would take. */
class UnprovableStageTest {
    private static final long USERS = 900;
    private static final double RATE = 0.04;

    private final Situation beta = Given.running(Given.plan(
            Given.askAfter(Given.segment("beta", 50.0, AdvanceMode.PROVEN), Duration.ofHours(24)),
            Given.percent("half", 50, AdvanceMode.PROVEN)));

    @Test
    void aPersonIsAskedOnceHoweverOftenTheSchedulerStartsAnew() {
        Situation situation = beta;
        int asked = 0;
        for (int minute = 0; minute < 3 * 24 * 60; minute += 10) {
            Instant now = Given.NOON.plus(Duration.ofMinutes(minute));
            Situation restarted = readAgain(situation).with(undecided(situation.rollout(), now));
            Decision decision = RolloutDecider.decide(restarted, new RolloutEvent.Tick(now));
            asked += decision.changes().size();
            situation = Given.applied(restarted, decision);
        }
        assertThat(asked).isEqualTo(1);
        assertThat(situation.rollout().asked()).isTrue();
        assertThat(situation.rollout().stage()).isZero();
        assertThat(situation.rollout().updatedAt()).isEqualTo(Given.NOON.plus(Duration.ofHours(24)));
    }

    @Test
    void whatProofWouldTakeIsThatOfThePlannerInUsersAndDays() {
        Instant day = Given.NOON.plus(Duration.ofDays(1));
        Situation waiting = beta.with(undecided(beta.rollout(), day));
        double planned = new Planner(RATE, 0.5).unitsToHealthy(Direction.DROP, 0.2, 0.05) - USERS / 2.0;

        Explanation.GuardrailStanding standing =
                Explanation.of(waiting, beta.rollout(), day).guardrails().get(0);

        assertThat((double) standing.proof().treatedUsers()).isCloseTo(planned, within(0.2 * planned));
        double days = planned / (USERS / 2.0);
        assertThat(standing.proof().time().toHours() / 24.0).isCloseTo(days, within(0.2 * days));
        String question =
                Given.after(waiting, new RolloutEvent.Tick(day)).rollout().reason();
        assertThat(question)
                .contains("conversion needs about "
                        + Spoken.count(standing.proof().treatedUsers()) + " more treated users")
                .contains("about " + Spoken.duration(standing.proof().time()));
    }

    @Test
    void aPersonMayGoOnAndHarmIsTakenBackAllTheSame() {
        Instant day = Given.NOON.plus(Duration.ofDays(1));
        Situation asked = Given.after(beta.with(undecided(beta.rollout(), day)), new RolloutEvent.Tick(day));
        assertThat(RolloutDecider.decide(asked, new RolloutEvent.Advance(Given.order(asked, day), false))
                        .refusal()
                        .code())
                .as("what is missing is proof, so passing over it is said")
                .isEqualTo("gate-closed");
        Situation half = Given.after(asked, new RolloutEvent.Advance(Given.order(asked, day), true));
        assertThat(half.rollout().stage()).isEqualTo(1);
        Situation out = Given.after(
                half,
                new RolloutEvent.RollbackArrived(Given.rollback(1, RollbackTarget.ALL), day.plus(Duration.ofHours(1))));
        assertThat(out.rollout().status()).isEqualTo(RolloutStatus.ROLLED_BACK);
    }

    /** What is kept is all there is after a start. */
    private static Situation readAgain(Situation situation) {
        RolloutState state = Json.read(Json.write(situation.rollout()), RolloutState.class);
        Terms terms = Json.read(Json.write(situation.terms()), Terms.class);
        Basis basis = Json.read(Json.write(situation.basis()), Basis.class);
        return Situation.empty(Given.FLAG, Given.VERDICT_AGE).with(state, basis, terms);
    }

    private static Heard undecided(RolloutState rollout, Instant at) {
        Counts half = new Counts(USERS / 2, Math.round(USERS / 2.0 * RATE));
        return new Heard(
                new Verdict(
                        Given.FLAG.project(),
                        Given.FLAG.environment(),
                        Given.FLAG.flag(),
                        rollout.epoch(),
                        rollout.version(),
                        rollout.stage(),
                        "conversion",
                        "conversion",
                        "on",
                        null,
                        dev.belay.contracts.verdicts.Decision.UNDECIDED,
                        List.of(Reason.NOT_ENOUGH_EVIDENCE),
                        Guardrail.Limit.FALLS,
                        0.2,
                        Guardrail.Then.ROLLBACK,
                        Guardrail.Scope.AUTO,
                        new Estimate(1.0, 0.5, 1.9),
                        half,
                        half,
                        USERS / 2,
                        USERS / 2,
                        USERS / 2,
                        Map.of(),
                        0.1,
                        4.6,
                        0.2,
                        3.0,
                        7,
                        at,
                        null,
                        at),
                at);
    }
}
