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
 * @param warrant id of the change of a flag that others approved; null for a write of one's own
 * @param action for audit, for instance {@code revert}; null for what the write is anyway
 */
public record Change(
        Actor actor,
        @Nullable String reason,
        @Nullable String ifMatch,
        boolean mustBeNew,
        @Nullable String warrant,
        @Nullable String action) {

    /** A write of one's own. */
    public Change(Actor actor, @Nullable String reason, @Nullable String ifMatch, boolean mustBeNew) {
        this(actor, reason, ifMatch, mustBeNew, null, null);
    }

    /** A change by this service itself. */
    public static Change by(Actor actor, String reason) {
        return new Change(actor, reason, null, false);
    }

    /**
     * A write on a version that is known.
     *
     * @param version version that must stand; 0 for none
     */
    public static Change on(long version, Actor actor, @Nullable String reason) {
        return version == 0
                ? new Change(actor, reason, null, true)
                : new Change(actor, reason, "\"" + version + "\"", false);
    }

    /** Returns this change, called {@code action} in audit and history. */
    public Change as(String action) {
        return new Change(actor, reason, ifMatch, mustBeNew, warrant, action);
    }

    /** Returns this change, made because {@code change} was approved or is due. */
    public Change warranted(String change) {
        return new Change(actor, reason, ifMatch, mustBeNew, change, action);
    }
}
