// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

/**
 * Whether outcomes belong to units that saw the flag: over the whole rollout, and over the last few hundred outcomes.
 *
 * @param outcomes outcomes so far
 * @param joined those of a unit that saw the flag
 * @param midOutcomes how many there were at the last mark
 * @param midJoined how many of those were joined
 * @param fromOutcomes how many there were at the mark before
 * @param fromJoined how many of those were joined
 */
record JoinWindow(long outcomes, long joined, long midOutcomes, long midJoined, long fromOutcomes, long fromJoined) {
    static final JoinWindow START = new JoinWindow(0, 0, 0, 0, 0, 0);

    private static final long FEWEST = 20;
    private static final long BETWEEN_MARKS = 200;
    private static final long ONE_IN = 100;

    /** Takes in the sums of a block; they never fall but for a crash, which loses a few. */
    JoinWindow with(long allOutcomes, long allJoined) {
        long known = Math.min(allJoined, allOutcomes);
        if (allOutcomes < outcomes) {
            return new JoinWindow(allOutcomes, known, allOutcomes, known, allOutcomes, known);
        }
        return allOutcomes - midOutcomes >= BETWEEN_MARKS
                ? new JoinWindow(allOutcomes, known, allOutcomes, known, midOutcomes, midJoined)
                : new JoinWindow(allOutcomes, known, midOutcomes, midJoined, fromOutcomes, fromJoined);
    }

    /** Returns whether fewer than one in a hundred is joined. */
    boolean isBroken() {
        return isBroken(outcomes, joined, FEWEST) || isBrokenLately();
    }

    /** Returns whether that is so of the last few hundred. */
    boolean isBrokenLately() {
        return isBroken(outcomes - fromOutcomes, joined - fromJoined, BETWEEN_MARKS);
    }

    private static boolean isBroken(long all, long of, long fewest) {
        return all >= fewest && of * ONE_IN < all;
    }
}
