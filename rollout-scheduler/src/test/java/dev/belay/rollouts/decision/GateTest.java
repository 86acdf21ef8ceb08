// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Window;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.belay.contracts.verdicts.Decision.BREACHED;
import static dev.belay.contracts.verdicts.Decision.HEALTHY;
import static dev.belay.contracts.verdicts.Decision.NOT_APPLICABLE;
import static dev.belay.contracts.verdicts.Decision.UNDECIDED;
import static dev.belay.rollouts.decision.Given.NOON;
import static dev.belay.rollouts.decision.Given.heard;
import static dev.belay.rollouts.decision.Given.percent;
import static dev.belay.rollouts.decision.Given.plan;
import static dev.belay.rollouts.decision.Given.running;
import static org.assertj.core.api.Assertions.assertThat;

class GateTest {
    private static final Instant DUE = NOON.plus(Duration.ofMinutes(10));

    @Nested
    class Proven {
        private final Situation canary =
                running(plan(percent("canary", 5, AdvanceMode.PROVEN), percent("all", 100, AdvanceMode.PROVEN)));

        @Test
        void aHealthyGuardrailAdvances() {
            assertThat(stageAfterTick(canary.with(heard(canary.rollout(), HEALTHY, DUE)), DUE))
                    .isEqualTo(1);
        }

        @Test
        void anUndecidedGuardrailHolds() {
            Heard undecided = heard(canary.rollout(), UNDECIDED, DUE, Reason.NOT_ENOUGH_EVIDENCE);
            assertThat(stageAfterTick(canary.with(undecided), DUE)).isZero();
        }

        @Test
        void nothingIsProvenWithoutAVerdict() {
            assertThat(stageAfterTick(canary, DUE)).isZero();
        }

        @Test
        void aMillisecondTooEarlyHolds() {
            Instant early = DUE.minusMillis(1);
            assertThat(stageAfterTick(canary.with(heard(canary.rollout(), HEALTHY, early)), early))
                    .isZero();
        }

        @Test
        void aStaleVerdictHolds() {
            Situation heardLongAgo = canary.with(heard(canary.rollout(), HEALTHY, DUE.minusSeconds(31)));
            assertThat(stageAfterTick(heardLongAgo, DUE)).isZero();
        }

        @Test
        void aVerdictAboutAnotherStageHolds() {
            Situation first =
                    running(plan(percent("canary", 5, AdvanceMode.PROVEN), percent("half", 50, AdvanceMode.PROVEN)));
            Situation second = Given.after(first.with(heard(first.rollout(), HEALTHY, DUE)), tick(DUE));
            Instant later = DUE.plus(Duration.ofMinutes(10));
            Situation repeated = second.with(heard(first.rollout(), HEALTHY, later));
            assertThat(statusAfterTick(repeated, later)).isEqualTo(RolloutStatus.RUNNING);
            Situation anew = repeated.with(heard(second.rollout(), HEALTHY, later));
            assertThat(statusAfterTick(anew, later)).isEqualTo(RolloutStatus.COMPLETED);
        }

        @Test
        void oneHealthyBesideOneNotApplicableAdvances() {
            Situation two = running(plan(
                    List.of(),
                    List.of("conversion", "errors"),
                    percent("canary", 5, AdvanceMode.PROVEN),
                    percent("half", 50, AdvanceMode.PROVEN)));
            Situation one = two.with(heard(two.rollout(), "conversion", HEALTHY, DUE));
            assertThat(stageAfterTick(one, DUE)).as("one is missing").isZero();
            Situation both = one.with(heard(two.rollout(), "errors", NOT_APPLICABLE, DUE));
            assertThat(stageAfterTick(both, DUE)).isEqualTo(1);
            Situation neither = both.with(heard(two.rollout(), "conversion", NOT_APPLICABLE, DUE));
            assertThat(stageAfterTick(neither, DUE)).as("none is healthy").isZero();
        }

