// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times of events in microseconds since 1970. */
final class Micros {
    private Micros() {}

    /** @throws IllegalArgumentException if the time is so far away that a long cannot hold it */
    static long of(Instant at) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, at);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("at must lie within 290,000 years of 1970, was " + at, e);
        }
    }
}
