// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import dev.belay.contracts.FlagRef;

/**
 * Where early access keeps who chose what: in two segments per flag, whose members are ids of units. Rollouts and rules may
 * name them like any other segment.
 */
public final class Enrolment {
    /** How names of segments begin that enrolment alone writes. */
    public static final String JOINED = "opted-in.";

    /** How names of the others begin. */
    public static final String LEFT = "opted-out.";

    private static final int LONGEST_ENVIRONMENT = 30;
    private static final int LONGEST_FLAG = 50;

    private Enrolment() {}

    /** Returns the name of the segment of those who opted in. */
    public static String joined(FlagRef flag) {
        return JOINED + name(flag);
    }

    /** Returns the name of the segment of those who opted out. */
    public static String left(FlagRef flag) {
        return LEFT + name(flag);
    }

    /** Returns whether a segment of that name is kept by enrolment. */
    public static boolean keeps(String segment) {
        return segment.startsWith(JOINED) || segment.startsWith(LEFT);
    }

    /** At most 90 characters, and another for each flag: names may hold dots, so a hash tells the parts apart. */
    private static String name(FlagRef flag) {
        return cut(flag.environment(), LONGEST_ENVIRONMENT) + "." + cut(flag.flag(), LONGEST_FLAG) + "."
                + Integer.toHexString(flag.key().hashCode());
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
