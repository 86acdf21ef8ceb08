// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.ComparedPlan.Counter;
import dev.belay.judging.attribution.Segments;
import dev.belay.judging.judge.Breach;
import dev.belay.judging.judge.Change;
import dev.belay.judging.judge.RolloutJudge;
import dev.belay.judging.judge.Shares;
import dev.belay.judging.judge.Standing;
import dev.belay.statistics.CounterLimit;
import dev.belay.statistics.DataQuality;
import dev.belay.statistics.Heterogeneity;
import org.jspecify.annotations.Nullable;

/** Says what is known of a rollout at a moment. */
record Sayings(
        RolloutState rollout,
        ComparedPlan compared,
        CellBook book,
        RolloutJudge judge,
        Shares shares,
        Pulse pulse,
        long seq) {
    private static final String BOTH_ARMS = "both-arms";
    /** What people should know of although harm is proven. */
    private static final Set<Reason> BESIDE_A_BREACH =
            EnumSet.of(Reason.SAMPLE_RATIO_MISMATCH, Reason.CONTAMINATED, Reason.LATENESS, Reason.CONTROL_FELL);

    private record Findings(
            Decision decision,
            List<Reason> reasons,
            Estimate estimate,
            Counts control,
            Counts treatment,
            double logEvidence,
            double logHealthy,
            @Nullable String sentence) {
        Findings(
                Decision decision,
                List<Reason> reasons,
                Estimate estimate,
                Counts control,
                Counts treatment,
                double logEvidence,
                double logHealthy) {
            this(decision, reasons, estimate, control, treatment, logEvidence, logHealthy, null);
        }
    }

    /**
     * Says what a counter says. It has no evidence: a number is over its limit, or is not.
     *
     * @param lastExposed when a unit that it is about was last exposed; null for never
     * @param evidenceAt when the record arrived that broke it
     */
    Verdict counted(
            String variant,
            Counter counter,
            CounterLimit.Reading reading,
            @Nullable Long lastExposed,
            Instant evidenceAt,
            Instant now) {
        boolean isBroken = reading.standing() == CounterLimit.Standing.BROKEN;
        List<Reason> reasons = isBroken ? List.of() : doubts(counter, reading, lastExposed, now);
        Decision decision = isBroken ? Decision.BREACHED : reasons.isEmpty() ? Decision.HEALTHY : Decision.UNDECIDED;
        Findings findings = new Findings(
                decision,
                reasons,
                Estimate.UNKNOWN,
                Counts.NONE,
                new Counts(book.treated(variant), reading.count()),
                0,
                0,
                Sentence.of(counter, reading.count()));
        return verdict(variant, counter.guardrail(), null, findings, isBroken ? evidenceAt : null, now);
    }

    private static List<Reason> doubts(
            Counter counter, CounterLimit.Reading reading, @Nullable Long lastExposed, Instant now) {
        if (lastExposed == null) {
            return List.of(Reason.NO_DATA);
        }
        if (reading.standing() == CounterLimit.Standing.WITHIN) {
            return List.of();
        }
        long silence = DataQuality.SHORTEST_SILENCE.toMillis();
        long patience = Math.max(silence, counter.within().toMillis());
        boolean isStale = now.toEpochMilli() - lastExposed > patience + silence;
        return List.of(isStale ? Reason.STALE : Reason.NOT_ENOUGH_EVIDENCE);
    }

    /** Says that harm is proven; {@code evidenceAt} is when the record arrived that completed the evidence. */
    Verdict breached(String variant, Breach breach, Instant evidenceAt, Instant now) {
        Guardrail guardrail = compared.plan().guardrails().stream()
                .filter(each -> each.name().equals(breach.guardrail()))
                .findFirst()
                .orElseThrow();
        List<Reason> reasons = judge.doubts(variant, guardrail.name(), breach.segment(), shares).stream()
                .filter(BESIDE_A_BREACH::contains)
                .toList();
        Findings findings = new Findings(
                Decision.BREACHED,
                reasons,
                breach.estimate(),
                breach.control(),
                breach.treatment(),
                breach.logEvidence(),
                judge.standing(variant, guardrail.name(), breach.segment()).logHealthy());
        return verdict(variant, guardrail, breach.segment(), findings, evidenceAt, now);
    }

    /** Says that a finished rollout does other than it did. Nothing is proven by that, and nothing taken back. */
    Verdict changed(Change change, Instant now) {
        Guardrail guardrail = judge.guardrails().stream()
                .filter(each -> each.name().equals(change.guardrail()))
                .findFirst()
                .orElseThrow();
        Standing standing = judge.standing(change.variant(), guardrail.name(), change.segment());
        Findings findings = new Findings(
                Decision.UNDECIDED,
                List.of(Reason.CHANGED),
                standing.estimate(),
                standing.control(),
                standing.treatment(),
                standing.logOwn(),
                standing.logHealthy(),
                Sentence.of(guardrail, change));
        return verdict(change.variant(), guardrail, change.segment(), findings, null, now);
    }

    /** Says where a guardrail stands in a segment; null for everyone. */
    Verdict verdict(String variant, Guardrail guardrail, @Nullable String segment, Instant now) {
        if (!judge.guardrails().contains(guardrail)) {
            Findings none = new Findings(
                    Decision.UNDECIDED, List.of(Reason.ERROR), Estimate.UNKNOWN, Counts.NONE, Counts.NONE, 0, 0);
            return verdict(variant, guardrail, segment, none, null, now);
        }
        Standing standing = judge.standing(variant, guardrail.name(), segment);
        List<Reason> reasons = new ArrayList<>();
        Decision decision = Decision.NOT_APPLICABLE;
        if (hasComparison()) {
            reasons.addAll(doubts(variant, standing, now));
            boolean healthy = reasons.isEmpty() && standing.logHealthy() >= judge.logHealthyLimit();
            decision = healthy ? Decision.HEALTHY : Decision.UNDECIDED;
            if (!healthy && reasons.isEmpty()) {
                reasons.add(Reason.NOT_ENOUGH_EVIDENCE);
            }
        } else {
            reasons.add(Reason.NO_CONTROL);
        }
        Findings findings = new Findings(
                decision,
                reasons,
                standing.estimate(),
                standing.control(),
                standing.treatment(),
                standing.logOwn(),
                standing.logHealthy());
        return verdict(variant, guardrail, segment, findings, null, now);
    }

    private Verdict verdict(
            String variant,
            Guardrail guardrail,
            @Nullable String segment,
            Findings found,
            @Nullable Instant evidenceAt,
            Instant now) {
        long[] inStage = judge.exposedInStage(variant);
        return new Verdict(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                rollout.version(),
                Math.max(0, rollout.stage()),
                guardrail.name(),
                guardrail.metric(),
                variant,
                segment,
                found.decision(),
                found.reasons(),
                guardrail.limit(),
                guardrail.threshold(),
                guardrail.then(),
                scope(guardrail, segment),
                found.estimate(),
                found.control(),
                found.treatment(),
                inStage[0],
                inStage[1],
                book.treated(variant),
                excluded(),
                found.logEvidence(),
                judge.logLimit(variant),
                found.logHealthy(),
                judge.logHealthyLimit(),
                seq,
                lastExposureAt(),
                evidenceAt,
                now,
                found.reasons().contains(Reason.CHANGED)
                        ? List.of(String.valueOf(found.sentence()))
                        : notes(variant, guardrail, segment, found.reasons()),
                found.sentence() == null
                        ? Sentence.of(guardrail, segment, found.estimate(), found.logEvidence())
                        : found.sentence());
    }

    /** The values that are one segment together are no segment that could be taken out. */
    private static Guardrail.Scope scope(Guardrail guardrail, @Nullable String segment) {
        boolean isNobody = segment != null && Segments.isOther(segment);
        return isNobody && guardrail.scope() != Guardrail.Scope.VARIANT ? Guardrail.Scope.ALL : guardrail.scope();
    }

    private List<String> notes(String variant, Guardrail guardrail, @Nullable String segment, List<Reason> reasons) {
        List<String> notes = new ArrayList<>(reasonNotes(variant, guardrail, segment, reasons));
        Heterogeneity.Comparison difference = segment == null ? null : judge.difference(variant, guardrail, segment);
        if (difference != null) {
            notes.add(segment + " behaves differently from the rest: " + Sentence.changes(difference.own())
                    + " against " + Sentence.changes(difference.rest()));
        }
        return notes;
    }

    private List<String> reasonNotes(
            String variant, Guardrail guardrail, @Nullable String segment, List<Reason> reasons) {
        boolean isJudged = judge.guardrails().contains(guardrail);
        return new Notes(
                        rollout,
                        compared,
                        pulse,
                        judge.watch(variant, guardrail.metric()),
                        judge.split(variant, shares),
                        guardrail,
                        excluded(),
                        judge.units(variant),
                        isJudged ? judge.standing(variant, guardrail.name(), segment) : null)
                .of(reasons);
    }

    /** Says the latest statistics of a guardrail in a segment; null for everyone. */
    Evidence evidence(String variant, Guardrail guardrail, @Nullable String segment, Instant now) {
        Standing standing = judge.standing(variant, guardrail.name(), segment);
        return new Evidence(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                Math.max(0, rollout.stage()),
                guardrail.name(),
                guardrail.metric(),
                variant,
                segment,
                standing.control(),
                standing.treatment(),
                standing.strata(),
                excluded(),
                standing.estimate(),
                standing.members(),
                isTotalShown(guardrail, standing) ? standing.logTotal() : null,
                judge.logLimit(variant),
                standing.logHealthy(),
                judge.logHealthyLimit(),
                seq,
                now);
    }

    private static boolean isTotalShown(Guardrail guardrail, Standing standing) {
        return guardrail.then() == Guardrail.Then.ROLLBACK && !Double.isInfinite(standing.logTotal());
    }

    /** A segment that hardly anybody is in is no silence: only everyone's data can stop. */
    private List<Reason> doubts(String variant, Standing standing, Instant now) {
        List<Reason> reasons = new ArrayList<>();
        if (pulse.control().count() + pulse.treatment().count() == 0) {
            reasons.add(Reason.NO_DATA);
        } else if (isStale(now)) {
            reasons.add(Reason.STALE);
        }
        reasons.addAll(judge.doubts(variant, standing.guardrail().name(), standing.segment(), shares));
        return reasons;
    }

    private boolean isStale(Instant now) {
        Long control = pulse.control().lastMillis();
        Long treatment = pulse.treatment().lastMillis();
        return control == null
                || treatment == null
                || DataQuality.fresh(
                                Duration.ofMillis(now.toEpochMilli() - control),
                                Duration.ofMillis(now.toEpochMilli() - treatment),
                                pulse.control().meanGap(),
                                pulse.treatment().meanGap())
                        .isDoubt();
    }

    private Map<String, Long> excluded() {
        return book.bothArms() > 0 ? Map.of(BOTH_ARMS, book.bothArms()) : Map.of();
    }

    private @Nullable Instant lastExposureAt() {
        Long control = pulse.control().lastMillis();
        Long treatment = pulse.treatment().lastMillis();
        if (control == null || treatment == null) {
            Long either = control == null ? treatment : control;
            return either == null ? null : Instant.ofEpochMilli(either);
        }
        return Instant.ofEpochMilli(Math.max(control, treatment));
    }

    /** Whether the present stage has a clause with both arms. */
    private boolean hasComparison() {
        return rollout.allocation().stream()
                .flatMap(allocation -> allocation.clauses().stream())
                .anyMatch(Clause::hasBothArms);
    }
}
