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
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Severity;

/**
 * Messages about something that was taken out: what, where, since when, how bad, what was done, what is left to do.
 *
 * <p>The first line says it all; the figures below are for those who ask. What no record says is not said.
 */
public final class IncidentMessages {
    private final Incident incident;
    private final Rollback rollback;
    private final Surroundings surroundings;
    private final Bystanders bystanders;

    private IncidentMessages(Incident incident, Surroundings surroundings) {
        this.incident = incident;
        this.rollback = Require.nonNull(incident.rollback(), "rollback");
        this.surroundings = surroundings;
        this.bystanders = new Bystanders(surroundings);
    }

    /** Returns the message that something was taken out and every live edge serves that. */
    public static Notice rolledBack(Incident incident, Surroundings surroundings) {
        IncidentMessages words = new IncidentMessages(incident, surroundings);
        Line story = words.cause()
                .plain(" ")
                .line(words.effect())
                .plain(", confirmed on " + words.edges() + " in " + Figures.duration(words.toOff()) + ". ")
                .strong("Nothing to switch off.");
        return words.notice(Occasion.ROLLED_BACK, Severity.ERROR, words.sign(), words.title(), List.of(story));
    }

    /** Returns the page that some edge has not said in time that it serves it. */
    public static Notice unconfirmed(Incident incident, Surroundings surroundings) {
        IncidentMessages words = new IncidentMessages(incident, surroundings);
        String title = words.title() + ", not confirmed by every edge";
        Line story = words.cause().plain(" ").line(words.effect()).plain(".");
        return words.notice(Occasion.UNCONFIRMED, Severity.CRITICAL, "🚨", title, List.of(words.alarm(), story));
    }

    /** Returns the message that the last edge has caught up. */
    public static Notice confirmedLate(Incident incident, Surroundings surroundings) {
        IncidentMessages words = new IncidentMessages(incident, surroundings);
        Line story = Line.of("Every edge serves it now: " + words.edges() + " after " + Figures.duration(words.toOff())
                        + words.lastTreatment() + ". ")
                .strong("Nothing to switch off.");
        return words.notice(
                Occasion.CONFIRMED_LATE,
                Severity.CRITICAL,
                "✅",
                "Now off everywhere: " + words.rollback.flag(),
                List.of(story, words.cause()));
    }

    /** Returns the message that a person is on it, of a rollback. */
    static Notice acknowledged(Incident incident, Surroundings surroundings) {
        IncidentMessages words = new IncidentMessages(incident, surroundings);
        Line story = new Line()
                .strong(incident.acknowledgedBy() + " is on it")
                .plain(". ")
                .line(words.cause());
        return words.notice(
                Occasion.ACKNOWLEDGED, Severity.ERROR, "👀", "Acknowledged: " + words.rollback.flag(), List.of(story));
    }

    /** Returns the message that a person said it is over, of a rollback. */
    static Notice resolved(Incident incident, Surroundings surroundings) {
        IncidentMessages words = new IncidentMessages(incident, surroundings);
        Line story = new Line()
                .strong("Resolved after "
                        + Figures.duration(Duration.between(incident.openedAt(), incident.updatedAt())))
                .plain(". What was taken out stays out; another try is a new rollout. ")
                .line(words.cause());
        return words.notice(
                Occasion.RESOLVED, Severity.ERROR, "✅", "Resolved: " + words.rollback.flag(), List.of(story));
    }

