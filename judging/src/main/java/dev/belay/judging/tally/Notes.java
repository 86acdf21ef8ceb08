// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Lateness;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.judge.MetricWatch;
import dev.belay.judging.judge.Split;
import dev.belay.judging.judge.Standing;
import org.jspecify.annotations.Nullable;

/** Says reasons in sentences, with their numbers. They stay the same from heartbeat to heartbeat while nothing changes. */
record Notes(
        RolloutState rollout,
        ComparedPlan compared,
        Pulse pulse,
        MetricWatch watch,
        Split split,
        Guardrail guardrail,
        Map<String, Long> excluded,
        long units,
        @Nullable Standing standing) {
    private static final double PERCENT = 100;

    /** Returns a sentence for each reason that needs one. */
    List<String> of(List<Reason> reasons) {
        List<String> notes = new ArrayList<>();
        for (Reason reason : reasons) {
            String note = note(reason);
            if (!note.isEmpty()) {
                notes.add(note);
            }
        }
        return notes;
    }

    private String note(Reason reason) {
        return switch (reason) {
            case NO_DATA -> "no user of either arm was seen in stage " + stage();
            case STALE -> stale();
            case SAMPLE_RATIO_MISMATCH -> mismatch();
            case METRIC_SILENT ->
                "no " + event() + " in either arm any more: " + number(watch.silentUnits())
                        + " new users of control without one";
            case CONTROL_FELL ->
                guardrail.metric() + " of control fell too: " + rate(watch.controlNow()) + " lately, "
                        + rate(watch.controlBefore()) + " earlier in the stage";
            case CONTAMINATED -> contaminated();
            case NOT_JOINED -> notJoined();
            case ERROR -> guardrail.name() + " cannot be computed";
            case WARNING -> warning();
            case LATENESS -> late();
            case NO_CONTROL, NOT_ENOUGH_EVIDENCE, CHANGED -> "";
        };
    }

    private String mismatch() {
        return "the arms' sizes do not fit their shares: " + number(split.control()) + " users of control and "
                + number(split.treatment()) + " of treatment, where " + number(Math.round(split.expectedControl()))
                + " and " + number(Math.round(split.expectedTreatment())) + " were meant; evidence "
                + Sentence.odds(split.logEvidence());
    }

    private String contaminated() {
        long both = excluded.values().stream().mapToLong(Long::longValue).sum();
        return number(both) + " users saw both arms and are left out, "
                + String.format(Locale.ROOT, "%.1f %%", PERCENT * both / Math.max(1, both + units));
    }

    private String late() {
        Lateness late = watch.late() == null ? Lateness.NONE : watch.late();
        return event() + " outcomes come late in one arm more than in the other: "
                + rate(new Counts(late.control(), late.lateControl())) + " of control and "
                + rate(new Counts(late.treatment(), late.lateTreatment())) + " of treatment";
    }

    /** Only of a segment: that of everyone is the verdict itself. */
    private String warning() {
        String where = standing == null ? null : standing.warned();
        return where == null || where.isEmpty() ? "" : "a sign of harm in " + where;
    }

    private String stale() {
        Long control = pulse.control().lastMillis();
        Long treatment = pulse.treatment().lastMillis();
        boolean isControl = control == null || (treatment != null && control <= treatment);
        Long last = isControl ? control : treatment;
        String arm = isControl ? "control" : "treatment";
        return last == null
                ? "no user of " + arm + " was seen in stage " + stage()
                : "users of one arm stopped coming, the last of " + arm + " at " + clock(last);
    }

    private String notJoined() {
        String example = pulse.joins(event()).example();
        double share = watch.outcomes() == 0 ? 0 : PERCENT * watch.joined() / watch.outcomes();
        String percent = watch.joined() == 0 ? "0" : String.format(Locale.ROOT, "%.1f", share);
        return percent + " % of " + number(watch.outcomes()) + " " + event()
                + " outcomes joined a user who saw the flag" + (example == null ? "" : "; example id " + example);
    }

    private String event() {
        return compared.plan()
                .metric(guardrail.metric())
                .map(MetricDefinition::event)
                .orElse(guardrail.metric());
    }

    private String stage() {
        int index = Math.max(0, rollout.stage());
        return compared.plan().stages().get(index).name();
    }

    private static String rate(Counts counts) {
        String of = number(counts.events()) + " of " + number(counts.exposed());
        return counts.exposed() == 0
                ? of
                : String.format(Locale.ROOT, "%.1f %% (%s)", PERCENT * counts.events() / counts.exposed(), of);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The second is enough, and stays what it is. */
    private static String clock(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
