// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.statistics.ChangeDetector;
import dev.belay.statistics.ChangeState;
import dev.belay.statistics.Direction;
import dev.belay.statistics.Interval;
import dev.belay.statistics.OutcomeMode;

/**
 * Whether a ratio that was fine until its rollout was finished becomes harmful (statistics.md §7), in one scope. For alerts only: over
 * a long time a false alarm is certain, so nothing may be taken back on it.
 */
final class ChangeWatch {
    /** What a ratio that nothing is known of may be without being news. */
    private static final double SLIGHT = 0.05;

    private final double usual;
    private final ChangeDetector detector;

    /**
     * State of the watch.
     *
     * @param usual ratio that was still usual until the rollout was finished
     * @param detector state of the detector
     */
    record Watched(double usual, ChangeState detector) {}

    /**
     * What has changed.
     *
     * @param usual ratio that was still usual
     * @param logEvidence logarithm of the detector
     */
    record Alarm(double usual, double logEvidence) {}

    private ChangeWatch(double usual, ChangeDetector detector) {
        this.usual = usual;
        this.detector = detector;
    }

    /** @param reference interval of the ratio until now */
    static ChangeWatch start(OutcomeMode mode, Direction direction, double threshold, Interval reference) {
        double usual = usual(direction, reference);
        return new ChangeWatch(usual, ChangeDetector.start(ChangeDetector.test(mode, direction, threshold, usual)));
    }

    static ChangeWatch restore(OutcomeMode mode, Direction direction, double threshold, Watched state) {
        return new ChangeWatch(
                state.usual(),
                ChangeDetector.restore(
                        ChangeDetector.test(mode, direction, threshold, state.usual()), state.detector()));
    }

    Watched snapshot() {
        return new Watched(usual, detector.snapshot());
    }

    void take(MetricCounts counts) {
        detector.update(counts.cohortControl(), counts.cohortTreatment(), counts.newControl(), counts.newTreatment());
    }

    boolean isAlarm(double logLimit) {
        return detector.isAlarm(logLimit);
    }

    /** Returns what has changed, and begins anew. */
    Alarm takeAlarm() {
        Alarm alarm = new Alarm(usual, detector.logM());
        detector.reset();
        return alarm;
    }

    /** The harmful end of what is known, or a little more than nothing. */
    private static double usual(Direction direction, Interval reference) {
        if (direction == Direction.DROP) {
            double lower = reference.lower();
            return lower > 0 ? Math.min(lower, 1 - SLIGHT) : 1 - SLIGHT;
        }
        return reference.hasUpperBound() ? Math.max(reference.upper(), 1 + SLIGHT) : 1 + SLIGHT;
    }
}
