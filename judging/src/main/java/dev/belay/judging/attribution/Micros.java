// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times of events in microseconds since 1970. */
final class Micros {
    private Micros() {}

    static long of(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }
}
