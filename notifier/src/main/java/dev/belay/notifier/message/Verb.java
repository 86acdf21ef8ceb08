// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

/** What a person can do from a message. */
public enum Verb {
    ACKNOWLEDGE(
            "Acknowledge",
            "Say that you are on it",
            "Everybody sees that you look at this incident. Nothing changes for users."),
    PAUSE(
            "Pause",
            "Pause this rollout?",
            "Nobody further gets it. Whoever has it keeps it, and the guardrails stay on."),
    RESUME("Resume", "Resume this rollout?", "It is raised again by itself when its conditions hold."),
    ROLL_BACK(
            "Roll back",
            "Roll this rollout back?",
            "Everyone is back on the old version at once. Another try is a new rollout.");

    private final String label;
    private final String question;
    private final String consequence;

    Verb(String label, String question, String consequence) {
        this.label = label;
        this.question = question;
        this.consequence = consequence;
    }

    /** Returns what the button says. */
    public String label() {
        return label;
    }

    /** Returns what is asked before it is done. */
    String question() {
        return question;
    }

    /** Returns what it will do. */
    String consequence() {
        return consequence;
    }
}
