// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.time.Duration;
import java.time.Instant;

import static java.util.Objects.requireNonNull;

/**
 * A plain limit on a number of events in a window of event time: no control, no evidence, no share of alpha; works with everybody
 * treated.
 *
 * <p><b>How to feed it.</b> Keep one {@link CounterWindow} per variant, flag or project, whichever the guardrail counts, add every
 * event at its own time, and {@link #read} when the watermark or the counts change. Repeated reading of the same is the same.
 *
 * <p>Above: broken as soon as any window that is still kept holds more than the limit, closed or not, because more events only
 * add. Below: broken when the latest window that nothing can join any more, begun after counting began, holds less, while units were
 * exposed in it.
 *
 * @param side which side of the limit is harm
 * @param limit number of events that is still allowed, finite and not negative
 * @param window length of the window, at least a second
 * @param grace how much later than they happened events may arrive, not negative
 */
public record CounterLimit(Side side, double limit, Duration window, Duration grace) {

    /** Which side of the limit is harm. */
    public enum Side {
        /** More events than the limit are harm. */
        ABOVE,
        /** Fewer events than the limit are harm. */
        BELOW
    }

    /** What a counter says. */
    public enum Standing {
        /** A window is on the wrong side. */
        BROKEN,
        /** Units are exposed, and the latest closed window is on the right side. */
        WITHIN,
        /** No window since counting began is closed yet, or nobody was exposed in it: nothing missing is healthy. */
        UNKNOWN
    }

    /**
     * What was read.
     *
     * @param standing what the counter says
     * @param count events in the window that says it; those of the latest window when nothing is known
     * @param from beginning of that window, inclusive
     * @param until end of that window, exclusive
     */
    public record Reading(Standing standing, long count, Instant from, Instant until) {}

    /** @throws IllegalArgumentException if a part is out of its range */
    public CounterLimit {
        requireNonNull(side, "side");
        requireNonNull(window, "window");
        requireNonNull(grace, "grace");
        Ranges.notNegative("limit", limit);
        if (window.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("window must be at least PT1S, was " + window);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative, was " + grace);
        }
    }

    /** Returns an empty window of events that fits this limit: sixty slots to the window, none shorter than a second. */
    public CounterWindow start() {
        return CounterWindow.of(slot());
    }

    private Duration slot() {
        Duration sixtieth = window.dividedBy(CounterWindow.SLOTS);
        return sixtieth.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : sixtieth;
    }

    /**
     * Reads the counter.
     *
     * @param events what happened, made by {@link #start}
     * @param exposures who was exposed, in a window of the same kind: one event per exposure
     * @param since when counting began: windows begun before say nothing about "below", and nothing about health
     * @param watermark how far event time has got; events later than that count all the same
     */
    public Reading read(CounterWindow events, CounterWindow exposures, Instant since, Instant watermark) {
        long slots = slots();
        long open = events.slotOf(watermark);
        if (side == Side.ABOVE) {
            // The first window over the limit ends where an event is.
            for (long end : events.counts().keySet()) {
                if (events.sum(end - slots + 1, end) > limit) {
                    return reading(Standing.BROKEN, events, end);
                }
            }
        }
        long closed = events.slotOf(watermark.minus(grace)) - 1;
        long begun = events.slotOf(since);
        boolean isKnown = closed - slots + 1 >= begun && exposures.sum(closed - slots + 1, closed) > 0;
        if (!isKnown) {
            return reading(Standing.UNKNOWN, events, open);
        }
        boolean isBroken = side == Side.BELOW && events.sum(closed - slots + 1, closed) < limit;
        return reading(isBroken ? Standing.BROKEN : Standing.WITHIN, events, closed);
    }

    /** Returns the events without what no later {@link #read} needs: state stays as short as window and grace together. */
    public CounterWindow prune(CounterWindow events, Instant watermark) {
        return events.from(events.slotOf(watermark.minus(grace)) - 2 * slots());
    }

    /** Slots that make a window; rounded up, so a window is never shorter than it should be. */
    private long slots() {
        long slot = slot().toMillis();
        return (window.toMillis() + slot - 1) / slot;
    }

    private Reading reading(Standing standing, CounterWindow events, long end) {
        long first = end - slots() + 1;
        return new Reading(standing, events.sum(first, end), events.startOf(first), events.startOf(end + 1));
    }
}