        @Test
        void whatOnlyNotifiesHoldsNothingAndWhatHoldsMayBePassedOverByAPerson() {
            Situation two = running(plan(
                    List.of(),
                    List.of("conversion", "errors"),
                    percent("canary", 5, AdvanceMode.PROVEN),
                    percent("half", 50, AdvanceMode.PROVEN)));
            assertThat(advanced(two, "notify").isOpen()).isTrue();
            Gate held = advanced(two, "hold");
            assertThat(held.isOpen()).isFalse();
            assertThat(held.mayBeOverridden()).isTrue();
            assertThat(held.missing()).contains("errors (breached)");
            assertThat(advanced(two, "rollback").mayBeOverridden()).isFalse();
        }

        private static Gate advanced(Situation two, String then) {
            RolloutState rollout = doing(two.rollout(), RolloutState.class, "errors", then);
            Verdict breach = heard(rollout, "errors", BREACHED, DUE).verdict();
            Situation heard = two.with(rollout, two.basis())
                    .with(heard(rollout, "conversion", HEALTHY, DUE))
                    .with(new Heard(doing(breach, Verdict.class, "errors", then), DUE));
            return Gate.of(heard, rollout, DUE);
        }

        /** The same with that guardrail doing something else. */
        private static <T> T doing(T of, Class<T> type, String guardrail, String then) {
            JsonNode tree = Json.read(Json.write(of), JsonNode.class);
            if (tree.path("guardrail").asText().equals(guardrail)) {
                ((ObjectNode) tree).put("then", then);
            }
            tree.path("plan").path("guardrails").forEach(each -> {
                if (each.path("name").asText().equals(guardrail)) {
                    ((ObjectNode) each).put("then", then);
                }
            });
            return Json.read(tree.toString(), type);
        }

        @Test
        void twoTicksAfterADowntimeAdvanceOnce() {
            Instant late = DUE.plus(Duration.ofHours(9));
            Situation second = Given.after(canary.with(heard(canary.rollout(), HEALTHY, late)), tick(late));
            assertThat(second.rollout().stage()).isEqualTo(1);
            assertThat(second.rollout().reason()).contains("9 h 10 min of at least 10 min");
            Situation fresh = second.with(heard(second.rollout(), HEALTHY, late));
            assertThat(RolloutDecider.decide(fresh, tick(late)).changes())
                    .allSatisfy(change -> assertThat(change.state().stage()).isEqualTo(1));
        }

        @Test
        void aStageWithoutControlAsksAPersonOnceItsTimeIsOver() {
            Situation silent =
                    running(plan(percent("all", 100, AdvanceMode.PROVEN), percent("same", 100, AdvanceMode.PROVEN)));
            Situation everyone = silent.with(heard(silent.rollout(), NOT_APPLICABLE, DUE, Reason.NO_CONTROL));
            assertThat(RolloutDecider.decide(everyone, tick(NOON)).changes()).isEmpty();
            Situation asked = Given.after(everyone, tick(DUE));
            assertThat(asked.rollout().asked()).isTrue();
            assertThat(asked.rollout().reason()).contains("no control group");
            assertThat(RolloutDecider.decide(asked, tick(DUE)).changes())
                    .as("asked once")
                    .isEmpty();
            assertThat(Given.after(asked, advance(asked, DUE, false)).rollout().stage())
                    .isEqualTo(1);
        }

        @Test
        void aPlanWithoutGuardrailsAsksAPerson() {
            Situation unguarded = running(plan(
                    List.of(),
                    List.of(),
                    percent("canary", 5, AdvanceMode.PROVEN),
                    percent("all", 100, AdvanceMode.PROVEN)));
            assertThat(Given.after(unguarded, tick(DUE)).rollout().reason()).contains("no guardrail");
        }
    }

    @Nested
    class NoSignOfHarm {
        private final Situation canary = running(plan(
                percent("canary", 5, AdvanceMode.NO_SIGN_OF_HARM), percent("half", 50, AdvanceMode.NO_SIGN_OF_HARM)));

        @Test
        void missingEvidenceIsNoHarm() {
            Heard undecided = heard(canary.rollout(), UNDECIDED, DUE, Reason.NOT_ENOUGH_EVIDENCE);
            assertThat(stageAfterTick(canary.with(undecided), DUE)).isEqualTo(1);
        }

