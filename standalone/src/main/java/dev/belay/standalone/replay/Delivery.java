// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.belay.contracts.Json;
import org.jspecify.annotations.Nullable;

/**
 * The events of a recording as they are sent: times mapped onto the last minutes, outcomes just after their exposure, and
 * all of it out of order where that is asked for.
 *
 * @param events JSON of each event, in the order of sending
 */
record Delivery(List<String> events) {
    /** The whole recording is mapped onto this long before now, where it is longer. */
    private static final Duration SPAN = Duration.ofMinutes(10);

    private record Sent(Instant order, String json) {}

    /**
     * How events are made.
     *
     * @param thinTreatment probability that a conversion of the treatment is left out, 0 to 1
     * @param seed seed of what is left out and of the shuffling
     * @param shuffleWithin greatest delay of an event, by its mapped time; null for none
     * @param allocation allocation the assignments belong to
     * @param epoch epoch they belong to
     * @param flag key of the flag
     * @param twice whether everything is sent a second time, as at-least-once delivery does
     * @param dimension name of the dimension; null for none
     */
    record Manner(
            double thinTreatment,
            long seed,
            @Nullable Duration shuffleWithin,
            int epoch,
            int allocation,
            String flag,
            boolean twice,
            @Nullable String dimension) {}

    static Delivery of(Recording recording, Manner manner, Instant now) {
        SplittableRandom thinning = new SplittableRandom(manner.seed());
        SplittableRandom shuffling = new SplittableRandom(manner.seed() + 1);
        List<Recording.Row> rows = recording.rows();
        List<Sent> sent = new ArrayList<>(rows.size() * 2);
        for (int i = 0; i < rows.size(); i++) {
            Recording.Row row = rows.get(i);
            Instant at = mapped(rows, i, now);
            sent.add(new Sent(at.plus(delay(shuffling, manner)), exposure(row, at, manner)));
            boolean thinned = row.treatment() && thinning.nextDouble() < manner.thinTreatment();
            if (row.converted() && !thinned) {
                Instant after = at.plusNanos(1_000);
                sent.add(new Sent(after.plus(delay(shuffling, manner)), outcome(row, after, manner)));
            }
        }
        sent.sort(Comparator.comparing(Sent::order));
        List<String> events = new ArrayList<>(sent.stream().map(Sent::json).toList());
        if (manner.twice()) {
            events.addAll(List.copyOf(events));
        }
        return new Delivery(events);
    }

    private static Instant mapped(List<Recording.Row> rows, int index, Instant now) {
        Instant first = rows.get(0).at();
        Instant last = rows.get(rows.size() - 1).at();
        Instant at = rows.get(index).at();
        if (first == null || last == null || at == null) {
            return now.minus(SPAN).plus(SPAN.multipliedBy(index).dividedBy(rows.size()));
        }
        Duration span = Duration.between(first, last);
        Duration since = Duration.between(first, at);
        if (span.compareTo(SPAN) <= 0) {
            return now.minus(span).plus(since);
        }
        double part = (double) since.toMillis() / span.toMillis();
        return now.minus(SPAN).plusNanos(Math.round(part * SPAN.toNanos()));
    }

    private static Duration delay(SplittableRandom random, Manner manner) {
        return manner.shuffleWithin() == null
                ? Duration.ZERO
                : Duration.ofNanos(
                        random.nextLong(Math.max(1, manner.shuffleWithin().toNanos())));
    }

    private static String exposure(Recording.Row row, Instant at, Manner manner) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", "exposure");
        event.put("id", "x-" + manner.epoch() + "-" + row.unit() + "-" + row.number());
        event.put("flag", manner.flag());
        event.put("unit", row.unit());
        event.put("variant", row.treatment() ? Replay.TREATMENT : Replay.CONTROL);
        event.put("epoch", manner.epoch());
        event.put("allocation", manner.allocation());
        event.put("clause", "rest");
        event.put("at", at.toString());
        if (row.dimension() != null && manner.dimension() != null) {
            event.put("dimensions", Map.of(manner.dimension(), row.dimension()));
        }
        return Json.write(event);
    }

    private static String outcome(Recording.Row row, Instant at, Manner manner) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", "outcome");
        event.put("id", "o-" + manner.epoch() + "-" + row.unit() + "-" + row.number());
        event.put("event", Replay.EVENT);
        event.put("unit", row.unit());
        event.put("at", at.toString());
        return Json.write(event);
    }
}
