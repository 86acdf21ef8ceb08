// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.util.Locale;

/** What a person can do to a rollout besides taking it back. */
enum Transition {
    ADVANCE("Enters the next stage now, if no guardrail is breached."),
    PAUSE("Stays in the present stage; guardrails stay armed."),
    RESUME("Goes on after a pause."),
    CANCEL("Ends the rollout: the flag's definition decides again."),
    COMPLETE("Ends the rollout with the treatment for everyone.");

    private final String description;

    Transition(String description) {
        this.description = description;
    }

    String verb() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }
}
