// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.time.Duration;
import java.util.List;

import dev.belay.statistics.Finding.Check;

/**
 * The checks of the data that come before "healthy" (statistics.md §6), each a pure function of counts and ages. Except for the sample
 * ratio their limits are proposals from practice.
 */
public final class DataQuality {
    /** How long an arm may be silent whatever its pace. */
    public static final Duration SHORTEST_SILENCE = Duration.ofSeconds(60);

    /** Mean gaps between exposures that an arm may be silent for. */
    private static final double GAPS = 10;
    /** Events that control should have had before silence is a doubt. */
    private static final double EXPECTED_EVENTS = 20;
    /** Share of the units in both arms. */
    private static final double CONTAMINATED = 0.01;
    /** Share of an arm's events that came late. */
    private static final double LATE = 0.02;
    /** Probability of calling arms that are late alike different. */
    private static final double LATE_ALPHA = 0.01;

    private DataQuality() {}

    /**
     * Checks the split of the exposures.
     *
     * @param logE {@link SampleRatioMismatch#logE} of all strata of the rollout, never reset
     */
    public static Finding sampleRatio(double logE) {
        double limit = -StrictMath.log(SampleRatioMismatch.DEFAULT_ALPHA);
        return new Finding(Check.SAMPLE_RATIO, logE >= limit, logE, limit);
    }

    /**
     * Checks that both arms are still exposed.
     *
     * @param sinceControl how long ago control was last exposed; since the stage began when it never was
     * @param sinceTreatment how long ago treatment was last exposed, likewise
     * @param controlGap mean time between exposures of control, {@link Duration#ZERO} when unknown
     * @param treatmentGap mean time between exposures of treatment, likewise
     */
    public static Finding fresh(
            Duration sinceControl, Duration sinceTreatment, Duration controlGap, Duration treatmentGap) {
        Finding control = silence(sinceControl, controlGap);
        Finding treatment = silence(sinceTreatment, treatmentGap);
        boolean treatmentWorse = treatment.measured() / treatment.limit() > control.measured() / control.limit();
        return treatmentWorse ? treatment : control;
    }

    private static Finding silence(Duration since, Duration gap) {
        double limit = Math.max(seconds(SHORTEST_SILENCE), GAPS * seconds(gap));
        return new Finding(Check.STALE, seconds(since) > limit, seconds(since), limit);
    }

    /**
     * Checks that the metric's events have not stopped in both arms: a fault of the pipeline. The block is discarded.
     *
     * @param controlRate events per unit of control before the silence, not negative
     * @param controlUnits units of control exposed since the last event of either arm, not negative
     * @param events events of both arms since then, not negative
     */
    public static Finding audible(double controlRate, long controlUnits, long events) {
        Ranges.notNegative("controlRate", controlRate);
        Ranges.notNegative("controlUnits", controlUnits);
        Ranges.notNegative("events", events);
        double expected = controlRate * controlUnits;
        return new Finding(Check.SILENT, events == 0 && expected >= EXPECTED_EVENTS, expected, EXPECTED_EVENTS);
    }

    /**
     * Checks that few units were seen in both arms within one stratum. Such units are left out from then on.
     *
     * @param inBothArms units seen in both, not negative
     * @param units all units seen, not negative
     */
    public static Finding pure(long inBothArms, long units) {
        Ranges.notNegative("inBothArms", inBothArms);
        Ranges.notNegative("units", units);
        double share = inBothArms / (double) Math.max(1, units);
        return new Finding(Check.CONTAMINATION, share > CONTAMINATED, share, CONTAMINATED);
    }

    /**
     * Checks that events do not come late in one arm more than in the other: evidence needs lateness that does not depend on the arm.
     * A doubt when more than 2 % of an arm's events were late and the arms' shares differ beyond chance, at every look.
     *
     * @param lateControl events of control that came after the grace, not negative
     * @param control all events of control, at least as many
     * @param lateTreatment events of treatment that came after the grace, not negative
     * @param treatment all events of treatment, at least as many
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static Finding punctual(long lateControl, long control, long lateTreatment, long treatment) {
        Ranges.noMore("lateControl", lateControl, "control", control);
        Ranges.noMore("lateTreatment", lateTreatment, "treatment", treatment);
        double worst =
                Math.max(lateControl / (double) Math.max(1, control), lateTreatment / (double) Math.max(1, treatment));
        boolean isLate = worst > LATE && control > 0 && treatment > 0;
        return new Finding(
                Check.LATENESS, isLate && differ(lateControl, control, lateTreatment, treatment), worst, LATE);
    }

    private static boolean differ(long lateControl, long control, long lateTreatment, long treatment) {
        Interval ratio = RatioConfidenceSequence.interval(
                List.of(new Stratum(control, treatment, lateControl, lateTreatment)), LATE_ALPHA);
        return ratio.lower() > 1 || ratio.upper() < 1;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
