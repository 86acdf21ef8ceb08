// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.events.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The values of a unit's outcomes by their times in microseconds. Of a unit with very many, the earliest and the latest
 * {@value OutcomeTimes#KEPT} are kept; which those are does not depend on the order they arrived in.
 */
final class OutcomeValues {
    /** Between the name of an event and that of the property that holds the value. */
    private static final char OF = '\u0000';

    private OutcomeValues() {}

    /**
     * Returns the name that values are kept under.
     *
     * @param property name of the property that holds the value; null for the outcome's own
     */
    static String key(String event, @Nullable String property) {
        return property == null ? event : event + OF + property;
    }

    /** Returns the event of a name that values are kept under. */
    static String event(String key) {
        int end = key.indexOf(OF);
        return end < 0 ? key : key.substring(0, end);
    }

    /** Returns an outcome's value; null when it has none. */
    static @Nullable Double of(Outcome outcome, @Nullable String property) {
        if (property == null) {
            return outcome.value();
        }
        JsonNode node = outcome.properties().get(property);
        return node == null || !node.isNumber() || !Double.isFinite(node.doubleValue()) ? null : node.doubleValue();
    }

    /** Returns the values with one more; the same map when nothing changed. Of two at one time the greater is kept. */
    static Map<String, SortedMap<Long, Double>> with(
            Map<String, SortedMap<Long, Double>> all, String key, long at, double value) {
        SortedMap<Long, Double> known = all.getOrDefault(key, new TreeMap<>());
        Double before = known.get(at);
        if (before != null && before >= value) {
            return all;
        }
        SortedMap<Long, Double> more = new TreeMap<>(known);
        more.put(at, value);
        if (more.size() > 2 * OutcomeTimes.KEPT) {
            long middle =
                    more.keySet().stream().skip(OutcomeTimes.KEPT).findFirst().orElseThrow();
            if (middle == at && before == null) {
                return all;
            }
            more.remove(middle);
        }
        Map<String, SortedMap<Long, Double>> changed = new TreeMap<>(all);
        changed.put(key, more);
        return changed;
    }
}
