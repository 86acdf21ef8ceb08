// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import org.jspecify.annotations.Nullable;

/** Numbers and times as people read them, with the precision that helps. */
final class Figures {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final double LARGEST_LOG = Math.log(1e6);
    private static final double PERCENT = 100;
    private static final double WHOLE = 0.05;

    private Figures() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Returns {@code 720/18,000 = 4.00 %}. */
    static String rate(Counts counts) {
        String of = count(counts.events()) + "/" + count(counts.exposed());
        return counts.exposed() == 0
                ? of
                : of + String.format(Locale.ROOT, " = %.2f %%", PERCENT * counts.events() / counts.exposed());
    }

    /** Returns a percentage without superfluous digits: {@code 20 %}, {@code 2.5 %}. */
    static String percent(double percent) {
        boolean whole = Math.abs(percent - Math.rint(percent)) < WHOLE;
        return String.format(Locale.ROOT, whole ? "%.0f %%" : "%.1f %%", percent);
    }

    /** Returns the change a ratio stands for: {@code −27 %}, {@code +4 %}, {@code 0 %}. */
    static String change(double ratio) {
        return signed(ratio) + " %";
    }

    /** Returns {@code −27 % (95 %: −45 … −4 %)}; what is not known is left out. */
    static String change(Estimate estimate) {
        Double ratio = estimate.ratio();
        return ratio == null ? "not known" : change(ratio) + interval(estimate.lower(), estimate.upper());
    }

    /** Returns {@code 198:1}. */
    static String odds(double log) {
        return log > LARGEST_LOG ? "more than 1,000,000:1" : String.format(Locale.ROOT, "%,.0f:1", Math.exp(log));
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    /** Returns {@code 0.8 s}, {@code 12 s}, {@code 4 min}, {@code 3 h 10 min}, {@code 3 d 4 h}. */
    static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        if (duration.toHours() < 1) {
            return duration.toMinutes() + " min";
        }
        return duration.toDays() < 1
                ? two(duration.toHours(), "h", duration.toMinutesPart(), "min")
                : two(duration.toDays(), "d", duration.toHoursPart(), "h");
    }

    /** Returns {@code interval −45 … −4 %}; empty when neither end is known. */
    static String interval(Estimate estimate) {
        Double lower = estimate.lower();
        Double upper = estimate.upper();
        return lower == null && upper == null
                ? ""
                : "interval " + (lower == null ? "?" : signed(lower)) + " … " + (upper == null ? "?" : signed(upper))
                        + " %";
    }

    private static String interval(@Nullable Double lower, @Nullable Double upper) {
        if (lower == null && upper == null) {
            return "";
        }
        return " (95 %: " + (lower == null ? "?" : signed(lower)) + " … " + (upper == null ? "?" : signed(upper))
                + " %)";
    }

    private static String signed(double ratio) {
        long change = Math.round((ratio - 1) * PERCENT);
        if (change == 0) {
            return "0";
        }
        return (change < 0 ? "−" : "+") + Math.abs(change);
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + " " + largeUnit : large + " " + largeUnit + " " + small + " " + smallUnit;
    }
}
