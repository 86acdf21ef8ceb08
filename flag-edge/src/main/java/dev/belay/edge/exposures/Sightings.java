// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.exposures;

import java.time.Duration;
import java.time.Instant;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Unit;
import jakarta.inject.Singleton;

/**
 * Which units have been reported for a flag by sources that say a value once and then no more. Who was moved by a raise
 * reports again and who was not does not: only units that were never seen before are a fair sample.
 *
 * <p>Remembers up to a million for 12 to 24 hours, in this edge only.
 */
@Singleton
public class Sightings {
    private static final int REMEMBERED = 1_000_000;
    private static final Duration LIFETIME = Duration.ofHours(24);

    private final RecentlySeen seen = new RecentlySeen(REMEMBERED, LIFETIME.toMillis());

    /** Notes a unit and returns whether it is new. */
    public boolean isFirst(FlagRef flag, Unit unit, Instant now) {
        return seen.add(fingerprint(flag, unit), now.toEpochMilli());
    }

    /** Forgets a unit, because its report was not written. */
    public void forget(FlagRef flag, Unit unit) {
        seen.remove(fingerprint(flag, unit));
    }

    private static long fingerprint(FlagRef flag, Unit unit) {
        return new Fingerprint()
                .with(flag.key())
                .with(unit.kind())
                .with(unit.id())
                .value();
    }
}
