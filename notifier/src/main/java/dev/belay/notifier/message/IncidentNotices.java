// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import dev.belay.contracts.rollbacks.Incident;
import dev.belay.notifier.decision.Occasion;

/** The message about an incident, whether something was taken out or is held. */
public final class IncidentNotices {
    private IncidentNotices() {}

    /**
     * Returns the message about an incident.
     *
     * @throws IllegalStateException if it is an occasion of a rollout
     */
    public static Notice of(Occasion occasion, Incident incident, Surroundings surroundings) {
        boolean isHold = incident.hold() != null;
        return switch (occasion) {
            case ROLLED_BACK -> IncidentMessages.rolledBack(incident, surroundings);
            case UNCONFIRMED -> IncidentMessages.unconfirmed(incident, surroundings);
            case CONFIRMED_LATE -> IncidentMessages.confirmedLate(incident, surroundings);
            case ACKNOWLEDGED ->
                isHold
                        ? HoldMessages.acknowledged(incident, surroundings)
                        : IncidentMessages.acknowledged(incident, surroundings);
            case RESOLVED ->
                isHold
                        ? HoldMessages.resolved(incident, surroundings)
                        : IncidentMessages.resolved(incident, surroundings);
            case HELD -> HoldMessages.held(incident, surroundings);
            case HEALED -> HoldMessages.healed(incident, surroundings);
            case AWAITING_APPROVAL,
                    STARTED,
                    ADVANCED,
                    PAUSED,
                    RESUMED,
                    ASKED,
                    COMPLETED,
                    CANCELLED,
                    CHANNEL_DOWN,
                    TEST -> throw new IllegalStateException("no message of an incident for " + occasion);
        };
    }
}
