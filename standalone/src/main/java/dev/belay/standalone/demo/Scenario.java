// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What happens to the shoppers who get the treatment, and how the story is expected to end. */
public enum Scenario {
    /** From the first percentage stage on, 30 % fewer of them buy. */
    CONVERSION_DROP(0.7, 1, false, true),
    /** From the first percentage stage on, 60 % more of them see an error. */
    ERRORS(1, 1.6, false, true),
    /** Nothing. */
    HEALTHY(1, 1, false, false),
    /** As {@link #CONVERSION_DROP}, with PostgreSQL stopped before it begins. */
    OUTAGE(0.7, 1, true, true);

    /** Share of shoppers who buy, without harm. */
    public static final double CONVERSION = 0.30;

    /** Share of shoppers who see an error, without harm. */
    public static final double ERROR_RATE = 0.10;

    private final double conversionFactor;
    private final double errorFactor;
    private final boolean stopsDatabase;
    private final boolean endsRolledBack;

    Scenario(double conversionFactor, double errorFactor, boolean stopsDatabase, boolean endsRolledBack) {
        this.conversionFactor = conversionFactor;
        this.errorFactor = errorFactor;
        this.stopsDatabase = stopsDatabase;
        this.endsRolledBack = endsRolledBack;
    }

    /**
     * @param text for instance {@code conversion-drop}
     * @throws IllegalArgumentException for a name that is none of them
     */
    public static Scenario of(String text) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.text().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("--scenario must be one of " + names() + ", was " + text));
    }

    /** Returns the name as it is typed. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the probability that a shopper buys. */
    double conversion(boolean harmed) {
        return harmed ? CONVERSION * conversionFactor : CONVERSION;
    }

    /** Returns the probability that a shopper sees an error. */
    double errorRate(boolean harmed) {
        return harmed ? ERROR_RATE * errorFactor : ERROR_RATE;
    }

    boolean stopsDatabase() {
        return stopsDatabase;
    }

    boolean endsRolledBack() {
        return endsRolledBack;
    }

    /** Returns what happens, for people. */
    String says() {
        return switch (this) {
            case CONVERSION_DROP -> "from the first percentage stage on, conversion is 30 % lower in treatment";
            case ERRORS -> "from the first percentage stage on, 60 % more users see an error in treatment";
            case HEALTHY -> "the treatment changes nothing";
            case OUTAGE -> "as conversion-drop, and PostgreSQL is stopped before the harm begins";
        };
    }

    private static String names() {
        return Arrays.stream(values()).map(Scenario::text).collect(Collectors.joining(", "));
    }
}
