// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MemberEvidence;
import org.jspecify.annotations.Nullable;

/** What the terminal says, in words. */
final class Sentences {
    private static final int BAR = 20;
    private static final double GREATEST_LOG = 50;
    private static final int FEW = 50;

    private Sentences() {}

    /** Returns the stages in a row, the present one in brackets. */
    static String stages(@Nullable RolloutState rollout) {
        if (rollout == null || rollout.plan() == null) {
            return "";
        }
        List<String> words = new ArrayList<>();
        List<Stage> stages = rollout.plan().stages();
        for (int i = 0; i < stages.size(); i++) {
            Double percent = stages.get(i).to().percent();
            String word = stages.get(i).name() + (percent == null ? "" : String.format(" %.0f %%", percent));
            words.add(i == rollout.stage() ? "[" + word + "]" : word);
        }
        return String.join(" > ", words);
    }

    /** Returns the rates of both arms and the verdict of a guardrail. */
    static String rates(Evidence evidence) {
        return String.format(
                "%-16s control %s   treatment %s   change %s   %s",
                evidence.guardrail(),
                rate(evidence.control()),
                rate(evidence.treatment()),
                change(evidence.estimate().ratio()),
                verdict(evidence));
    }

    /** Returns how far the evidence of a guardrail has come in either direction. */
    static String evidence(Evidence evidence) {
        double harm = harm(evidence);
        return String.format(
                "%-16s harm %s %s   within the limit %s %s",
                "",
                bar(harm, evidence.logLimit()),
                odds(harm, evidence.logLimit()),
                bar(evidence.logHealthy(), evidence.logHealthyLimit()),
                odds(evidence.logHealthy(), evidence.logHealthyLimit()));
    }

    /** Returns what a guardrail says in one phrase, for a line without a terminal. */
    static String brief(Evidence evidence) {
        if (isTooFew(evidence)) {
            return evidence.guardrail() + " too few to compare";
        }
        return String.format(
                "%s %.1f %%, treatment %s, %s",
                evidence.guardrail(),
                percent(evidence.control()),
                change(evidence.estimate().ratio()).trim(),
                verdict(evidence));
    }

    /** What everyone and all segments prove together is theirs, not this one's: each says what it proves alone. */
    private static double harm(Evidence evidence) {
        double proven = evidence.members().stream()
                .filter(MemberEvidence::gateOpen)
                .mapToDouble(member -> member.weight() * Math.exp(Math.min(member.logHarm(), GREATEST_LOG)))
                .sum();
        return proven > 0 ? Math.log(proven) : 0;
    }

    /** Returns how conversion changed in each segment, in one line; nothing where none is watched. */
    static String segments(Collection<Evidence> evidence) {
        return evidence.stream()
                .filter(one -> one.segment() != null && one.guardrail().equals("conversion") && !isTooFew(one))
                .sorted(Comparator.comparing(one -> String.valueOf(one.segment())))
                .map(one -> one.segment() + " "
                        + change(one.estimate().ratio()).trim()
                        + (harm(one) >= one.logLimit() ? ", harm proven" : ""))
                .collect(Collectors.joining("; "));
    }

    /** Returns who got what they should when the edge was asked again. */
    static String asked(int off, long rightOff, int on, long rightOn) {
        List<String> parts = new ArrayList<>();
        if (off > 0) {
            parts.add("of " + off + " who should be off " + rightOff + " are");
        }
        if (on > 0) {
            parts.add("of " + on + " who should be on " + rightOn + " are");
        }
        return parts.isEmpty() ? "there were none" : String.join(", ", parts);
    }

    private static boolean isTooFew(Evidence evidence) {
        return Math.min(evidence.control().exposed(), evidence.treatment().exposed()) < FEW
                || evidence.control().events() == 0;
    }

    private static String verdict(Evidence evidence) {
        if (harm(evidence) >= evidence.logLimit()) {
            return "harm proven";
        }
        if (evidence.logHealthy() >= evidence.logHealthyLimit()) {
            return "within the limit";
        }
        return isTooFew(evidence) ? "too few to compare" : "not decided";
    }

    static String of(Result result) {
        if (result.outcome().equals(Result.COMPLETED) && result.segment() != null) {
            return withoutASegment(result);
        }
        if (!result.outcome().equals(Result.ROLLED_BACK) || result.logEvidence() == null) {
            return "Outcome: " + result.outcome() + " in stage " + result.stage() + ".";
        }
        return String.format(
                "Outcome: rolled back in stage %s by %s: %s against control (limit %+.0f %%), evidence of harm %,.0f:1"
                        + " (acts at 100:1), %,d users saw the treatment; off %s after the evidence was there.",
                result.stage(),
                result.guardrail(),
                percent(result.estimate()),
                result.limit() == null ? Double.NaN : result.limit() * 100,
                Math.exp(Math.min(result.logEvidence(), GREATEST_LOG)),
                result.treatedUsers(),
                result.evidenceToOffMillis() == null ? "?" : result.evidenceToOffMillis() + " ms");
    }

    private static String withoutASegment(Result result) {
        return String.format(
                "Outcome: completed in stage %s without %s: %s there %s against control (limit %+.0f %%), evidence of harm"
                        + " %,.0f:1 (acts at 100:1), off %s after the evidence was there; everyone together %s.",
                result.stage(),
                result.segment(),
                result.guardrail(),
                percent(result.estimate()),
                result.limit() == null ? Double.NaN : result.limit() * 100,
                Math.exp(Math.min(result.logEvidence() == null ? 0 : result.logEvidence(), GREATEST_LOG)),
                result.evidenceToOffMillis() == null ? "?" : result.evidenceToOffMillis() + " ms",
                percent(result.everyone()));
    }

    private static String percent(@Nullable Double change) {
        return change == null ? "?" : String.format("%+.0f %%", change * 100);
    }

    /** Returns the texts of a Block Kit message, one per line. */
    static String ofSlack(JsonNode message) {
        List<String> lines = new ArrayList<>();
        collect(message.path("blocks"), lines);
        if (lines.isEmpty()) {
            lines.add(message.path("text").asText());
        }
        return "  | " + String.join("\n", lines).replace("\n", "\n  | ");
    }

    private static void collect(JsonNode node, List<String> lines) {
        if (node.path("text").isTextual()) {
            lines.add(node.get("text").asText());
        } else {
            node.forEach(child -> collect(child, lines));
        }
    }

    private static String rate(Counts counts) {
        return String.format("%5.2f %% of %,7d", percent(counts), counts.exposed());
    }

    private static double percent(Counts counts) {
        return counts.exposed() == 0 ? 0 : 100.0 * counts.events() / counts.exposed();
    }

    private static String change(@Nullable Double ratio) {
        return ratio == null ? "      ?" : String.format("%+5.1f %%", (ratio - 1) * 100);
    }

    private static String odds(double log, double limit) {
        double odds = Math.exp(Math.min(log, GREATEST_LOG));
        String now = odds < 10 ? String.format("%.1f", odds) : String.format("%,.0f", Math.min(odds, 1e9));
        return String.format("%s:1 of %.0f:1", now, Math.exp(limit));
    }

    private static String bar(double log, double limit) {
        int filled = (int) Math.round(BAR * Math.max(0, Math.min(1, log / limit)));
        return "[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "]";
    }
}
