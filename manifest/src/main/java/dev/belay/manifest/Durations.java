// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.belay.contracts.Require;

/** Durations as people write them: a whole number and one unit, {@code 500ms 30s 10m 1h 7d}. */
final class Durations {
    static final String RULE = "must be a duration such as 500ms, 30s, 10m, 1h or 7d";

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Map<String, Duration> UNITS = units();

    private Durations() {}

    /** @throws IllegalArgumentException unless it has the form above */
    static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        Require.that(matcher.matches(), "duration", RULE, text);
        Duration unit = Require.nonNull(UNITS.get(matcher.group(2)), "unit");
        return unit.multipliedBy(Long.parseLong(matcher.group(1)));
    }

    /** Returns the shortest form, in the largest unit that needs no fraction; parts of a millisecond are cut. */
    static String write(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
            long length = unit.getValue().toMillis();
            if (millis % length == 0) {
                return millis / length + unit.getKey();
            }
        }
        return millis + "ms";
    }

    private static Map<String, Duration> units() {
        Map<String, Duration> units = new LinkedHashMap<>();
        units.put("d", Duration.ofDays(1));
        units.put("h", Duration.ofHours(1));
        units.put("m", Duration.ofMinutes(1));
        units.put("s", Duration.ofSeconds(1));
        units.put("ms", Duration.ofMillis(1));
        return units;
    }
}
