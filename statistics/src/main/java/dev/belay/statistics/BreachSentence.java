// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What an alert says about a guardrail: {@code conversion −27 % (95 % CS −41 … −9 %), limit −20 %, evidence 312:1}.
 *
 * <p>Intervals and decisions are of different procedures: an interval may hold "no change" a little longer than the evidence does.
 */
public final class BreachSentence {
    private static final double PERCENT = 100;
    /** From here on odds are a power of ten: nobody reads so many digits. */
    private static final double LOG_MILLION = StrictMath.log(1e6);

    private static final double LOG_TEN = StrictMath.log(10);
    /** Smaller odds have a digit behind the point. */
    private static final double FEW = 10;

    private BreachSentence() {}

    /**
     * Returns the sentence.
     *
     * @param metric name of the metric
     * @param ratio stratified ratio treatment / control, empty when control has nothing to compare with
     * @param interval its 95 % interval
     * @param direction harmful direction
     * @param threshold relative change that is forbidden, as a fraction
     * @param logE natural log of the evidence
     */
    public static String of(
            String metric,
            OptionalDouble ratio,
            Interval interval,
            Direction direction,
            double threshold,
            double logE) {
        String change = ratio.isPresent() ? change(ratio.getAsDouble()) + " %" : "beyond comparison";
        String upper = interval.hasUpperBound() ? change(interval.upper()) : "∞";
        return metric + " " + change + " (95 % CS " + change(interval.lower()) + " … " + upper + " %), limit "
                + change(direction.ratioAt(threshold)) + " %, evidence " + odds(logE);
    }

    private static String change(double ratio) {
        double percent = PERCENT * (ratio - 1);
        String digits = String.format(Locale.ROOT, Math.abs(percent) < 1 ? "%.1f" : "%.0f", Math.abs(percent));
        boolean isZero = Double.parseDouble(digits) == 0;
        return (isZero ? "±" : percent < 0 ? "−" : "+") + (isZero ? "0" : digits);
    }

    /** Evidence never leaves the logarithm unless it is small enough to be read. */
    private static String odds(double logE) {
        if (logE >= LOG_MILLION) {
            return "10^" + (long) Math.floor(logE / LOG_TEN) + ":1";
        }
        double odds = StrictMath.exp(logE);
        return String.format(Locale.ROOT, odds < FEW ? "%.2g:1" : "%.0f:1", odds);
    }
}
