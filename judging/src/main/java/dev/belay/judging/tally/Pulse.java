// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Whether data flow: when each arm of the present stage was seen, and how many units of control came since a metric last
 * had an event.
 *
 * @param stage index of the stage it is about
 * @param control exposures of control
 * @param treatment exposures of the treatments
 * @param controlUnits units of control exposed in any stage
 * @param controlAtEvent per metric, how many those were at its last event in either arm; absent means none
 */
public record Pulse(int stage, Arm control, Arm treatment, long controlUnits, Map<String, Long> controlAtEvent) {
    /**
     * Exposures of one arm.
     *
     * @param count how many units
     * @param firstMillis when the first was seen; null for none
     * @param lastMillis when the last was seen; null for none
     */
    public record Arm(
            long count,
            @Nullable Long firstMillis,
            @Nullable Long lastMillis) {
        static final Arm NONE = new Arm(0, null, null);

        /** Records of several partitions do not come in the order of their times. */
        Arm plus(long units, long atMillis) {
            return new Arm(
                    count + units,
                    firstMillis == null ? atMillis : Math.min(firstMillis, atMillis),
                    lastMillis == null ? atMillis : Math.max(lastMillis, atMillis));
        }

        /** Returns the mean time between two exposures, 0 before the second. */
        double meanGapMillis() {
            return firstMillis == null || lastMillis == null || count < 2
                    ? 0
                    : (double) (lastMillis - firstMillis) / (count - 1);
        }
    }

    static Pulse start(int stage) {
        return new Pulse(stage, Arm.NONE, Arm.NONE, 0, Map.of());
    }

    Pulse inStage(int next) {
        return new Pulse(next, Arm.NONE, Arm.NONE, controlUnits, controlAtEvent);
    }

    /** Takes in exposures of the present stage. */
    Pulse plus(long newControl, long newTreatment, long atMillis) {
        return new Pulse(
                stage,
                newControl > 0 ? control.plus(newControl, atMillis) : control,
                newTreatment > 0 ? treatment.plus(newTreatment, atMillis) : treatment,
                controlUnits,
                controlAtEvent);
    }

    /** Takes in units of control of any stage. */
    Pulse withControl(long units) {
        return units > 0 ? new Pulse(stage, control, treatment, controlUnits + units, controlAtEvent) : this;
    }

    Pulse withEvent(String metric) {
        Map<String, Long> all = new TreeMap<>(controlAtEvent);
        all.put(metric, controlUnits);
        return new Pulse(stage, control, treatment, controlUnits, all);
    }

    long controlSinceEvent(String metric) {
        return controlUnits - controlAtEvent.getOrDefault(metric, 0L);
    }
}
