// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollbacks.Chain;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Verdict;

/**
 * Messages about something that was taken out: what, where, since when, how bad, what was done, what is left to do.
 *
 * <p>The first line says it all; the figures below are for those who ask.
 */
public final class IncidentMessages {
    private static final String SEPARATOR = " · ";

    private final Incident incident;
    private final Rollback rollback;
    private final Surroundings surroundings;

    private IncidentMessages(Incident incident, Surroundings surroundings) {
        this.incident = incident;
        this.rollback = Require.nonNull(incident.rollback(), "rollback");
        this.surroundings = surroundings;
    }

    /** Returns the message that something was taken out and every live edge serves that. */
    public static SlackMessage rolledBack(Incident incident, Surroundings surroundings) {
        IncidentMessages words = new IncidentMessages(incident, surroundings);
        return words.message(
                words.sign() + " " + words.title(),
                words.title(),
                words.cause() + " " + words.effect() + " " + words.off() + ". *Nothing left to switch off.*");
    }

    /** Returns the page that some edge has not said in time that it serves it. */
    public static SlackMessage unconfirmed(Incident incident, Surroundings surroundings) {
        IncidentMessages words = new IncidentMessages(incident, surroundings);
        String title = words.title() + ", not confirmed by every edge";
        return words.message("🚨 " + title, title, words.alarm() + "\n" + words.cause() + " " + words.effect());
    }

    /** Returns the message that the last edge has caught up. */
    public static SlackMessage confirmedLate(Incident incident, Surroundings surroundings) {
        IncidentMessages words = new IncidentMessages(incident, surroundings);
        String title = "Now off everywhere: " + words.rollback.flag();
        List<Block> blocks = new ArrayList<>();
        blocks.add(Block.header("✅ " + title));
        blocks.add(Block.section(
                "Every edge serves it now: " + words.off() + ". *Nothing left to switch off.*\n" + words.cause()));
        blocks.add(Block.context(words.where()));
        return new SlackMessage(Mrkdwn.escaped(title), blocks);
    }

