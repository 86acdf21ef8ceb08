// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import dev.belay.contracts.Actor;
import org.jspecify.annotations.Nullable;

/**
 * Who changes something, and on what condition.
 *
 * @param actor for audit
 * @param reason for audit; null when none was given
 * @param ifMatch header of a conditional write; null for none
 * @param mustBeNew whether nothing may stand yet
 */
public record Change(
        Actor actor, @Nullable String reason, @Nullable String ifMatch, boolean mustBeNew) {
    /** A change by this service itself. */
    public static Change by(Actor actor, String reason) {
        return new Change(actor, reason, null, false);
    }
}
