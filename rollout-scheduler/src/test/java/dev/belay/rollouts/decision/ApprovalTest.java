// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Actor;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Stage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Who must agree, to what, and that nothing leads around it. */
class ApprovalTest {
    private static final Actor BOB = Actor.person("bob");
    private static final Actor CAT = Actor.person("cat");
    private static final Instant DUE = Given.NOON.plus(Duration.ofMinutes(10));

    private static final Plan APPROVED_HALF = Given.plan(
            Given.percent("canary", 5, AdvanceMode.PROVEN),
            Given.approval(Given.percent("half", 50, AdvanceMode.PROVEN), "releaser", 1),
            Given.percent("everyone", 100, AdvanceMode.PROVEN));

    private final Situation canary = healthy(Given.running(APPROVED_HALF));

    @Test
    void aStageIsNotEnteredBeforeSomebodyElseAgreed() {
        Situation asked = Given.after(canary, new RolloutEvent.Tick(DUE));
        assertThat(asked.rollout().stage()).isZero();
        assertThat(asked.rollout().asked()).as("asked when all else holds").isTrue();
        assertThat(asked.rollout().reason()).contains("stage half needs an approval by releaser, has 0");

        Situation agreed = Given.after(asked, approve(asked, BOB, Role.RELEASER));
        assertThat(agreed.rollout().version()).isEqualTo(asked.rollout().version() + 1);
        assertThat(Given.after(agreed, new RolloutEvent.Tick(DUE)).rollout().stage())
                .isEqualTo(1);
    }

    @Test
    void nobodyAgreesToTheirOwn() {
        assertThat(code(canary, approve(canary, Given.ANN, Role.ADMIN))).isEqualTo("own-approval");
        Actor key = new Actor(Actor.Kind.KEY, Given.ANN.name());
        assertThat(code(canary, approve(canary, key, Role.ADMIN))).isEqualTo("own-approval");
    }

    @Test
    void agreeingTakesTheRoleThatTheStageNames() {
        assertThat(code(canary, approve(canary, BOB, Role.EDITOR))).isEqualTo("forbidden");
        Situation byAdmin = Given.running(Given.plan(
                Given.percent("canary", 5, AdvanceMode.PROVEN),
                Given.approval(Given.percent("half", 50, AdvanceMode.PROVEN), "admin", 1)));
        assertThat(code(byAdmin, approve(byAdmin, BOB, Role.RELEASER))).isEqualTo("forbidden");
        assertThat(RolloutDecider.decide(byAdmin, approve(byAdmin, BOB, Role.ADMIN))
                        .refusal())
                .isNull();
    }

    @Test
    void onePersonCountsOnce() {
        Situation two = healthy(Given.running(Given.plan(
                Given.percent("canary", 5, AdvanceMode.PROVEN),
                Given.approval(Given.percent("half", 50, AdvanceMode.PROVEN), "releaser", 2))));
        Situation once = Given.after(two, approve(two, BOB, Role.RELEASER));
        Situation twice = Given.after(once, approve(once, BOB, Role.RELEASER));
        assertThat(twice.rollout().version()).isEqualTo(once.rollout().version());
        assertThat(Gate.of(twice, twice.rollout(), DUE).missing())
                .contains("needs 2 approvals by releaser, has 1 (bob)");
        Situation both = Given.after(twice, approve(twice, CAT, Role.RELEASER));
        assertThat(Given.after(both, new RolloutEvent.Tick(DUE)).rollout().stage())
                .isEqualTo(1);
    }

    @Test
    void whatWasSeenIsWhatIsAgreedTo() {
        RolloutEvent.Approve old = approve(canary, BOB, Role.RELEASER);
        Situation edited = Given.after(canary, edit(canary, Given.lasting(plan(canary), Duration.ofHours(1))));
        assertThat(code(edited, old)).isEqualTo("stale-approval");
        Situation none = Given.running(Given.fourStages());
        assertThat(code(none, new RolloutEvent.Approve(Given.order(none, BOB, DUE), "x", Role.ADMIN)))
                .isEqualTo("nothing-to-approve");
    }

