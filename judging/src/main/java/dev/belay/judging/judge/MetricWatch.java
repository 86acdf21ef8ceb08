// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Lateness;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.statistics.DataQuality;
import org.jspecify.annotations.Nullable;

/**
 * What the blocks say of a metric besides the comparison: whether it is alive, whether control keeps its own rate, whether
 * its outcomes belong to anybody who saw the flag.
 *
 * @param silentUnits units of control that joined since either arm last had an event
 * @param control control's own rate in the stage
 * @param joins how outcomes join
 * @param late how many events came too late; null while it is not noted
 */
public record MetricWatch(
        long silentUnits,
        ControlRate control,
        JoinWindow joins,
        @Nullable Lateness late) {
    static final MetricWatch START = new MetricWatch(0, ControlRate.START, JoinWindow.START, null);

    /**
     * Takes in a block.
     *
     * @param newUnits units that joined control
     * @param growth by how many units control's cohort of the metric grew
     * @param inStage whether the block is of the present stage
     */
    MetricWatch after(MetricCounts counts, long newUnits, long growth, boolean inStage) {
        boolean hasEvents = counts.newControl() + counts.newTreatment() > 0;
        Long outcomes = counts.outcomes();
        Long joined = counts.joined();
        return new MetricWatch(
                hasEvents ? 0 : silentUnits + newUnits,
                inStage ? control.plus(Math.max(0, growth), counts.newControl()) : control,
                outcomes == null || joined == null ? joins : joins.with(outcomes, joined),
                counts.late() == null ? late : counts.late());
    }

    /** A stage has people of its own, and so a rate of its own. */
    MetricWatch enterStage() {
        return new MetricWatch(silentUnits, ControlRate.START, joins, late);
    }

    /** Returns whether one arm's events come late more than the other's: then the arms must not be compared as they come. */
    public boolean hasLateArm() {
        return late != null
                && DataQuality.punctual(late.lateControl(), late.control(), late.lateTreatment(), late.treatment())
                        .isDoubt();
    }

    /** Returns what control had earlier in the stage. */
    public Counts controlBefore() {
        return control.before();
    }

    /** Returns what control had lately. */
    public Counts controlNow() {
        return control.now();
    }

    /** Returns outcomes that arrived: of the whole rollout, or of late when it is of late that they do not join. */
    public long outcomes() {
        return isOverall() ? joins.outcomes() : joins.outcomes() - joins.fromOutcomes();
    }

    /** Returns those of {@link #outcomes} that are of a unit which saw the flag. */
    public long joined() {
        return isOverall() ? joins.joined() : joins.joined() - joins.fromJoined();
    }

    private boolean isOverall() {
        return joins.joined() * 100 < joins.outcomes() || !joins.isBrokenLately();
    }
}
