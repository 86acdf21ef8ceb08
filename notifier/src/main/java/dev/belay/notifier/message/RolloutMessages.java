// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import org.jspecify.annotations.Nullable;

/** Messages about a rollout that goes its way. */
public final class RolloutMessages {
    private final RolloutState state;
    private final Plan plan;
    private final Surroundings surroundings;

    private RolloutMessages(RolloutState state, Plan plan, @Nullable URI console) {
        this.state = state;
        this.plan = plan;
        this.surroundings = new Surroundings(state, console);
    }

    /** Returns the message that a rollout serves its first stage. */
    public static SlackMessage started(RolloutState state, Plan plan, @Nullable URI console) {
        RolloutMessages words = new RolloutMessages(state, plan, console);
        return words.message("🚀", "Rollout started: " + state.flag(), words.way() + "\n" + words.guards());
    }

    /** Returns the question to a person whether a stage that is not proven may end. */
    public static SlackMessage asked(RolloutState state, Plan plan, @Nullable URI console) {
        RolloutMessages words = new RolloutMessages(state, plan, console);
        String title = state.flag() + " waits in stage " + words.stage() + words.since() + ": your decision";
        return words.message(
                "⏳",
                title,
                Mrkdwn.escaped(state.reason())
                        + "\nThe guardrails stay on. Advance it anyway, keep waiting, or roll it back: "
                        + "`belay rollout why " + Mrkdwn.escaped(state.ref().key()) + "` shows what is missing.");
    }

    /** Returns the message that everyone has the treatment. */
    public static SlackMessage completed(RolloutState state, Plan plan, @Nullable URI console) {
        RolloutMessages words = new RolloutMessages(state, plan, console);
        String title = state.flag() + " is on for everyone after " + words.took();
        String story = "No guardrail was breached" + words.limits(" (", ")") + ".";
        return words.message("🏁", title, story);
    }

    private SlackMessage message(String sign, String title, String story) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(Block.header(sign + " " + title));
        blocks.add(Block.section(story));
        blocks.add(Block.context(where()));
        surroundings
                .page("rollouts", state.id())
                .ifPresent(page -> blocks.add(Block.link("Open rollout", page, "open-rollout")));
        return new SlackMessage(Mrkdwn.escaped(title) + ".", blocks);
    }

    private String way() {
        String stages = plan.stages().stream().map(Surroundings::reach).collect(Collectors.joining(" → "));
        return Mrkdwn.bold(String.join(", ", plan.treatments())) + " against " + Mrkdwn.bold(plan.control()) + ": "
                + Mrkdwn.escaped(stages) + ".";
    }

    private String guards() {
        return plan.guardrails().isEmpty()
                ? "No guardrails: nothing takes it back by itself."
                : "Guardrails" + limits(": ", "") + ".";
    }

    private String limits(String before, String after) {
        String all = plan.guardrails().stream().map(this::limit).collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : before + Mrkdwn.escaped(all) + after;
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

    private String since() {
        Instant since = state.stageSince();
        return since == null ? "" : " for " + Figures.duration(Duration.between(since, state.updatedAt()));
    }

    private String took() {
        Instant begun =
                state.allocations().stream().findFirst().map(Allocation::since).orElse(state.createdAt());
        return Figures.duration(Duration.between(begun, state.updatedAt()));
    }

    private String where() {
        List<String> parts = new ArrayList<>();
        parts.add(Mrkdwn.escaped(state.project() + " / " + state.environment()));
        parts.add("epoch " + state.epoch());
        if (plan.template() != null) {
            parts.add("template " + Mrkdwn.escaped(plan.template()));
        }
        parts.add("started by " + Mrkdwn.escaped(state.by().name()));
        if (plan.owner() != null) {
            parts.add(Mrkdwn.mention(plan.owner()));
        }
        return String.join(" · ", parts);
    }
}