    @Test
    void tighteningKeepsAnApprovalAndLooseningVoidsIt() {
        Situation agreed = Given.after(canary, approve(canary, BOB, Role.RELEASER));
        Situation tighter = Given.after(
                agreed,
                edit(agreed, Given.lasting(plan(agreed), Duration.ofMinutes(10).plusSeconds(1))));
        assertThat(Needed.of(tighter.rollout(), tighter.terms()))
                .allSatisfy(needed -> assertThat(needed.isGiven()).isTrue());
        Situation looser = Given.after(tighter, edit(tighter, Given.lasting(plan(tighter), Duration.ZERO)));
        assertThat(Needed.of(looser.rollout(), looser.terms()))
                .allSatisfy(needed -> assertThat(needed.given()).isEmpty());
    }

    @Test
    void whatIsScheduledWaitsAgainWhenItIsLoosened() {
        Plan first = Given.plan(
                Given.approval(Given.percent("canary", 5, AdvanceMode.PROVEN), "releaser", 1),
                Given.percent("half", 50, AdvanceMode.PROVEN));
        Instant tonight = Given.NOON.plus(Duration.ofHours(9));
        Situation asked = Given.after(
                Given.nothing(),
                new RolloutEvent.Start(first, tonight, RolloutEvent.Opening.PLAIN, Given.ANN, "tonight", Given.NOON));
        assertThat(asked.rollout().status()).isEqualTo(RolloutStatus.AWAITING_APPROVAL);
        Situation scheduled = Given.after(asked, approve(asked, BOB, Role.RELEASER));
        assertThat(scheduled.rollout().status()).isEqualTo(RolloutStatus.SCHEDULED);
        assertThat(scheduled.rollout().startsAt()).isEqualTo(tonight);

        Situation looser = Given.after(scheduled, edit(scheduled, Given.lasting(first, Duration.ZERO)));
        assertThat(looser.rollout().status()).isEqualTo(RolloutStatus.AWAITING_APPROVAL);
        assertThat(Given.after(looser, new RolloutEvent.Tick(tonight)).rollout().stage())
                .isEqualTo(-1);
        Situation again = Given.after(looser, approve(looser, CAT, Role.RELEASER));
        assertThat(Given.after(again, new RolloutEvent.Tick(tonight)).rollout().status())
                .isEqualTo(RolloutStatus.RUNNING);
    }

    @Test
    void whoeverLoosensAgreesToNothingOfIt() {
        Situation looser = Given.after(
                canary,
                new RolloutEvent.Edit(Given.order(canary, BOB, DUE), Given.lasting(plan(canary), Duration.ZERO)));
        assertThat(code(looser, approve(looser, BOB, Role.ADMIN))).isEqualTo("own-approval");
        assertThat(RolloutDecider.decide(looser, approve(looser, CAT, Role.RELEASER))
                        .refusal())
                .isNull();
    }

