// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers as people say them. */
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

    private static void add(List<String> parts, long number, String unit) {
        if (number > 0) {
            parts.add(number + " " + unit);
        }
    }
}
