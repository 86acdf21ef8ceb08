// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

import dev.belay.contracts.rollouts.RolloutState;

/**
 * What stands between a live rollout and its next stage. Everything that is missing holds: no verdict, an old one, one
 * about another stage.
 *
 * @param checks every condition, whether it holds or not
 */
public record Gate(List<Check> checks) {
    /** Copies the list. */
    public Gate {
        checks = List.copyOf(checks);
    }

    /** @throws IllegalArgumentException if the rollout has no plan or has not started */
    static Gate of(Situation situation, RolloutState rollout, Instant now) {
        return new Gate(new GateChecks(situation, rollout, now).all());
    }

    /** Returns whether the next stage may be entered without asking anybody. */
    public boolean isOpen() {
        return failing().isEmpty();
    }

    /** Returns whether nothing but people's word is missing. */
    public boolean waitsForPersonOnly() {
        return !isOpen()
                && failing().stream()
                        .allMatch(check -> check.name() == Check.Name.PERSON || check.name() == Check.Name.APPROVAL);
    }

    /** Returns whether nothing is missing once a person says so. */
    public boolean opensForPerson() {
        return failing().stream().allMatch(check -> check.name() == Check.Name.PERSON);
    }

    /** Returns whether a person may pass over what is missing: never over a breach, nor over others' approval. */
    public boolean mayBeOverridden() {
        return !lacks(Check.Name.BREACH) && !lacks(Check.Name.APPROVAL);
    }

    /** Returns whether a check of that name does not hold. */
    public boolean lacks(Check.Name name) {
        return failing().stream().anyMatch(check -> check.name() == name);
    }

    /** Returns the checks that do not hold. */
    public List<Check> failing() {
        return checks.stream().filter(check -> !check.passed()).toList();
    }

    /** Returns the sentences of the checks that do not hold. */
    public String missing() {
        return failing().stream().map(Check::sentence).collect(Collectors.joining("; "));
    }
}