    @Test
    void anApprovalIsNotEditedAway() {
        Plan without = Given.plan(
                Given.percent("canary", 5, AdvanceMode.PROVEN),
                Given.percent("half", 50, AdvanceMode.PROVEN),
                Given.percent("everyone", 100, AdvanceMode.PROVEN));
        assertThat(code(canary, edit(canary, without))).isEqualTo("approval-needed");
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class NothingLeadsAroundIt {
        List<Map.Entry<String, RolloutEvent>> ways() {
            RolloutEvent.Order order = Given.order(canary, DUE);
            return List.of(
                    Map.entry("advance", new RolloutEvent.Advance(order, false)),
                    Map.entry("advance, override", new RolloutEvent.Advance(order, true)),
                    Map.entry("jump into it", new RolloutEvent.Jump(order, "half", true)),
                    Map.entry("jump over it", new RolloutEvent.Jump(order, "everyone", true)),
                    Map.entry("complete", new RolloutEvent.Complete(order, true)));
        }

        @ParameterizedTest
        @MethodSource("ways")
        void byNoVerb(Map.Entry<String, RolloutEvent> way) {
            assertThat(code(canary, way.getValue())).isEqualTo("approval-needed");
            Situation agreed = Given.after(canary, approve(canary, BOB, Role.RELEASER));
            assertThat(code(agreed, way.getValue()))
                    .as("once it is there the approval hinders no longer")
                    .isNotEqualTo("approval-needed");
        }

        @Test
        void byNoStart() {
            for (boolean isAgain : List.of(true, false)) {
                RolloutEvent.Opening later = new RolloutEvent.Opening(2, false, isAgain, true, List.of(), null, null);
                Situation started = Given.after(
                        Given.nothing(),
                        new RolloutEvent.Start(APPROVED_HALF, null, later, Given.ANN, "hurry", Given.NOON));
                assertThat(started.rollout().status()).isEqualTo(RolloutStatus.AWAITING_APPROVAL);
                assertThat(code(started, new RolloutEvent.Launch(Given.order(started, Given.NOON))))
                        .isEqualTo("approval-needed");
                Situation agreed = Given.after(started, approve(started, BOB, Role.RELEASER));
                assertThat(agreed.rollout().status()).isEqualTo(RolloutStatus.RUNNING);
                assertThat(agreed.rollout().stage()).isEqualTo(2);
            }
        }

        @Test
        void byNoTimeThatPasses() {
            Situation ages = canary;
            for (int day = 1; day < 100; day++) {
                Instant then = DUE.plus(Duration.ofDays(day));
                ages = Given.after(
                        ages.with(Given.heard(ages.rollout(), dev.belay.contracts.verdicts.Decision.HEALTHY, then)),
                        new RolloutEvent.Tick(then));
            }
            assertThat(ages.rollout().stage()).isZero();
        }
    }

    @Nested
    class Reviews {
        private final Situation draft = Given.after(
                Given.nothing(),
                new RolloutEvent.Start(
                        Given.fourStages(),
                        null,
                        new RolloutEvent.Opening(0, true, false, false, List.of("tell"), null, null),
                        Given.ANN,
                        "an idea",
                        Given.NOON));
        private final Situation asked =
                Given.after(draft, new RolloutEvent.Review(Given.order(draft, Given.NOON), "bob"));

        @Test
        void theOneAskedAddsGuardrailsAgreesAndStarts() {
            assertThat(asked.rollout().status()).isEqualTo(RolloutStatus.AWAITING_APPROVAL);
            assertThat(code(asked, new RolloutEvent.Launch(Given.order(asked, DUE))))
                    .isEqualTo("approval-needed");
            assertThat(code(asked, approve(asked, CAT, Role.ADMIN))).isEqualTo("not-asked");

            Situation guarded =
                    Given.after(asked, new RolloutEvent.Edit(Given.order(asked, BOB, DUE), guarded(plan(asked), 0.1)));
            assertThat(plan(guarded).guardrails()).hasSize(2);
            Situation agreed = Given.after(guarded, approve(guarded, BOB, Role.RELEASER));
            assertThat(agreed.rollout().status()).isEqualTo(RolloutStatus.AWAITING_APPROVAL);
            Situation started = Given.after(agreed, new RolloutEvent.Launch(Given.order(agreed, BOB, DUE)));
            assertThat(started.rollout().status()).isEqualTo(RolloutStatus.RUNNING);
            assertThat(started.rollout().stage()).isZero();
        }

        @Test
        void looseningAfterwardsVoidsItAndTighteningDoesNot() {
            Situation guarded =
                    Given.after(asked, new RolloutEvent.Edit(Given.order(asked, BOB, DUE), guarded(plan(asked), 0.1)));
            Situation agreed = Given.after(guarded, approve(guarded, BOB, Role.RELEASER));
            Situation tighter = Given.after(agreed, edit(agreed, guarded(Given.fourStages(), 0.05)));
            assertThat(code(tighter, new RolloutEvent.Launch(Given.order(tighter, DUE))))
                    .isEmpty();
            Situation looser = Given.after(agreed, edit(agreed, guarded(Given.fourStages(), 0.3)));
            assertThat(code(looser, new RolloutEvent.Launch(Given.order(looser, DUE))))
                    .isEqualTo("approval-needed");
        }

        @Test
        void nobodyAsksThemselves() {
            assertThat(code(draft, new RolloutEvent.Review(Given.order(draft, Given.NOON), "ann")))
                    .isEqualTo("own-approval");
        }

        @Test
        void whatTheTemplateLocksStays() {
            Plan plan = plan(draft);
            Plan untold = new Plan(
                    plan.template(),
                    plan.title(),
                    plan.owner(),
                    plan.control(),
                    plan.treatments(),
                    plan.stages(),
                    plan.only(),
                    plan.guardrails(),
                    plan.goals(),
                    plan.watchBy(),
                    plan.sensitivity(),
                    List.of("nobody"),
                    plan.metrics(),
                    plan.alpha(),
                    plan.beta());
            assertThat(code(draft, edit(draft, untold))).isEqualTo("locked");
        }

        @Test
        void aDraftIsNobodyElsesConcern() {
            assertThat(draft.rollout().allocations()).isEmpty();
            assertThat(Given.after(draft, new RolloutEvent.Tick(DUE)).rollout().status())
                    .isEqualTo(RolloutStatus.DRAFT);
        }
    }

    @Test
    void theEvidenceOfAStartedRolloutIsNotEditedAwayFromUnderIt() {
        assertThat(code(canary, edit(canary, guarded(plan(canary), 0.1)))).isEqualTo("started");
        List<Stage> stages = new ArrayList<>(plan(canary).stages());
        stages.set(2, Given.percent("everyone", 90, AdvanceMode.PROVEN));
        assertThat(code(
                        canary,
                        edit(
                                canary,
                                Given.with(plan(canary), stages, plan(canary).guardrails()))))
                .isEqualTo("started");
    }

    @Test
    void afterABreachNobodyGoesOnWithoutSayingSo() {
        Situation out = Given.after(
                canary,
                new RolloutEvent.RollbackArrived(
                        Given.rollback(1, dev.belay.contracts.rollbacks.RollbackTarget.ALL), DUE));
        assertThat(code(out, again(0, false))).isEqualTo("breach-stands");
        Situation again = Given.after(out, again(0, true));
        assertThat(again.rollout().status()).isEqualTo(RolloutStatus.RUNNING);
        assertThat(again.rollout().epoch()).isEqualTo(2);
    }

    @Test
    void anotherTryBeginsInAStageThatWasReached() {
        Situation cancelled = Given.after(canary, new RolloutEvent.Cancel(Given.order(canary, DUE)));
        Situation unreached = Given.after(
                Given.running(Given.fourStages()),
                new RolloutEvent.Cancel(Given.order(Given.running(Given.fourStages()), DUE)));
        assertThat(code(cancelled, again(0, false))).isEmpty();
        RolloutEvent.Opening third = new RolloutEvent.Opening(2, false, true, false, List.of(), null, null);
        assertThat(code(
                        unreached,
                        new RolloutEvent.Start(Given.fourStages(), null, third, Given.ANN, "from canary", DUE)))
                .isEqualTo("stage-not-reached");
        assertThat(code(
                        cancelled,
                        new RolloutEvent.Start(
                                APPROVED_HALF,
                                null,
                                new RolloutEvent.Opening(0, false, true, false, List.of(), 1, 1L),
                                Given.ANN,
                                "as I saw it",
                                DUE)))
                .isEqualTo("stale");
    }

    private static RolloutEvent again(int from, boolean override) {
        RolloutEvent.Opening opening = new RolloutEvent.Opening(from, false, true, override, List.of(), null, null);
        return new RolloutEvent.Start(APPROVED_HALF, null, opening, Given.ANN, "mended", DUE);
    }

    private static Situation healthy(Situation running) {
        return running.with(Given.heard(running.rollout(), dev.belay.contracts.verdicts.Decision.HEALTHY, DUE));
    }

    private static Plan plan(Situation situation) {
        return situation.rollout().plan();
    }

    private static Plan guarded(Plan plan, double falls) {
        Guardrail first = plan.guardrails().get(0);
        Guardrail more = new Guardrail(
                "more",
                first.metric(),
                Guardrail.Limit.FALLS,
                falls,
                null,
                null,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO);
        return Given.with(plan, plan.stages(), List.of(first, more));
    }

    private static RolloutEvent.Edit edit(Situation situation, Plan plan) {
        return new RolloutEvent.Edit(Given.order(situation, DUE), plan);
    }

    private static RolloutEvent.Approve approve(Situation situation, Actor by, Role role) {
        String hash = Needed.of(situation.rollout(), situation.terms()).get(0).hash();
        return new RolloutEvent.Approve(Given.order(situation, by, DUE), hash, role);
    }

    /** Returns why it is refused, empty when it is not. */
    private static String code(Situation situation, RolloutEvent event) {
        Refusal refusal = RolloutDecider.decide(situation, event).refusal();
        return refusal == null ? "" : refusal.code();
    }
}
