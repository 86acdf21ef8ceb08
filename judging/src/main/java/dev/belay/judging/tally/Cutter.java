// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.belay.judging.judge.StratumId;
import org.jspecify.annotations.Nullable;

/** Which strata end their blocks when. It looks at exposures and times, never at outcomes. Mutable. */
final class Cutter {
    private static final char SEPARATOR = '|';
    private static final char OF_SEGMENT = '\u0000';

    private final Pace pace;
    /** Milliseconds of the last block. */
    private final Map<StratumId, Long> last = new TreeMap<>();

    Cutter(Pace pace) {
        this.pace = pace;
    }

    /** Notes that a stratum exists. */
    void see(StratumId stratum, long nowMillis) {
        last.putIfAbsent(stratum, nowMillis);
    }

    /** Notes that its block ends. */
    void cut(StratumId stratum, long nowMillis) {
        last.put(stratum, nowMillis);
    }

    /** Returns whether so many units have joined it that its block ends. */
    boolean isFull(StratumId stratum, Census census) {
        long units = census.newUnits(stratum);
        return units >= pace.least() && units >= pace.threshold(census.units(stratum.segment()));
    }

    /** Returns the strata whose block is old enough. */
    List<StratumId> old(Collection<StratumId> strata, long nowMillis) {
        List<StratumId> all = new ArrayList<>();
        for (StratumId stratum : strata) {
            long since = last.computeIfAbsent(stratum, any -> nowMillis);
            if (nowMillis - since >= pace.age().toMillis()) {
                all.add(stratum);
            }
        }
        return all;
    }

    /** Returns what is to be stored, of everyone or of one segment. */
    Map<String, Long> stored(@Nullable String segment) {
        Map<String, Long> all = new TreeMap<>();
        last.forEach((stratum, at) -> {
            if (Objects.equals(stratum.segment(), segment)) {
                all.put(text(stratum), at);
            }
        });
        return all;
    }

    void restore(Map<String, Long> stored) {
        stored.forEach((text, at) -> last.put(stratum(text), at));
    }

    private static String text(StratumId stratum) {
        String segment = stratum.segment();
        return "" + stratum.allocation() + SEPARATOR + stratum.clause() + (segment == null ? "" : OF_SEGMENT + segment);
    }

    private static StratumId stratum(String text) {
        int bar = text.indexOf(SEPARATOR);
        int end = text.lastIndexOf(OF_SEGMENT);
        int allocation = Integer.parseInt(text.substring(0, bar));
        return end < 0
                ? new StratumId(allocation, text.substring(bar + 1))
                : new StratumId(allocation, text.substring(bar + 1, end), text.substring(end + 1));
    }
}
