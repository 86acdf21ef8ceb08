// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Unit;

/** Tells units that were never reported before for a flag. */
@FunctionalInterface
interface FirstSight {
    /** Notes a unit and returns whether it is new. */
    boolean isFirst(FlagRef flag, Unit unit);
}
