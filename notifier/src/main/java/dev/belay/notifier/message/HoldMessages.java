// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Severity;

/** Messages about a rollout that is not raised because nobody judges it, or its data are wrong. Nothing was rolled back. */
public final class HoldMessages {
    /** Causes that leave a guardrail without anything to judge. */
    private static final Set<String> BLIND = Set.of(
            Reason.NO_DATA.name(),
            Reason.STALE.name(),
            Reason.METRIC_SILENT.name(),
            Reason.NOT_JOINED.name(),
            Reason.ERROR.name());

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
    public static Notice held(Incident incident, Surroundings surroundings) {
        HoldMessages words = new HoldMessages(incident, surroundings);
        List<Line> story = new ArrayList<>(List.of(Line.of(words.story()), words.stays()));
        String hint = HINTS.getOrDefault(words.hold.cause(), "");
        if (!hint.isEmpty()) {
            story.add(Line.of(hint));
        }
        return words.notice(Occasion.HELD, words.sign(), words.title(), story);
    }

    /** Returns the message that it is no longer. */
    public static Notice healed(Incident incident, Surroundings surroundings) {
        HoldMessages words = new HoldMessages(incident, surroundings);
        return words.notice(
                Occasion.HEALED,
                "✅",
                "Over after " + words.lasted() + ": " + words.title(),
                List.of(Line.of("It is right again, and raises go on when the stage's conditions hold.")));
    }

    /** Returns the message that a person is on it, of a hold. */
    static Notice acknowledged(Incident incident, Surroundings surroundings) {
        HoldMessages words = new HoldMessages(incident, surroundings);
        Line story = new Line().strong(incident.acknowledgedBy() + " is on it").plain(". " + words.story());
        return words.notice(Occasion.ACKNOWLEDGED, "👀", "Acknowledged: " + words.title(), List.of(story));
    }

    /** Returns the message that a person said it is over, or that the rollout it was about is. */
    static Notice resolved(Incident incident, Surroundings surroundings) {
        HoldMessages words = new HoldMessages(incident, surroundings);
        return words.notice(
                Occasion.RESOLVED,
                "✅",
                "Resolved after " + words.lasted() + ": " + words.title(),
                List.of(Line.of("A person said so, or the rollout is over.")));
    }

    private Notice notice(Occasion occasion, String sign, String title, List<Line> story) {
        boolean isOpen = occasion == Occasion.HELD && incident.acknowledgedBy() == null;
        return new Notice(
                occasion,
                isNotJudged() ? Severity.CRITICAL : Severity.WARNING,
                sign,
                title,
                story.stream().map(Line::phrases).toList(),
                List.of(where().phrases()),
                List.of(),
                new Notice.About(
                        hold.project(),
                        hold.environment(),
                        hold.flag(),
                        hold.epoch(),
                        null,
                        incident.id(),
                        null,
                        incident.owner()),
                null,
                surroundings.page("Open rollout", "rollouts", hold.ref().key() + "#" + hold.epoch()),
                isOpen ? List.of(Verb.ACKNOWLEDGE, Verb.ROLL_BACK) : List.of(),
                incident.updatedAt());
    }

    private boolean isNotJudged() {
        return hold.cause().equals(Hold.NOT_JUDGED);
    }

    private boolean isBlind() {
        return BLIND.contains(hold.cause());
    }

    private String sign() {
        if (isNotJudged()) {
            return "🚨";
        }
        return isBlind() ? "❔" : "✋";
    }

    private String lasted() {
        return Figures.duration(Duration.between(incident.openedAt(), incident.updatedAt()));
    }

    private Line stays() {
        if (hold.cause().startsWith(Hold.NOTIFYING)) {
            return new Line().strong("Nothing was rolled back").plain(", and this guardrail holds no raise.");
        }
        Line line = new Line().strong("All raises hold; nothing was rolled back.");
        if (isBlind() && !hold.guardrails().isEmpty()) {
            line.plain(" ").strong(String.join(", ", hold.guardrails()) + " is NOT being watched" + others() + ".");
        }
        return line.plain(" Whoever has the treatment keeps it.");
    }

    /** Only what was judged last without a doubt is said to be watched. */
    private String others() {
        List<String> watched = new Bystanders(surroundings).watched(hold.guardrails());
        return watched.isEmpty() ? "" : "; " + String.join(", ", watched) + (watched.size() == 1 ? " is" : " are");
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
        return what + ".";
    }

    private Line where() {
        Line line = Line.of(hold.project() + " / " + hold.environment());
        String stage = incident.stage();
        if (stage != null) {
            line.part("stage " + surroundings.stage(stage) + surroundings.since());
        }
        return line.part("since " + Figures.time(hold.since()))
                .part("epoch " + hold.epoch())
                .part(hold.guardrails().isEmpty() ? null : "guardrails " + String.join(", ", hold.guardrails()))
                .part(surroundings.starter())
                .mention(incident.owner());
    }
}
