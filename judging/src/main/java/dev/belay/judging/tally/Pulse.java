// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.belay.judging.attribution.JoinCount;
import org.jspecify.annotations.Nullable;

/**
 * Whether data flow: when each arm of the present stage was seen, and how outcomes join.
 *
 * @param stage index of the stage it is about
 * @param control exposures of control
 * @param treatment exposures of the treatments
 * @param joins how outcomes joined so far, by name of their event
 */
public record Pulse(int stage, Arm control, Arm treatment, Map<String, JoinCount> joins) {
    /** States of before joins were noted have none. */
    public Pulse {
        joins = joins == null ? Map.of() : Map.copyOf(joins);
    }

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
        Duration meanGap() {
            return firstMillis == null || lastMillis == null || count < 2
                    ? Duration.ZERO
                    : Duration.ofMillis(lastMillis - firstMillis).dividedBy(count - 1);
        }
    }

    static Pulse start(int stage) {
        return new Pulse(stage, Arm.NONE, Arm.NONE, Map.of());
    }

    Pulse inStage(int next) {
        return new Pulse(next, Arm.NONE, Arm.NONE, joins);
    }

    /** Takes in exposures of the present stage. */
    Pulse plus(long newControl, long newTreatment, long atMillis) {
        return new Pulse(
                stage,
                newControl > 0 ? control.plus(newControl, atMillis) : control,
                newTreatment > 0 ? treatment.plus(newTreatment, atMillis) : treatment,
                joins);
    }

    Pulse joining(Map<String, JoinCount> more) {
        Map<String, JoinCount> all = new HashMap<>(joins);
        more.forEach((event, count) -> all.merge(event, count, JoinCount::plus));
        return new Pulse(stage, control, treatment, all);
    }

    JoinCount joins(String event) {
        return joins.getOrDefault(event, JoinCount.NONE);
    }
}
