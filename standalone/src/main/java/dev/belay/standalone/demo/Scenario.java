// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** What happens to the shoppers who get the treatment, and how the story is expected to end. */
public enum Scenario {
    /** From the first percentage stage on, 30 % fewer of them buy. */
    CONVERSION_DROP(new Effect(0.7, 1, Map.of()), false, true),
    /** From the first percentage stage on, 60 % more of them see an error. */
    ERRORS(new Effect(1, 1.6, Map.of()), false, true),
    /** Nothing. */
    HEALTHY(Effect.NONE, false, false),
    /** As {@link #CONVERSION_DROP}, with PostgreSQL stopped before it begins. */
    OUTAGE(new Effect(0.7, 1, Map.of()), true, true),
    /** From the first percentage stage on, 30 % more of them buy in the USA and India, and 30 % fewer in the UK. */
    UK_HURTS(new Effect(1, 1, Map.of("US", 1.3, "IN", 1.3, "UK", 0.7)), false, false);

    /** Share of shoppers who buy, without harm. */
    public static final double CONVERSION = 0.30;

    /** Share of shoppers who see an error, without harm. */
    public static final double ERROR_RATE = 0.10;

    private final Effect effect;
    private final boolean stopsDatabase;
    private final boolean endsRolledBack;

    /**
     * What the treatment does, once it does something.
     *
     * @param conversion multiplies the share who buy
     * @param errors multiplies the share who see an error
     * @param byCountry multiplies the share who buy in a country, in place of {@code conversion}
     */
    private record Effect(double conversion, double errors, Map<String, Double> byCountry) {
        static final Effect NONE = new Effect(1, 1, Map.of());
    }

    Scenario(Effect effect, boolean stopsDatabase, boolean endsRolledBack) {
        this.effect = effect;
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

    /** Returns the probability that a shopper from there buys. */
    double conversion(String country, boolean affected) {
        return affected ? CONVERSION * effect.byCountry().getOrDefault(country, effect.conversion()) : CONVERSION;
    }

    /** Returns the probability that a shopper sees an error. */
    double errorRate(boolean affected) {
        return affected ? ERROR_RATE * effect.errors() : ERROR_RATE;
    }

    boolean changesAnything() {
        return !effect.equals(Effect.NONE);
    }

    boolean stopsDatabase() {
        return stopsDatabase;
    }

    boolean endsRolledBack() {
        return endsRolledBack;
    }

    /** Returns the country that alone is to be taken back; null for none. */
    @Nullable
    String countryTakenBack() {
        return this == UK_HURTS ? "UK" : null;
    }

    /** Returns where the rollout's template and document are, in this jar. */
    String rollout() {
        return this == UK_HURTS ? "/demo/by-country.yaml" : "/demo/autorollout.yaml";
    }

    /** Returns what happens, for people. */
    String says() {
        return switch (this) {
            case CONVERSION_DROP -> "from the first percentage stage on, conversion is 30 % lower in treatment";
            case ERRORS -> "from the first percentage stage on, 60 % more users see an error in treatment";
            case HEALTHY -> "the treatment changes nothing";
            case OUTAGE -> "as conversion-drop, and PostgreSQL is stopped before the harm begins";
            case UK_HURTS ->
                "from the first percentage stage on, conversion in treatment is 30 % higher in the USA and India,"
                        + " 30 % lower in the UK, and higher in total";
        };
    }

    private static String names() {
        return Arrays.stream(values()).map(Scenario::text).collect(Collectors.joining(", "));
    }
}
