// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Why a rollout is where it is, on one page.
 *
 * @param status where it is in its life
 * @param stage name of its stage; null when it has none
 * @param sentence the answer in one sentence
 * @param checks what must hold before the stage is left; empty when nothing is waited for
 * @param guardrails what is known of each guardrail
 * @param next what happens when everything holds
 * @param notes what is wrong with the data, each thing once however many guardrails say it; empty when nothing is
 * @param approvals every approval the rollout needs from here on, given or not, with the hash to approve
 * @param lateBy how long what it waits for has kept it beyond its time; null when it is not late
 */
public record Explanation(
        RolloutStatus status,
        @Nullable String stage,
        String sentence,
        List<Check> checks,
        List<GuardrailStanding> guardrails,
        String next,
        List<String> notes,
        List<Needed> approvals,
        @Nullable Duration lateBy) {

    /**
     * What is known of a guardrail.
     *
     * @param name name of the guardrail
     * @param decision what the watcher last said
     * @param reasons why
     * @param sentence the numbers
     * @param heardAt when the verdict arrived
     * @param fresh whether that is recent enough to raise on
     * @param proof what it would still cost to prove it healthy; null when it is proven, or nobody can say
     */
    public record GuardrailStanding(
            String name,
            Decision decision,
            List<Reason> reasons,
            String sentence,
            Instant heardAt,
            boolean fresh,
            @Nullable CostOfProof proof) {}

    /** @param rollout the latest rollout of the situation's flag, or an earlier one */
    public static Explanation of(Situation situation, RolloutState rollout, Instant now) {
        Optional<Gate> gate =
                rollout.status().isLive() ? Optional.of(Gate.of(situation, rollout, now)) : Optional.empty();
        return new Explanation(
                rollout.status(),
                stageName(rollout),
                sentence(situation, rollout, gate),
                gate.map(Gate::checks).orElse(List.of()),
                standings(situation, rollout, now),
                next(rollout),
                notes(situation, rollout, now),
                isLatest(situation, rollout) ? Needed.of(rollout, situation.terms()) : List.of(),
                lateBy(rollout, now));
    }

    private static boolean isLatest(Situation situation, RolloutState rollout) {
        RolloutState latest = situation.rollout();
        return latest != null && latest.epoch() == rollout.epoch();
    }

    private static @Nullable Duration lateBy(RolloutState rollout, Instant now) {
        Instant due =
                switch (rollout.status()) {
                    case SCHEDULED -> rollout.startsAt();
                    case RUNNING ->
                        rollout.stageSince() == null
                                ? null
                                : rollout.stageSince()
                                        .plus(GateChecks.stageOf(rollout).atLeast());
                    case DRAFT, AWAITING_APPROVAL, PAUSED, COMPLETED, ROLLED_BACK, CANCELLED, RESTORED -> null;
                };
        return due == null || !now.isAfter(due) ? null : Duration.between(due, now);
    }

    private static List<String> notes(Situation situation, RolloutState rollout, Instant now) {
        return situation.verdicts().values().stream()
                .filter(heard -> heard.isFresh(now, situation.verdictAge()))
                .map(Heard::verdict)
                .filter(verdict -> verdict.epoch() == rollout.epoch() && verdict.stage() == rollout.stage())
                .sorted(Comparator.comparing(Verdict::subject))
                .flatMap(verdict -> verdict.notes().stream())
                .distinct()
                .toList();
    }

    private static @Nullable String stageName(RolloutState rollout) {
        return rollout.plan() == null || rollout.stage() < 0
                ? null
                : rollout.plan().stages().get(rollout.stage()).name();
    }

    private static String sentence(Situation situation, RolloutState rollout, Optional<Gate> gate) {
        return switch (rollout.status()) {
            case DRAFT -> "It is a draft.";
            case AWAITING_APPROVAL -> awaiting(situation, rollout);
            case SCHEDULED -> "It starts at " + rollout.startsAt() + ".";
            case RUNNING ->
                "It is in " + RolloutDecider.stage(rollout)
                        + gate.map(Explanation::waiting).orElse(".");
            case PAUSED -> "It is paused in " + RolloutDecider.stage(rollout) + ": " + rollout.reason() + ".";
            case COMPLETED -> "It is completed" + laterOut(situation, rollout) + ": " + rollout.reason() + ".";
            case ROLLED_BACK -> "It was " + rollout.reason() + ".";
            case CANCELLED -> "It was cancelled: " + rollout.reason() + ".";
            case RESTORED -> "A kill was lifted: " + rollout.reason() + ".";
        };
    }

    private static String awaiting(Situation situation, RolloutState rollout) {
        List<Needed> missing =
                Needed.missing(rollout, situation.terms(), situation.terms().from());
        return missing.isEmpty()
                ? "It is approved and waits for somebody to start it."
                : "It waits for an approval: "
                        + missing.stream().map(Needed::sentence).collect(Collectors.joining("; ")) + ".";
    }

    private static String waiting(Gate gate) {
        return gate.isOpen() ? " and moves on at the next tick." : " and waits: " + gate.missing() + ".";
    }

    private static String laterOut(Situation situation, RolloutState rollout) {
        return situation
                .wholeOut()
                .filter(out -> out.epoch() >= rollout.epoch())
                .map(out -> " and was taken out later (" + out.reason() + ")")
                .orElse("");
    }

    private static String next(RolloutState rollout) {
        return switch (rollout.status()) {
            case DRAFT, AWAITING_APPROVAL -> "Nothing happens by itself.";
            case SCHEDULED -> "Its first stage begins.";
            case RUNNING -> following(rollout);
            case PAUSED -> "It raises again when somebody resumes it; guardrails stay armed.";
            case COMPLETED, ROLLED_BACK, CANCELLED, RESTORED -> "Nothing: another try is a new rollout.";
        };
    }

    private static String following(RolloutState rollout) {
        if (rollout.plan() == null
                || rollout.stage() + 1 >= rollout.plan().stages().size()) {
            return "When every check holds it is completed.";
        }
        String name = rollout.plan().stages().get(rollout.stage() + 1).name();
        return "When every check holds it enters stage " + name + ".";
    }

    private static List<GuardrailStanding> standings(Situation situation, RolloutState rollout, Instant now) {
        return situation.verdicts().values().stream()
                .filter(heard -> heard.verdict().epoch() == rollout.epoch())
                .sorted(Comparator.comparing(heard -> heard.verdict().subject()))
                .map(heard -> standing(situation, heard, rollout, now))
                .toList();
    }

    private static GuardrailStanding standing(Situation situation, Heard heard, RolloutState rollout, Instant now) {
        Verdict verdict = heard.verdict();
        CostOfProof proof = verdict.decision() == Decision.UNDECIDED && rollout.plan() != null
                ? CostOfProof.of(verdict, rollout, now).orElse(null)
                : null;
        String cost = proof == null ? "" : proof.sentence() + " would prove it healthy";
        Duration age = Duration.between(heard.arrivedAt(), now);
        String sentence =
                numbers(verdict) + (cost.isEmpty() ? "" : "; " + cost) + "; heard " + Spoken.duration(age) + " ago";
        return new GuardrailStanding(
                verdict.guardrail(),
                verdict.decision(),
                verdict.reasons(),
                sentence,
                heard.arrivedAt(),
                heard.isFresh(now, situation.verdictAge()),
                proof);
    }

    /** Returns the change, the limit and the counts of a verdict. */
    static String numbers(Verdict verdict) {
        return verdict.metric() + change(verdict.estimate()) + ", limit " + limit(verdict) + "; "
                + arm("control", verdict.control()) + ", " + arm("treatment", verdict.treatment());
    }

    private static String change(Estimate estimate) {
        if (estimate.ratio() == null) {
            return " cannot be compared yet";
        }
        String range = estimate.lower() == null || estimate.upper() == null
                ? ""
                : " (" + Spoken.change(estimate.lower()) + " to " + Spoken.change(estimate.upper()) + ")";
        return " " + Spoken.change(estimate.ratio()) + range;
    }

    private static String limit(Verdict verdict) {
        return switch (verdict.limit()) {
            case FALLS -> "falls " + Spoken.percent(verdict.threshold());
            case RISES -> "rises " + Spoken.percent(verdict.threshold());
            case ABOVE -> "above " + verdict.threshold();
            case BELOW -> "below " + verdict.threshold();
        };
    }

    private static String arm(String name, Counts counts) {
        return name + " " + Spoken.count(counts.events()) + " of " + Spoken.count(counts.exposed());
    }
}