        @Test
        void missingControlIsNoHarm() {
            Heard uncompared = heard(canary.rollout(), NOT_APPLICABLE, DUE, Reason.NO_CONTROL);
            assertThat(stageAfterTick(canary.with(uncompared), DUE)).isEqualTo(1);
        }

        @ParameterizedTest
        @EnumSource(
                value = Reason.class,
                names = {
                    "NO_DATA",
                    "STALE",
                    "SAMPLE_RATIO_MISMATCH",
                    "WARNING",
                    "METRIC_SILENT",
                    "CONTROL_FELL",
                    "CONTAMINATED",
                    "LATENESS",
                    "NOT_JOINED",
                    "ERROR"
                })
        void anAlarmHolds(Reason alarm) {
            assertThat(stageAfterTick(canary.with(heard(canary.rollout(), UNDECIDED, DUE, alarm)), DUE))
                    .isZero();
        }

        @Test
        void silenceHolds() {
            assertThat(stageAfterTick(canary, DUE)).isZero();
        }

        @Test
        void nobodyTreatedHolds() {
            Heard empty = new Heard(Given.verdict(canary.rollout(), "conversion", UNDECIDED, 0, 0, DUE), DUE);
            assertThat(stageAfterTick(canary.with(empty), DUE)).isZero();
        }

        @Test
        void aPlanWithoutGuardrailsWaitsForTimeOnly() {
            Situation unguarded = running(plan(
                    List.of(),
                    List.of(),
                    percent("canary", 5, AdvanceMode.NO_SIGN_OF_HARM),
                    percent("half", 50, AdvanceMode.NO_SIGN_OF_HARM)));
            assertThat(stageAfterTick(unguarded, DUE.minusMillis(1))).isZero();
            assertThat(stageAfterTick(unguarded, DUE)).isEqualTo(1);
        }
    }

    @Nested
    class People {
        private final Situation byHand =
                running(plan(percent("canary", 5, AdvanceMode.BY_HAND), percent("half", 50, AdvanceMode.BY_HAND)));

        @Test
        void byHandAsksAndThenObeys() {
            Situation judged = byHand.with(heard(byHand.rollout(), UNDECIDED, DUE, Reason.NOT_ENOUGH_EVIDENCE));
            Situation asked = Given.after(judged, tick(DUE));
            assertThat(asked.rollout().asked()).isTrue();
            assertThat(stageAfterTick(asked, DUE)).isZero();
            Situation obeyed = Given.after(asked, advance(asked, DUE, false));
            assertThat(obeyed.rollout().stage()).isEqualTo(1);
            assertThat(obeyed.rollout().asked()).as("asked about the new stage").isFalse();
        }

        @Test
        void anAdvanceBeforeItsTimeNeedsAnOverride() {
            assertThat(RolloutDecider.decide(byHand, advance(byHand, NOON, false))
                            .refusal())
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("gate-closed"));
            Situation overridden = Given.after(byHand, advance(byHand, NOON, true));
            assertThat(overridden.rollout().stage()).isEqualTo(1);
            assertThat(overridden.rollout().asked()).isFalse();
        }

