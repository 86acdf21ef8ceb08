// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;

/** Numbers and verdicts as people say them. */
final class Spoken {
    private static final int HOURS = 24;
    private static final int SIXTY = 60;

    private Spoken() {}

    /** Returns the two greatest units of a duration, for instance {@code 1 h 5 min}; {@code 0 s} for none. */
    static String duration(Duration duration) {
        long seconds = duration.isNegative() ? 0 : duration.toSeconds();
        List<String> parts = new ArrayList<>();
        add(parts, seconds / SIXTY / SIXTY / HOURS, "d");
        add(parts, seconds / SIXTY / SIXTY % HOURS, "h");
        add(parts, seconds / SIXTY % SIXTY, "min");
        add(parts, seconds % SIXTY, "s");
        return parts.isEmpty() ? "0 s" : String.join(" ", parts.subList(0, Math.min(2, parts.size())));
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Returns a share as a percentage, for instance {@code 12.5 %}. */
    static String percent(double share) {
        String text = String.format(Locale.ROOT, "%.1f", share * 100);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " %";
    }

    /** Returns a ratio as a change, for instance {@code -3.1 %}. */
    static String change(double ratio) {
        return String.format(Locale.ROOT, "%+.1f %%", (ratio - 1) * 100);
    }

    /** Returns what a verdict says, for instance {@code not decided: evidence is still growing}. */
    static String verdict(Verdict verdict) {
        String decision =
                switch (verdict.decision()) {
                    case BREACHED -> "breached";
                    case HEALTHY -> "healthy";
                    case UNDECIDED -> "not decided";
                    case NOT_APPLICABLE -> "not applicable";
                };
        return verdict.reasons().isEmpty()
                ? decision
                : verdict.reasons().stream().map(Spoken::reason).collect(Collectors.joining(", ", decision + ": ", ""));
    }

    private static String reason(Reason reason) {
        return switch (reason) {
            case NO_DATA -> "no users are seen";
            case STALE -> "one arm has not been seen for a while";
            case SAMPLE_RATIO_MISMATCH -> "the arms' sizes do not fit their shares";
            case WARNING -> "it looks like harm";
            case METRIC_SILENT -> "outcomes stopped in both arms";
            case CONTROL_FELL -> "control fell too";
            case CONTAMINATED -> "too many users were seen in both arms";
            case LATENESS -> "too many outcomes come late in one arm";
            case NOT_JOINED -> "outcomes do not belong to the users who were exposed";
            case CHANGED -> "it changed since the rollout was finished";
            case NO_CONTROL -> "nobody is on control";
            case NOT_ENOUGH_EVIDENCE -> "evidence is still growing";
            case ERROR -> "it cannot be computed";
        };
    }

    private static void add(List<String> parts, long number, String unit) {
        if (number > 0) {
            parts.add(number + " " + unit);
        }
    }
}
