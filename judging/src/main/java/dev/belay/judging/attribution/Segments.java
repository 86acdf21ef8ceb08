// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

/** Segments of a dimension: how they are named, and how many of them are counted each. */
public final class Segments {
    /** Values of a dimension that are counted each; all others are one segment together. */
    public static final int MOST = 50;

    /** The value of all others. */
    public static final String OTHER = "other";

    private Segments() {}

    /** Returns {@code dimension=value}. */
    public static String of(String dimension, String value) {
        return dimension + "=" + value;
    }

    /** Returns the dimension of a segment. */
    public static String dimension(String segment) {
        int end = segment.indexOf('=');
        return end < 0 ? segment : segment.substring(0, end);
    }

    /** Returns whether a segment is all the values together that are not counted each. */
    public static boolean isOther(String segment) {
        return segment.endsWith("=" + OTHER);
    }
}
