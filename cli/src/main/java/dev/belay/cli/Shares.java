// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shares as people write them in options: {@code 20%} or {@code 0.20}. */
final class Shares {
    private static final Pattern FORM = Pattern.compile("\\+?(\\d{1,9}(?:\\.\\d{1,9})?|\\.\\d{1,9})( ?%)?");
    private static final double ALL = 100;

    private Shares() {}

    /**
     * Returns {@code 0.2} for {@code 20%} and for {@code 0.2}.
     *
     * @throws IllegalArgumentException unless it has one of the forms; the message names the option
     */
    static double parse(String option, String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(option + " must be a share such as 20% or 0.20, was " + text);
        }
        double number = Double.parseDouble(matcher.group(1));
        return matcher.group(2) == null ? number : number / ALL;
    }

    /** Returns {@code -2.4 %} for a ratio of 0.976. */
    static String change(double ratio) {
        return String.format("%+.1f %%", (ratio - 1) * ALL);
    }

    /** Returns {@code 12.17 %} for 0.1217. */
    static String percent(double share) {
        return String.format("%.2f %%", share * ALL);
    }
}
