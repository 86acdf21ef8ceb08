// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;

import static java.util.Objects.requireNonNull;

/**
 * Notices that a ratio which was fine starts to be harmful, in finished rollouts and in segments: a Shiryaev-Roberts e-detector
 * (Shin, Ramdas and Rinaldo 2024; statistics.md §7). <b>For alerts only.</b> It bounds how often it is wrong per time, not how
 * often it is ever wrong: over a long rollout a false alarm is certain, so nothing may be rolled back on it.
 *
 * <p><b>How to feed it.</b> One {@link #update} per closed block, treatment against control within a segment, or a segment (as
 * treatment) against the rest of the same variant (as control), then {@link #isAlarm} with the limit of {@link #logLimit}; after an
 * alarm {@link #reset}. Blocks should take equally long, because false alarms are counted in blocks. The test's null ratio is the
 * lower end of what the reference period says (upper for a rise), or 0.95: {@link #test}. Mutable and not thread-safe.
 */
public final class ChangeDetector {
    /** Seconds of a day. */
    private static final double DAY = 86_400;

    private final RatioTest test;
    private final RatioCapital capital;
    private double logM = Double.NEGATIVE_INFINITY;
    private double logSup = Double.NEGATIVE_INFINITY;
    private long blocks;

    private ChangeDetector(RatioTest test) {
        this.test = requireNonNull(test, "test");
        capital = new RatioCapital(test);
    }

    /** Returns a detector that has seen nothing. */
    public static ChangeDetector start(RatioTest test) {
        return new ChangeDetector(test);
    }

    /**
     * Returns the detector as it was when the snapshot was taken.
     *
     * @param test the test that the snapshot came from
     * @throws IllegalArgumentException if the snapshot has another number of alternatives than the test
     */
    public static ChangeDetector restore(RatioTest test, ChangeState state) {
        ChangeDetector detector = new ChangeDetector(test);
        detector.capital.restore(state.bets());
        detector.logM = detector.capital.logTotal(Double.NEGATIVE_INFINITY);
        detector.logSup = state.bets().logSup();
        detector.blocks = state.blocks();
        return detector;
    }

    /**
     * Returns a test for a change to beyond the threshold from a ratio that was not one: the bets of a harm test, moved along.
     *
     * @param threshold relative change, from {@code usual}, that the alternatives start from; DROP (0, 1), RISE above 0
     * @param usual ratio that is still usual, above 0: the harmful end of its interval in the reference period
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static RatioTest test(OutcomeMode mode, Direction direction, double threshold, double usual) {
        Ranges.positive("usual", usual);
        Alternatives bets = Alternatives.harm(direction, threshold, 0);
        return RatioTest.of(
                mode,
                new Alternatives(
                        usual,
                        bets.ratios().stream().map(ratio -> usual * ratio).toList(),
                        bets.weights()));
    }

    /**
     * Returns the limit that alarms falsely once in so long.
     *
     * @param daysPerFalseAlarm mean time between false alarms of all segments together, in days, above 0
     * @param blockSeconds how long a block takes, above 0
     * @param segments detectors that are watched together, at least 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static double logLimit(double daysPerFalseAlarm, double blockSeconds, int segments) {
        Ranges.positive("daysPerFalseAlarm", daysPerFalseAlarm);
        Ranges.positive("blockSeconds", blockSeconds);
        Ranges.atLeastOne("segments", segments);
        return StrictMath.log(daysPerFalseAlarm * DAY / blockSeconds) + StrictMath.log(segments);
    }

    /**
     * Takes in one block; arguments as for {@link RatioProcess#update}. A block with an empty arm is no block: it adds to the tuning
     * sums only.
     *
     * @throws IllegalArgumentException as {@link RatioProcess#update}
     */
    public void update(long controlUnits, long treatmentUnits, long controlEvents, long treatmentEvents) {
        if (controlUnits > 0 && treatmentUnits > 0) {
            capital.settleAfterAdding(controlUnits, treatmentUnits, controlEvents, treatmentEvents);
            blocks++;
        } else {
            capital.settle(controlUnits, treatmentUnits, controlEvents, treatmentEvents);
        }
        logM = capital.logTotal(Double.NEGATIVE_INFINITY);
        logSup = Math.max(logSup, logM);
    }

    /** Returns the log of the detector now; negative infinity before the first block. */
    public double logM() {
        return logM;
    }

    /** Says whether the detector is at or beyond the limit. */
    public boolean isAlarm(double logLimit) {
        return logM >= logLimit;
    }

    /** Begins anew after an alarm; what was learnt of the base rate stays. */
    public void reset() {
        capital.clear();
        logM = Double.NEGATIVE_INFINITY;
        logSup = Double.NEGATIVE_INFINITY;
        blocks = 0;
    }

    /** Returns how many blocks were taken in since the start or the last reset. */
    public long blocks() {
        return blocks;
    }

    /** Returns what is being tested. */
    public RatioTest test() {
        return test;
    }

    /** Returns the state as a value that no later update changes. */
    public ChangeState snapshot() {
        List<Double> logCapital = new ArrayList<>(capital.size());
        for (int k = 0; k < capital.size(); k++) {
            logCapital.add(capital.logCapital(k));
        }
        return new ChangeState(
                new RatioState(
                        logCapital,
                        capital.controlUnits(),
                        capital.treatmentUnits(),
                        capital.controlEvents(),
                        capital.treatmentEvents(),
                        0,
                        logSup),
                blocks);
    }
}
