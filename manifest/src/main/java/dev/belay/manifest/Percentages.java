// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.belay.contracts.Require;

/** Percentages as people write them, always with their sign: {@code 20%}, {@code 0.5%}. */
final class Percentages {
    static final String RULE = "must be a percentage such as 20%";

    private static final Pattern FORM = Pattern.compile("([+-]?[0-9]{1,9}(?:\\.[0-9]{1,9})?) ?%");

    private Percentages() {}

    /** @throws IllegalArgumentException unless it is a number with a percent sign */
    static double parse(String text) {
        return decimal(text).doubleValue();
    }

    /**
     * Returns {@code 0.2} for {@code 20%}.
     *
     * @throws IllegalArgumentException unless it is a number with a percent sign
     */
    static double parseFraction(String text) {
        return decimal(text).movePointLeft(2).doubleValue();
    }

    static String write(double percent) {
        return plain(BigDecimal.valueOf(percent));
    }

    static String writeFraction(double fraction) {
        return plain(BigDecimal.valueOf(fraction).movePointRight(2));
    }

    private static BigDecimal decimal(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        Require.that(matcher.matches(), "percentage", RULE, text);
        return new BigDecimal(matcher.group(1));
    }

    private static String plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString() + "%";
    }
}
