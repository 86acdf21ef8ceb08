// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.watcher;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How much there is to watch, written {@code UNITSxROLLOUTS} or {@code UNITSxROLLOUTS:SEEN}.
 *
 * @param units different units
 * @param rollouts rollouts that run
 * @param seen rollouts that each unit sees, at most all
 */
record WatcherCase(int units, int rollouts, int seen) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})x(\\d{1,6})(?::(\\d{1,6}))?");

    WatcherCase {
        require(units > 0, "units must be positive, was " + units);
        require(rollouts > 0, "rollouts must be positive, was " + rollouts);
        require(seen > 0 && seen <= rollouts, "seen must lie in [1, " + rollouts + "], was " + seen);
    }

    /** @throws IllegalArgumentException if it has another form */
    static WatcherCase parse(String text) {
        Matcher matcher = FORM.matcher(text);
        require(matcher.matches(), "case must have the form UNITSxROLLOUTS[:SEEN], was " + text);
        String seen = matcher.group(3);
        return new WatcherCase(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                seen == null ? 1 : Integer.parseInt(seen));
    }

    long exposures() {
        return (long) units * seen;
    }

    /** Returns whether a unit gets the treatment, of whichever rollout: of the units of each rollout, every second. */
    boolean isTreated(int unit) {
        return unit / rollouts % 2 == 1;
    }

    /** Returns whether a unit does something: half of either arm of each rollout. */
    boolean doesSomething(int unit) {
        return unit / rollouts / 2 % 2 == 0;
    }

    long outcomes() {
        return IntStream.range(0, units).filter(this::doesSomething).count();
    }

    long events() {
        return exposures() + outcomes();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