    private Notice notice(Occasion occasion, Severity severity, String sign, String title, List<Line> story) {
        List<Line> details = new ArrayList<>(List.of(where()));
        Verdict verdict = rollback.verdict();
        if (verdict != null && isCompared(verdict)) {
            details.add(howBad(verdict));
        }
        boolean isOpen = occasion == Occasion.ROLLED_BACK || occasion == Occasion.UNCONFIRMED;
        return new Notice(
                occasion,
                severity,
                sign,
                title,
                story.stream().map(Line::phrases).toList(),
                details.stream().map(Line::phrases).toList(),
                verdict == null ? List.of() : figures(verdict),
                new Notice.About(
                        rollback.project(),
                        rollback.environment(),
                        rollback.flag(),
                        rollback.epoch(),
                        null,
                        incident.id(),
                        rollback.target().text(),
                        incident.owner()),
                verdict,
                surroundings.page("Open incident", "incidents", incident.id()),
                isOpen && incident.acknowledgedBy() == null ? List.of(Verb.ACKNOWLEDGE) : List.of(),
                incident.updatedAt());
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

    private Line cause() {
        Verdict verdict = rollback.verdict();
        if (verdict == null) {
            return new Line()
                    .strong(rollback.by().name() + (isKill() ? " killed it" : " rolled it back"))
                    .plain(": " + rollback.reason() + ".");
        }
        if (!isCompared(verdict)) {
            String said = verdict.sentence();
            return new Line()
                    .strong(said == null ? surroundings.title(verdict.metric()) + " is beyond its limit" : said)
                    .plain(".");
        }
        String notes = verdict.notes().isEmpty() ? "" : " " + String.join("; ", verdict.notes()) + ".";
        return new Line()
                .strong(surroundings.title(verdict.metric()) + " is " + movement(verdict))
                .plain(" against control" + inSegment(verdict) + " (limit " + Figures.percent(verdict.threshold() * 100)
                        + ")." + notes);
    }

    private static String inSegment(Verdict verdict) {
        return verdict.segment() == null ? "" : " for " + verdict.segment().replace("=", " = ");
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

    private Line effect() {
        RollbackTarget target = rollback.target();
        String what =
                switch (target.kind()) {
                    case ALL -> "Everyone is back on the old version";
                    case KILL -> "Everyone gets the off variant";
                    case VARIANT -> "Nobody gets " + target.name();
                    case SEGMENT ->
                        "Everyone with " + target.name() + " = " + target.value() + " is back on the old version";
                };
        return Line.of(what + " since ").strong(Figures.time(rollback.at()));
    }

    private String lastTreatment() {
        Chain chain = incident.chain();
        Long last = chain == null ? null : chain.lastTreatment();
        return last == null ? "" : ", last treatment exposure +" + Figures.duration(Duration.ofMillis(last));
    }

    private String edges() {
        return incident.confirmed().size() + "/" + incident.edges().size() + " edges";
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

    private Line alarm() {
        String after = " " + Figures.duration(Duration.between(incident.openedAt(), incident.updatedAt()))
                + " after the decision";
        if (incident.edges().isEmpty()) {
            return new Line()
                    .strong("No edge is reporting")
                    .plain(", so nothing confirms that it is off" + after + ". Look at the edges now.");
        }
        List<String> missing = new ArrayList<>(incident.edges());
        missing.removeAll(incident.confirmed());
        return new Line()
                .strong("Only " + incident.confirmed().size() + " of "
                        + incident.edges().size() + " edges confirmed")
                .plain(after + ". They may still serve it: " + String.join(", ", missing) + ". ")
                .strong("Look at these edges now.");
    }

    private List<Notice.Figure> figures(Verdict verdict) {
        String seen = Figures.count(verdict.treatedUnits());
        Notice.Figure confirmed = new Notice.Figure("Confirmed", edges() + " in " + Figures.duration(toOff()));
        if (!isCompared(verdict)) {
            return List.of(
                    new Notice.Figure(
                            "Counted", Figures.count(verdict.treatment().events())),
                    new Notice.Figure("Users who saw it", seen),
                    confirmed);
        }
        return List.of(
                new Notice.Figure("Control", Figures.rate(verdict.control())),
                new Notice.Figure("Treatment " + verdict.variant(), Figures.rate(verdict.treatment())),
                new Notice.Figure("Change", Figures.change(verdict.estimate())),
                new Notice.Figure(
                        "Harm proven",
                        Figures.odds(verdict.logEvidence()) + ", acts at " + Figures.odds(verdict.logLimit())),
                new Notice.Figure("Users who saw it", seen),
                confirmed);
    }

    private Line where() {
        Line line = Line.of(rollback.project() + " / " + rollback.environment());
        if (incident.stage() != null) {
            line.part("stage " + surroundings.stage(incident.stage()) + surroundings.since());
        }
        Verdict verdict = rollback.verdict();
        if (verdict != null) {
            if (isCompared(verdict)) {
                line.part("control " + Figures.rate(verdict.control()))
                        .part(verdict.variant() + " " + Figures.rate(verdict.treatment()));
            }
            line.part(Figures.count(verdict.treatedUnits()) + " saw it").part(bystanders.fine(verdict));
        }
        if (verdict == null || !isCompared(verdict)) {
            people(line);
        }
        return line;
    }

    private Line howBad(Verdict verdict) {
        Line line = Line.of(Figures.interval(verdict.estimate()));
        line.part("harm proven " + Figures.odds(verdict.logEvidence()) + " (acts at " + Figures.odds(verdict.logLimit())
                + ")");
        bystanders.worst(verdict).ifPresent(worst -> line.part("worst: " + worst));
        people(line);
        return line;
    }

    private void people(Line line) {
        String last = lastTreatment();
        line.part(last.isEmpty() ? "" : last.substring(2))
                .part("epoch " + rollback.epoch())
                .part(incident.template() == null ? null : "template " + incident.template())
                .part(surroundings.starter())
                .mention(incident.owner());
    }

    private boolean isKill() {
        return rollback.target().kind() == RollbackTarget.Kind.KILL;
    }
}
