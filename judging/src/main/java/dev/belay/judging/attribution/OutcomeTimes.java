// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.Arrays;

/**
 * When a unit did something: a sorted set of times. Of a unit with very many, the earliest and the latest {@value #KEPT}
 * are kept; which those are does not depend on the order they arrived in.
 */
final class OutcomeTimes {
    static final int KEPT = 64;

    private OutcomeTimes() {}

    /** Returns the set with {@code at}; the same array when nothing changed. */
    static long[] with(long[] times, long at) {
        int found = Arrays.binarySearch(times, at);
        if (found >= 0) {
            return times;
        }
        int place = -found - 1;
        if (times.length == 2 * KEPT) {
            return full(times, at, place);
        }
        long[] more = new long[times.length + 1];
        System.arraycopy(times, 0, more, 0, place);
        more[place] = at;
        System.arraycopy(times, place, more, place + 1, times.length - place);
        return more;
    }

    /** Returns the times that are not before {@code first}; the same array when those are all. */
    static long[] from(long[] times, long first) {
        int found = Arrays.binarySearch(times, first);
        int place = found < 0 ? -found - 1 : found;
        return place == 0 ? times : Arrays.copyOfRange(times, place, times.length);
    }

    private static long[] full(long[] times, long at, int place) {
        if (place == KEPT) {
            return times;
        }
        long[] changed = times.clone();
        if (place < KEPT) {
            System.arraycopy(times, place, changed, place + 1, KEPT - 1 - place);
            changed[place] = at;
        } else {
            System.arraycopy(times, KEPT + 1, changed, KEPT, place - 1 - KEPT);
            changed[place - 1] = at;
        }
        return changed;
    }
}
