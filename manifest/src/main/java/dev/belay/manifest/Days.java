// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.belay.contracts.Require;

/** Days of the week as people write them: {@code Mon-Fri}, {@code Mon,Wed}, {@code Saturday}. */
final class Days {
    static final String RULE = "must be days such as Mon-Fri or Sat,Sun";

    private Days() {}

    /** @throws IllegalArgumentException if a word is no day */
    static List<DayOfWeek> parse(String text) {
        Set<DayOfWeek> days = new LinkedHashSet<>();
        for (String part : text.split(",", -1)) {
            String[] ends = part.split("-", -1);
            Require.that(ends.length <= 2, "days", RULE, text);
            days.addAll(range(day(ends[0]), day(ends[ends.length - 1])));
        }
        return List.copyOf(days);
    }

    /** Returns {@code Mon-Fri} for days in a row, else each day with commas between. */
    static String write(List<DayOfWeek> days) {
        DayOfWeek last = days.get(days.size() - 1);
        if (days.size() > 2 && range(days.get(0), last).equals(days)) {
            return word(days.get(0)) + "-" + word(last);
        }
        return String.join(",", days.stream().map(Days::word).toList());
    }

    /** Days from the first to the last, over the end of the week if need be. */
    private static List<DayOfWeek> range(DayOfWeek first, DayOfWeek last) {
        List<DayOfWeek> days = new ArrayList<>(List.of(first));
        for (DayOfWeek day = first; day != last; ) {
            day = day.plus(1);
            days.add(day);
        }
        return days;
    }

    private static DayOfWeek day(String written) {
        String word = written.strip();
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> word.equalsIgnoreCase(day.name()) || word.equalsIgnoreCase(word(day)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("days " + RULE + ", was " + written));
    }

    private static String word(DayOfWeek day) {
        return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
    }
}