    private SlackMessage message(String header, String title, String story) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(Block.header(header));
        blocks.add(Block.section(story));
        Verdict verdict = rollback.verdict();
        if (verdict != null) {
            blocks.add(Block.fields(figures(verdict)));
        }
        blocks.add(Block.context(where()));
        surroundings
                .page("incidents", incident.id())
                .ifPresent(page -> blocks.add(Block.link("Open incident", page, "open-incident")));
        return new SlackMessage(Mrkdwn.escaped(title) + ". " + cause().replace("*", ""), blocks);
    }

    private String sign() {
        return isKill() ? "🛑" : "⏪";
    }

    private String title() {
        return (isKill() ? "Killed: " : "Rolled back: ") + rollback.flag() + part();
    }

    private String part() {
        RollbackTarget target = rollback.target();
        return switch (target.kind()) {
            case ALL, KILL -> "";
            case VARIANT -> ", variant " + target.name();
            case SEGMENT -> ", " + target.name() + " = " + target.value();
        };
    }

    private String cause() {
        Verdict verdict = rollback.verdict();
        if (verdict == null) {
            return Mrkdwn.bold(rollback.by().name() + (isKill() ? " killed it" : " rolled it back")) + ": "
                    + Mrkdwn.escaped(rollback.reason()) + ".";
        }
        if (!isCompared(verdict)) {
            return Mrkdwn.escaped(String.valueOf(verdict.sentence())) + ".";
        }
        String notes = verdict.notes().isEmpty() ? "" : " " + Mrkdwn.escaped(String.join("; ", verdict.notes())) + ".";
        return Mrkdwn.bold(surroundings.title(verdict.metric()) + " is " + movement(verdict))
                + " against control (limit " + Figures.percent(verdict.threshold() * 100) + ")." + notes;
    }

    private static boolean isCompared(Verdict verdict) {
        return verdict.limit() == Guardrail.Limit.FALLS || verdict.limit() == Guardrail.Limit.RISES;
    }

    private static String movement(Verdict verdict) {
        Double ratio = verdict.estimate().ratio();
        if (ratio == null) {
            return "beyond its limit";
        }
        return (ratio < 1 ? "down " : "up ") + Figures.percent(Math.rint(Math.abs(ratio - 1) * 100));
    }

    private String effect() {
        RollbackTarget target = rollback.target();
        String since = " since " + Mrkdwn.bold(Figures.time(rollback.at())) + ".";
        return switch (target.kind()) {
            case ALL -> "Everyone is back on the old version" + since;
            case KILL -> "Everyone gets the off variant" + since;
            case VARIANT -> "Nobody gets " + Mrkdwn.escaped(String.valueOf(target.name())) + since;
            case SEGMENT ->
                "Everyone with " + Mrkdwn.escaped(target.name() + " = " + target.value())
                        + " is back on the old version" + since;
        };
    }

    /** Returns {@code off on 6 of 6 edges after 0.8 s, last treatment exposure +0.3 s}. */
    private String off() {
        return "Off on " + edges() + " after " + Figures.duration(toOff()) + lastTreatment();
    }

    private String lastTreatment() {
        Chain chain = incident.chain();
        Long last = chain == null ? null : chain.lastTreatment();
        return last == null ? "" : ", last treatment exposure +" + Figures.duration(Duration.ofMillis(last));
    }

    private String edges() {
        return incident.confirmed().size() + " of " + incident.edges().size() + " edges";
    }

    private Duration toOff() {
        Long millis = incident.evidenceToOffMillis();
        if (millis != null) {
            return Duration.ofMillis(millis);
        }
        Instant confirmedAt = incident.confirmedAt();
        Duration since = Duration.between(rollback.at(), confirmedAt == null ? incident.updatedAt() : confirmedAt);
        return since.isNegative() ? Duration.ZERO : since;
    }

    private String alarm() {
        String after = " " + Figures.duration(Duration.between(incident.openedAt(), incident.updatedAt()))
                + " after the decision";
        if (incident.edges().isEmpty()) {
            return "*No edge is reporting*, so nothing confirms that it is off" + after + ". Look at the edges now.";
        }
        List<String> missing = new ArrayList<>(incident.edges());
        missing.removeAll(incident.confirmed());
        return "*Confirmed by only " + edges() + "*" + after + ". They may still serve it: "
                + Mrkdwn.escaped(String.join(", ", missing)) + ". *Look at these edges now.*";
    }

    private List<String> figures(Verdict verdict) {
        if (!isCompared(verdict)) {
            return List.of(
                    "*Counted*\n" + Figures.count(verdict.treatment().events()),
                    "*Users affected*\n" + Figures.count(verdict.treatedUnits()) + " saw the treatment",
                    "*Confirmed*\n" + off().replace("Off on", "off on"));
        }
        return List.of(
                "*Control*\n" + Figures.rate(verdict.control()),
                "*Treatment " + Mrkdwn.escaped(verdict.variant()) + "*\n" + Figures.rate(verdict.treatment()),
                "*Change*\n" + Figures.change(verdict.estimate()),
                "*Harm proven*\n" + Figures.odds(verdict.logEvidence()) + ", acts at "
                        + Figures.odds(verdict.logLimit()),
                "*Users affected*\n" + Figures.count(verdict.treatedUnits()) + " saw the treatment",
                "*Confirmed*\n" + off().replace("Off on", "off on"));
    }

    private String where() {
        List<String> parts = new ArrayList<>();
        parts.add(Mrkdwn.escaped(rollback.project() + " / " + rollback.environment()));
        if (incident.stage() != null) {
            parts.add("stage " + Mrkdwn.escaped(surroundings.stage(incident.stage())));
        }
        parts.add("epoch " + rollback.epoch());
        if (incident.template() != null) {
            parts.add("template " + Mrkdwn.escaped(incident.template()));
        }
        RolloutState rollout = surroundings.rollout();
        if (rollout != null) {
            parts.add("started by " + Mrkdwn.escaped(rollout.by().name()));
        }
        if (incident.owner() != null) {
            parts.add(Mrkdwn.mention(incident.owner()));
        }
        return String.join(SEPARATOR, parts);
    }

    private boolean isKill() {
        return rollback.target().kind() == RollbackTarget.Kind.KILL;
    }
}
