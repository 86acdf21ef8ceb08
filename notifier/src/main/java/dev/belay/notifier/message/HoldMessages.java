// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Reason;

/** Messages about a rollout that is not raised because nobody judges it, or its data are wrong. Nothing was rolled back. */
public final class HoldMessages {
    private static final String SEPARATOR = " · ";
    private static final String STAYS =
            "*All raises hold; nothing was rolled back.* Whoever has the treatment keeps it.";

    private static final String GOES_ON = "*Nothing was rolled back*, and this guardrail holds no raise.";

    private static final Map<String, String> TITLES = Map.of(
            Hold.NOT_JUDGED,
            "Not judged",
            Reason.NO_DATA.name(),
            "No data",
            Reason.STALE.name(),
            "Data stopped",
            Reason.SAMPLE_RATIO_MISMATCH.name(),
            "Uneven arms",
            Reason.METRIC_SILENT.name(),
            "Metric silent",
            Reason.CONTROL_FELL.name(),
            "Control fell too",
            Reason.CONTAMINATED.name(),
            "Users in both arms",
            Reason.LATENESS.name(),
            "Late outcomes",
            Reason.NOT_JOINED.name(),
            "Outcomes do not join",
            Reason.ERROR.name(),
            "Guardrail cannot be computed");

    private static final Map<String, String> HINTS = Map.of(
            Hold.NOT_JUDGED,
            "While nobody judges it, nothing is taken back by itself: look at metrics-watcher.",
            Reason.NO_DATA.name(),
            "Look whether the flag is evaluated where it should be.",
            Reason.STALE.name(),
            "Look whether the flag is still evaluated for both arms.",
            Reason.SAMPLE_RATIO_MISMATCH.name(),
            "Look whether one variant loses users before it reports them.",
            Reason.METRIC_SILENT.name(),
            "Look at what sends the events: the pipeline, or the feature in both arms.",
            Reason.CONTROL_FELL.name(),
            "It is not, or not only, the difference between the arms: look at the whole.",
            Reason.CONTAMINATED.name(),
            "Look at how users are identified.",
            Reason.NOT_JOINED.name(),
            "Look whether outcomes carry the same user id as the flag's evaluations.",
            Reason.ERROR.name(),
            "Look at the definition of the guardrail and its metric.");

    private final Incident incident;
    private final Hold hold;
    private final Surroundings surroundings;

    private HoldMessages(Incident incident, Surroundings surroundings) {
        this.incident = incident;
        this.hold = Require.nonNull(incident.hold(), "hold");
        this.surroundings = surroundings;
    }

    /** Returns the message that a rollout is held, and why. */
    public static SlackMessage held(Incident incident, Surroundings surroundings) {
        HoldMessages words = new HoldMessages(incident, surroundings);
        String sign = words.hold.cause().equals(Hold.NOT_JUDGED) ? "🚨 " : "⏸ ";
        String hint = HINTS.getOrDefault(words.hold.cause(), "");
        return words.message(
                sign, words.title(), words.story() + "\n" + words.stays() + (hint.isEmpty() ? "" : "\n" + hint));
    }

    /** Returns the message that it is no longer. */
    public static SlackMessage healed(Incident incident, Surroundings surroundings) {
        HoldMessages words = new HoldMessages(incident, surroundings);
        Duration lasted = Duration.between(incident.openedAt(), incident.updatedAt());
        return words.message(
                "✅ ",
                "Over after " + Figures.duration(lasted) + ": " + words.title(),
                "It is right again, and raises go on when the stage's conditions hold.");
    }

    private SlackMessage message(String sign, String title, String story) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(Block.header(sign + title));
        blocks.add(Block.section(story));
        blocks.add(Block.context(where()));
        return new SlackMessage(Mrkdwn.escaped(title) + ". " + story.replace("*", ""), blocks);
    }

    private String stays() {
        return hold.cause().startsWith(Hold.NOTIFYING) ? GOES_ON : STAYS;
    }

    private String title() {
        boolean isCrossed =
                hold.cause().startsWith(Hold.HOLDING) || hold.cause().startsWith(Hold.NOTIFYING);
        return (isCrossed ? "Limit crossed" : TITLES.getOrDefault(hold.cause(), hold.cause())) + ": " + hold.flag();
    }

    private String story() {
        String what = hold.sentences().isEmpty()
                ? TITLES.getOrDefault(hold.cause(), hold.cause())
                : String.join("; ", hold.sentences());
        return Mrkdwn.escaped(what) + ".";
    }

    private String where() {
        List<String> parts = new ArrayList<>();
        parts.add(Mrkdwn.escaped(hold.project() + " / " + hold.environment()));
        String stage = incident.stage();
        if (stage != null) {
            parts.add("stage " + Mrkdwn.escaped(surroundings.stage(stage)));
        }
        parts.add("epoch " + hold.epoch());
        if (!hold.guardrails().isEmpty()) {
            parts.add("guardrails " + Mrkdwn.escaped(String.join(", ", hold.guardrails())));
        }
        RolloutState rollout = surroundings.rollout();
        if (rollout != null) {
            parts.add("started by " + Mrkdwn.escaped(rollout.by().name()));
        }
        String owner = incident.owner();
        if (owner != null) {
            parts.add(Mrkdwn.mention(owner));
        }
        return String.join(SEPARATOR, parts);
    }
}
