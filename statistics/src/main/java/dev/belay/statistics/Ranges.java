// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/** Refuses numbers outside their range with the name, the rule and the value. Nothing is allocated when the value is good. */
final class Ranges {
    /** Slack for sums of weights or shares that are one up to rounding. */
    static final double ROUNDING = 1e-9;

    private Ranges() {}

    static void notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
    }

    static void notNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be finite and not negative, was " + value);
        }
    }

    static void positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be finite and above 0, was " + value);
        }
    }

    static void insideUnit(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must lie in (0, 1), was " + value);
        }
    }

    static void aboveZeroToOne(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must lie in (0, 1], was " + value);
        }
    }

    static void unit(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must lie in [0, 1], was " + value);
        }
    }

    static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }

    static void noMore(String part, long value, String whole, long limit) {
        if (value > limit) {
            throw new IllegalArgumentException(part + " must not exceed " + whole + " (" + limit + "), was " + value);
        }
    }

    static void noMoreInBernoulliMode(String part, long value, String whole, long limit) {
        if (value > limit) {
            throw new IllegalArgumentException(
                    part + " must not exceed " + whole + " (" + limit + ") in BERNOULLI mode, was " + value);
        }
    }

    /** A logarithm of something finite: a number below infinity, negative infinity for zero. */
    static void log(String name, double value) {
        if (Double.isNaN(value) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " must be a number below infinity, was " + value);
        }
    }
}
