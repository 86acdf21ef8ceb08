// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Instant;

import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;

/** Events whose time is not after the moment they were appended: a clock that is ahead must not decide what counts. */
final class Clamped {
    private Clamped() {}

    static Exposure notAfter(Exposure of, Instant appendedAt) {
        return of.at().isAfter(appendedAt)
                ? new Exposure(
                        of.id(),
                        of.project(),
                        of.environment(),
                        of.flag(),
                        of.unit(),
                        of.variant(),
                        of.epoch(),
                        of.allocation(),
                        of.clause(),
                        of.share(),
                        of.bucket(),
                        of.dimensions(),
                        of.rolloutVersion(),
                        appendedAt,
                        of.source())
                : of;
    }

    static Outcome notAfter(Outcome of, Instant appendedAt) {
        return of.at().isAfter(appendedAt)
                ? new Outcome(
                        of.id(),
                        of.project(),
                        of.environment(),
                        of.unit(),
                        of.event(),
                        of.value(),
                        of.properties(),
                        of.flag(),
                        of.variant(),
                        appendedAt,
                        of.source())
                : of;
    }
}