        @Test
        void nobodyAdvancesOverABreach() {
            Situation breached = byHand.with(heard(byHand.rollout(), BREACHED, DUE));
            assertThat(RolloutDecider.decide(breached, advance(breached, DUE, true))
                            .refusal())
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("breached"));
        }

        @Test
        void nobodyAdvancesAnotherVersionThanTheOneSeen() {
            RolloutEvent.Order order =
                    new RolloutEvent.Order(1, byHand.rollout().version() + 1, Given.ANN, "because", DUE);
            assertThat(RolloutDecider.decide(byHand, new RolloutEvent.Advance(order, true))
                            .refusal())
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("stale"));
        }

        @Test
        void aRollbackThatIsKnownGoesBeforeTheAdvance() {
            Situation out = byHand.with(Given.rollback(1, RollbackTarget.ALL));
            Decision decision = RolloutDecider.decide(out, advance(out, DUE, true));
            assertThat(decision.changes())
                    .singleElement()
                    .satisfies(change -> assertThat(change.state().status()).isEqualTo(RolloutStatus.ROLLED_BACK));
            assertThat(decision.refusal())
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("finished"));
        }

        @Test
        void aPersonIsAskedOnceAfterTheTimeForIt() {
            Plan patient = plan(
                    Given.askAfter(percent("canary", 5, AdvanceMode.PROVEN), Duration.ofHours(1)),
                    percent("half", 50, AdvanceMode.PROVEN));
            Situation waiting = running(patient);
            Instant hour = NOON.plus(Duration.ofHours(1));
            Situation undecided = waiting.with(heard(waiting.rollout(), UNDECIDED, hour, Reason.NOT_ENOUGH_EVIDENCE));
            assertThat(RolloutDecider.decide(undecided, tick(hour.minusMillis(1)))
                            .changes())
                    .isEmpty();
            Situation asked = Given.after(undecided, tick(hour));
            assertThat(asked.rollout().asked()).isTrue();
            assertThat(asked.rollout().reason())
                    .contains("; if nothing has changed conversion needs about", " more treated users, about ");
            assertThat(RolloutDecider.decide(asked, tick(hour)).changes()).isEmpty();
        }
    }

    @Nested
    class DeadMansSwitch {
        private static final String SILENT = "not judged for 31 s: no verdict has come since, all raises hold";

        @ParameterizedTest
        @EnumSource(AdvanceMode.class)
        void whileNobodyJudgesNothingIsRaisedInAnyMode(AdvanceMode mode) {
            Situation canary = running(plan(percent("canary", 5, mode), percent("half", 50, mode)));
            Situation silent = canary.with(heard(canary.rollout(), HEALTHY, DUE.minusSeconds(31)));

            assertThat(stageAfterTick(silent, DUE)).isZero();
            assertThat(RolloutDecider.decide(silent, advance(silent, DUE, false))
                            .refusal())
                    .satisfies(refusal -> {
                        assertThat(refusal.code()).isEqualTo("gate-closed");
                        assertThat(refusal.sentence()).contains(SILENT, "override passes over it");
                    });
            assertThat(Explanation.of(silent, canary.rollout(), DUE).sentence()).contains(SILENT);
        }

        @Test
        void aRolloutThatWasNeverJudgedSaysSo() {
            Situation canary =
                    running(plan(percent("canary", 5, AdvanceMode.BY_HAND), percent("half", 50, AdvanceMode.BY_HAND)));

            assertThat(Gate.of(canary, canary.rollout(), DUE).missing())
                    .contains("not judged yet: no verdict has come, all raises hold");
        }

        @ParameterizedTest
        @EnumSource(AdvanceMode.class)
        void aPersonPassesOverSilenceWithAReason(AdvanceMode mode) {
            Situation canary = running(plan(percent("canary", 5, mode), percent("half", 50, mode)));

            assertThat(Given.after(canary, advance(canary, DUE, true)).rollout().stage())
                    .isEqualTo(1);
        }

        @Test
        void theFirstVerdictAfterItRaisesAgain() {
            Situation canary =
                    running(plan(percent("canary", 5, AdvanceMode.PROVEN), percent("half", 50, AdvanceMode.PROVEN)));
            Situation silent = canary.with(heard(canary.rollout(), HEALTHY, DUE.minusSeconds(31)));

            assertThat(stageAfterTick(silent.with(heard(canary.rollout(), HEALTHY, DUE)), DUE))
                    .isEqualTo(1);
        }
    }

    @Nested
    class Others {
        @Test
        void whatTwoGuardrailsSayIsInTheExplanationOnce() {
            Situation two = running(plan(
                    List.of(),
                    List.of("conversion", "errors"),
                    percent("canary", 5, AdvanceMode.PROVEN),
                    percent("half", 50, AdvanceMode.PROVEN)));
            Situation silent = two.with(noted(two, "conversion")).with(noted(two, "errors"));

            assertThat(Explanation.of(silent, two.rollout(), NOON).notes())
                    .containsExactly("no user of either arm was seen in stage canary");
            assertThat(Explanation.of(silent, two.rollout(), NOON.plusSeconds(31))
                            .notes())
                    .as("what is stale is not said as if it were so now")
                    .isEmpty();
        }

        @Test
        void aRaiseIsAsLateAsItIsAfterTheTimeOfItsStage() {
            Situation canary =
                    running(plan(percent("canary", 5, AdvanceMode.PROVEN), percent("half", 50, AdvanceMode.PROVEN)));
            Instant late = DUE.plusSeconds(90);
            Situation healthy = canary.with(heard(canary.rollout(), HEALTHY, late));
            Change raise = RolloutDecider.decide(healthy, tick(late)).changes().get(0);
            Change byPerson = RolloutDecider.decide(healthy, advance(healthy, late, false))
                    .changes()
                    .get(0);

            assertThat(Lateness.of(canary.rollout(), raise)).contains(Duration.ofSeconds(90));
            assertThat(Lateness.of(canary.rollout(), byPerson)).isEmpty();
        }

        @Test
        void enoughUsersAreNeededInBothArms() {
            Situation canary = running(plan(
                    Given.minUsers(percent("canary", 5, AdvanceMode.PROVEN), 500),
                    percent("half", 50, AdvanceMode.PROVEN)));
            Situation few = canary.with(
                    new Heard(Given.verdict(canary.rollout(), "conversion", HEALTHY, 9_500, 499, DUE), DUE));
            assertThat(stageAfterTick(few, DUE)).isZero();
            Situation enough = canary.with(
                    new Heard(Given.verdict(canary.rollout(), "conversion", HEALTHY, 9_500, 500, DUE), DUE));
            assertThat(stageAfterTick(enough, DUE)).isEqualTo(1);
        }

        @Test
        void aVariantThatIsOutHoldsNobodyElse() {
            Situation one = running(plan(
                    Given.minUsers(percent("canary", 5, AdvanceMode.PROVEN), 500),
                    percent("half", 50, AdvanceMode.PROVEN)));
            JsonNode tree = Json.tree(one.rollout());
            ((ObjectNode) tree.path("plan")).putArray("treatments").add("on").add("bold");
            RolloutState both = Json.read(tree.toString(), RolloutState.class);
            Verdict healthy = Given.verdict(both, "conversion", HEALTHY, 9_500, 500, DUE);
            Verdict breached = of(Given.verdict(both, "conversion", BREACHED, 9_500, 90, DUE), "bold");
            Situation heard =
                    one.with(both, one.basis()).with(new Heard(healthy, DUE)).with(new Heard(breached, DUE));
            assertThat(Gate.of(heard, both, DUE).isOpen()).isFalse();

            Basis out = new Basis(List.of("variant:bold"), one.basis().targeting());
            assertThat(Gate.of(heard.with(both, out), both, DUE).failing()).isEmpty();
        }

        private static Verdict of(Verdict verdict, String variant) {
            ObjectNode tree = (ObjectNode) Json.read(Json.write(verdict), JsonNode.class);
            return Json.read(tree.put("variant", variant).toString(), Verdict.class);
        }

        @Test
        void raisesWaitForTheOpeningOfTheWindow() {
            // Monday noon in UTC is 13:00 in Berlin.
            Window mornings = new Window(
                    List.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY),
                    LocalTime.of(9, 0),
                    LocalTime.of(13, 0),
                    ZoneId.of("Europe/Berlin"));
            Situation canary = running(plan(
                    List.of(mornings),
                    List.of("conversion"),
                    percent("canary", 5, AdvanceMode.PROVEN),
                    percent("half", 50, AdvanceMode.PROVEN)));
            Situation atDue = canary.with(heard(canary.rollout(), HEALTHY, DUE));
            assertThat(stageAfterTick(atDue, DUE)).isZero();
            assertThat(Gate.of(atDue, canary.rollout(), DUE).missing()).contains("next at 2026-03-03T08:00:00Z");
            Instant tuesday = Instant.parse("2026-03-03T08:00:00Z");
            Situation opened = canary.with(heard(canary.rollout(), HEALTHY, tuesday));
            assertThat(stageAfterTick(opened, tuesday)).isEqualTo(1);
        }

        @Test
        void theLastStageCompletes() {
            Situation only = running(plan(percent("half", 50, AdvanceMode.PROVEN)));
            assertThat(statusAfterTick(only.with(heard(only.rollout(), HEALTHY, DUE)), DUE))
                    .isEqualTo(RolloutStatus.COMPLETED);
        }

        @Test
        void aPausedRolloutDoesNotRaise() {
            Situation canary =
                    running(plan(percent("canary", 5, AdvanceMode.PROVEN), percent("half", 50, AdvanceMode.PROVEN)));
            Situation healthy = canary.with(heard(canary.rollout(), HEALTHY, DUE));
            Situation paused = Given.after(healthy, new RolloutEvent.Pause(Given.order(healthy, DUE)));
            assertThat(RolloutDecider.decide(paused, tick(DUE)).changes()).isEmpty();
            Situation resumed = Given.after(paused, new RolloutEvent.Resume(Given.order(paused, DUE)));
            assertThat(stageAfterTick(resumed, DUE)).isEqualTo(1);
        }

        @Test
        void theExplanationNamesWhatIsMissingWithItsNumbers() {
            Situation canary =
                    running(plan(percent("canary", 5, AdvanceMode.PROVEN), percent("half", 50, AdvanceMode.PROVEN)));
            Situation undecided = canary.with(heard(canary.rollout(), UNDECIDED, NOON, Reason.NOT_ENOUGH_EVIDENCE));
            Explanation why = Explanation.of(undecided, canary.rollout(), NOON.plusSeconds(5));
            assertThat(why.sentence())
                    .startsWith("It is in stage canary (1 of 2) and waits: 5 s of at least 10 min in the stage; "
                            + "not proven: conversion (not decided: evidence is still growing)");
            assertThat(why.guardrails()).singleElement().satisfies(standing -> assertThat(standing.sentence())
                    .startsWith("conversion -3.0 % (-12.0 % to +6.0 %), limit falls 20 %; "
                            + "control 120 of 1,000, treatment 116 of 1,000; about ")
                    .endsWith("; heard 5 s ago"));
            assertThat(why.next()).isEqualTo("When every check holds it enters stage half.");
        }
    }

    private static RolloutEvent tick(Instant now) {
        return new RolloutEvent.Tick(now);
    }

    private static RolloutEvent advance(Situation situation, Instant now, boolean override) {
        return new RolloutEvent.Advance(Given.order(situation, now), override);
    }

    private static int stageAfterTick(Situation situation, Instant now) {
        return Given.after(situation, tick(now)).rollout().stage();
    }

    private static RolloutStatus statusAfterTick(Situation situation, Instant now) {
        return Given.after(situation, tick(now)).rollout().status();
    }

    @Test
    void withoutAControlGroupTreatedUsersAloneAreCounted() {
        Situation internal = running(plan(
                Given.minUsers(Given.segment("internal", null, AdvanceMode.NO_SIGN_OF_HARM), 1_000),
                percent("all", 100, AdvanceMode.PROVEN)));
        assertThat(stageAfterTick(internal.with(heardOf(internal, 999)), DUE)).isZero();
        assertThat(stageAfterTick(internal.with(heardOf(internal, 1_000)), DUE)).isEqualTo(1);
    }

    private static Heard noted(Situation situation, String guardrail) {
        return new Heard(
                Given.noted(
                        Given.verdict(situation.rollout(), guardrail, UNDECIDED, 0, 0, NOON, Reason.NO_DATA),
                        "no user of either arm was seen in stage canary"),
                NOON);
    }

    private static Heard heardOf(Situation situation, long treated) {
        return new Heard(Given.verdict(situation.rollout(), "conversion", NOT_APPLICABLE, 0, treated, DUE), DUE);
    }
}
