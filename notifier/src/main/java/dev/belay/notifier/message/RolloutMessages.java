// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Severity;

/** Messages about a rollout that goes its way. */
public final class RolloutMessages {
    private final RolloutState state;
    private final Plan plan;
    private final Surroundings surroundings;
    private final Bystanders bystanders;

    private RolloutMessages(RolloutState state, Plan plan, Surroundings surroundings) {
        this.state = state;
        this.plan = plan;
        this.surroundings = surroundings;
        this.bystanders = new Bystanders(surroundings);
    }

    /**
     * Returns the message about a rollout.
     *
     * @throws IllegalStateException if it is an occasion of an incident
     */
    public static Notice of(Occasion occasion, RolloutState state, Plan plan, Surroundings surroundings) {
        RolloutMessages words = new RolloutMessages(state, plan, surroundings);
        return switch (occasion) {
            case AWAITING_APPROVAL -> words.awaitingApproval();
            case STARTED -> words.started();
            case ADVANCED -> words.advanced();
            case PAUSED -> words.paused();
            case RESUMED -> words.resumed();
            case ASKED -> words.asked();
            case COMPLETED -> words.completed();
            case CANCELLED -> words.cancelled();
            case ROLLED_BACK, UNCONFIRMED, CONFIRMED_LATE, ACKNOWLEDGED, RESOLVED, HELD, HEALED, CHANNEL_DOWN, TEST ->
                throw new IllegalStateException("no message of a rollout for " + occasion);
        };
    }

    private Notice awaitingApproval() {
        return notice(
                Occasion.AWAITING_APPROVAL,
                Severity.WARNING,
                "✋",
                state.flag() + " waits for an approval",
                List.of(
                        way(),
                        Line.of("Nobody gets it before somebody who may agrees. " + guards() + " " + state.reason())));
    }

    private Notice started() {
        return notice(
                Occasion.STARTED,
                Severity.INFO,
                "🚀",
                "Rollout started: " + state.flag(),
                List.of(way(), Line.of(guards())));
    }

    private Notice advanced() {
        return notice(
                Occasion.ADVANCED,
                Severity.INFO,
                "⏫",
                state.flag() + " is in stage " + stage(),
                List.of(Line.of(state.reason() + ". The guardrails stay on.")));
    }

    private Notice paused() {
        return notice(
                Occasion.PAUSED,
                Severity.INFO,
                "⏸",
                state.flag() + " is paused in stage " + stage(),
                List.of(Line.of(state.reason()
                        + ". Nobody further gets it until somebody resumes it; the guardrails stay on.")));
    }

    private Notice resumed() {
        return notice(
                Occasion.RESUMED,
                Severity.INFO,
                "▶️",
                state.flag() + " goes on in stage " + stage(),
                List.of(Line.of(state.reason() + ".")));
    }

    private Notice cancelled() {
        return notice(
                Occasion.CANCELLED,
                Severity.INFO,
                "⏹",
                "Cancelled: " + state.flag(),
                List.of(Line.of(state.reason() + ". Everyone is back on the old version.")));
    }

    /** A person is asked whether a stage that is not proven may end. */
    private Notice asked() {
        String title = state.flag() + " waits in stage " + stage() + waited() + ": your decision";
        Line story = Line.of("The guardrails stay on. Advance it anyway, keep waiting, or roll it back: ")
                .code("belay rollout why " + state.ref().key())
                .plain(" shows what is missing.");
        return notice(Occasion.ASKED, Severity.WARNING, "⏳", title, List.of(Line.of(state.reason()), story));
    }

    private Notice completed() {
        List<String> crossed = bystanders.crossed();
        if (!crossed.isEmpty()) {
            String title = state.flag() + " is completed after " + took();
            String story = "Limits were crossed on the way: " + String.join(", ", crossed)
                    + ". What was taken back for it stays out.";
            return notice(Occasion.COMPLETED, Severity.INFO, "🏁", title, List.of(Line.of(story)));
        }
        String title = state.flag() + " is on for everyone after " + took();
        String story = "No guardrail was breached" + limits(" (", ")") + ".";
        return notice(Occasion.COMPLETED, Severity.INFO, "🏁", title, List.of(Line.of(story)));
    }

    private Notice notice(Occasion occasion, Severity severity, String sign, String title, List<Line> story) {
        List<Line> details = new ArrayList<>(List.of(where()));
        String changes = bystanders.changes();
        boolean isMeasured = occasion == Occasion.COMPLETED || occasion == Occasion.ASKED;
        if (isMeasured && !changes.isEmpty()) {
            details.add(Line.of(changes));
        }
        return new Notice(
                occasion,
                severity,
                sign,
                title,
                story.stream().map(Line::phrases).toList(),
                details.stream().map(Line::phrases).toList(),
                List.of(),
                new Notice.About(
                        state.project(),
                        state.environment(),
                        state.flag(),
                        state.epoch(),
                        state.version(),
                        null,
                        null,
                        plan.owner()),
                null,
                surroundings.page(occasion == Occasion.COMPLETED ? "Report" : "Open rollout", "rollouts", state.id()),
                verbs(),
                state.updatedAt());
    }

    private List<Verb> verbs() {
        if (!state.status().isLive()) {
            return List.of();
        }
        return List.of(state.status() == RolloutStatus.PAUSED ? Verb.RESUME : Verb.PAUSE, Verb.ROLL_BACK);
    }

    private Line way() {
        String stages = plan.stages().stream().map(Surroundings::reach).collect(Collectors.joining(" → "));
        return new Line()
                .strong(String.join(", ", plan.treatments()))
                .plain(" against ")
                .strong(plan.control())
                .plain(": " + stages + ".");
    }

    private String guards() {
        return plan.guardrails().isEmpty()
                ? "No guardrails: nothing takes it back by itself."
                : "Guardrails" + limits(": ", "") + ".";
    }

    private String limits(String before, String after) {
        String all = plan.guardrails().stream().map(this::limit).collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : before + all + after;
    }

    private String limit(Guardrail guardrail) {
        String title = surroundings.title(guardrail.metric());
        return switch (guardrail.limit()) {
            case FALLS -> title + " falls " + Figures.percent(guardrail.threshold() * 100);
            case RISES -> title + " rises " + Figures.percent(guardrail.threshold() * 100);
            case ABOVE -> title + " above " + guardrail.threshold();
            case BELOW -> title + " below " + guardrail.threshold();
        };
    }

    private String stage() {
        int stage = state.stage();
        return stage < 0 || stage >= plan.stages().size()
                ? "?"
                : Surroundings.reach(plan.stages().get(stage));
    }

    private String waited() {
        Instant since = state.stageSince();
        return since == null ? "" : " for " + Figures.duration(Duration.between(since, state.updatedAt()));
    }

    private String took() {
        Instant begun =
                state.allocations().stream().findFirst().map(Allocation::since).orElse(state.createdAt());
        return Figures.duration(Duration.between(begun, state.updatedAt()));
    }

    private Line where() {
        return Line.of(state.project() + " / " + state.environment())
                .part("epoch " + state.epoch())
                .part(plan.template() == null ? null : "template " + plan.template())
                .part("started by " + state.by().name())
                .mention(plan.owner());
    }
}
