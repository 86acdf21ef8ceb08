// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.util.Locale;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.judging.attribution.ComparedPlan.Counter;
import dev.belay.judging.judge.Change;
import dev.belay.statistics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a guardrail in one line, for instance {@code conversion in country=GB −27 % (95 % CS −41 … −9 %), limit
 * −20 %, evidence 312:1}.
 */
final class Sentence {
    private static final double PERCENT = 100;
    /** Beyond it nobody reads the number any more. */
    private static final double LARGEST_LOG = StrictMath.log(1e6);

    private Sentence() {}

    static String of(Guardrail guardrail, @Nullable String segment, Estimate estimate, double logEvidence) {
        String where = segment == null ? guardrail.metric() : guardrail.metric() + " in " + segment;
        double limit = guardrail.limit() == Guardrail.Limit.FALLS ? -guardrail.threshold() : guardrail.threshold();
        return where + " " + change(estimate) + ", limit " + percent(limit) + " %, evidence " + odds(logEvidence);
    }

    /** Returns that a finished rollout changed, for instance {@code conversion in country=GB falls since the rollout was finished}. */
    static String of(Guardrail guardrail, Change change) {
        String where = change.segment() == null ? guardrail.metric() : guardrail.metric() + " in " + change.segment();
        String way = guardrail.limit() == Guardrail.Limit.FALLS ? "falls" : "rises";
        return where + " " + way + " since the rollout was finished: it was " + percent(change.usual() - 1)
                + " % at worst; detector " + odds(change.logEvidence()) + ", alarm at " + odds(change.logLimit())
                + ", which is false about once in 30 days";
    }

    /** Returns what a counter says, for instance {@code 51 crash events of treatment within 5 min, limit 50}. */
    static String of(Counter counter, long events) {
        String whose =
                switch (counter.of()) {
                    case TREATMENT -> "of treatment";
                    case FLAG -> "of the flag's users";
                    case PROJECT -> "of the project";
                };
        String limit = counter.guardrail().limit() == Guardrail.Limit.ABOVE ? "limit " : "at least ";
        return String.format(Locale.ROOT, "%,d", events) + " " + counter.event() + " events " + whose + " within "
                + duration(counter.within()) + ", " + limit
                + number(counter.guardrail().threshold());
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, number == Math.rint(number) ? "%,.0f" : "%,.2f", number);
    }

    private static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds % 3600 == 0) {
            return seconds / 3600 + " h";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    /** Returns the change with its interval, for instance {@code −27 % (95 % CS −41 … −9 %)}. */
    static String change(Estimate estimate) {
        Double ratio = estimate.ratio();
        Double lower = estimate.lower();
        Double upper = estimate.upper();
        String interval = lower == null
                ? ""
                : " (95 % CS " + percent(lower - 1) + " … " + (upper == null ? "∞" : percent(upper - 1) + " %") + ")";
        return (ratio == null ? "from nothing" : percent(ratio - 1) + " %") + interval;
    }

    /** Returns an interval of ratios as one of changes, for instance {@code −39 … −20 %}. */
    static String changes(Interval ratios) {
        return percent(ratios.lower() - 1) + " … "
                + (ratios.hasUpperBound() ? percent(ratios.upper() - 1) + " %" : "∞");
    }

    /** Returns evidence as odds, for instance {@code 312:1}. */
    static String odds(double logEvidence) {
        return logEvidence > LARGEST_LOG
                ? "over 1,000,000:1"
                : String.format(
                        Locale.ROOT,
                        logEvidence < StrictMath.log(10) ? "%.1f:1" : "%,.0f:1",
                        StrictMath.exp(logEvidence));
    }

    private static String percent(double change) {
        String text = String.format(Locale.ROOT, "%+.0f", change * PERCENT);
        return text.equals("-0") || text.equals("+0") ? "±0" : text.replace('-', '−');
    }
}
