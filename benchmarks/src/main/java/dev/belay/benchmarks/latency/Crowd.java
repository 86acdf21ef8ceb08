// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.belay.benchmarks.input.Events;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;

/** Users of other rollouts, both arms alike: of ten events seven are exposures of new users, three what some of them did. */
final class Crowd {
    private static final int FLAGS = 10;
    private static final int CYCLE = 10;
    private static final int NEW = 7;
    private static final int ARMS = 2;

    private Crowd() {}

    /** Returns the flags of these rollouts. */
    static List<String> flags() {
        return IntStream.range(0, FLAGS).mapToObj(number -> "other-" + number).toList();
    }

    /** Makes the event with that number, in order. */
    static void event(long number, Instant at, Consumer<Exposure> exposure, Consumer<Outcome> outcome) {
        long cycle = number / CYCLE;
        int place = (int) (number % CYCLE);
        if (place < NEW) {
            long user = cycle * NEW + place;
            String flag = "other-" + user % FLAGS;
            exposure.accept(Events.exposure(flag, "other-u" + user, user / FLAGS % ARMS == 1, at));
        } else {
            long user = cycle * NEW + place - NEW;
            outcome.accept(Events.purchase("other-u" + user, 0, at));
        }
    }
}
