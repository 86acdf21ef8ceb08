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
 * @param controlSinceEvent per metric, units of control exposed since its last event in either arm
 */
public record Pulse(int stage, Arm control, Arm treatment, Map<String, Long> controlSinceEvent) {
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

        Arm plus(long units, long atMillis) {
            return new Arm(count + units, firstMillis == null ? (Long) atMillis : firstMillis, atMillis);
        }

        /** Returns the mean time between two exposures, 0 before the second. */
        double meanGapMillis() {
            return firstMillis == null || lastMillis == null || count < 2
                    ? 0
                    : (double) (lastMillis - firstMillis) / (count - 1);
        }
    }

    static Pulse start(int stage, Map<String, Long> controlSinceEvent) {
        return new Pulse(stage, Arm.NONE, Arm.NONE, controlSinceEvent);
    }

    Pulse plus(long controlUnits, long treatmentUnits, long atMillis) {
        return new Pulse(
                stage,
                controlUnits > 0 ? control.plus(controlUnits, atMillis) : control,
                treatmentUnits > 0 ? treatment.plus(treatmentUnits, atMillis) : treatment,
                controlSinceEvent);
    }

    Pulse since(String metric, long controlUnits, boolean hasEvent) {
        Map<String, Long> all = new TreeMap<>(controlSinceEvent);
        all.put(metric, hasEvent ? 0 : all.getOrDefault(metric, 0L) + controlUnits);
        return new Pulse(stage, control, treatment, all);
    }
}
