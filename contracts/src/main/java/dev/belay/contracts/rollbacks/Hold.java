// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollbacks;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;

/**
 * Why a live rollout is not raised although nothing was taken out: nobody judges it, or what is judged cannot be trusted.
 * Part of an {@link Incident}.
 *
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param epoch epoch of the rollout
 * @param cause what is wrong: {@code NOT_JUDGED}, the name of a {@link dev.belay.contracts.verdicts.Reason}, or a guardrail
 *     that holds or notifies, as {@code guardrail-holds.<name>}
 * @param episode how often it went wrong so far, from 1; each is told once
 * @param guardrails names of the guardrails it is about; empty when it is about all of them
 * @param sentences for people, with the numbers
 * @param since since when it is wrong, as far as is known
 */
public record Hold(
        String project,
        String environment,
        String flag,
        int epoch,
        String cause,
        int episode,
        List<String> guardrails,
        List<String> sentences,
        Instant since) {
    /** Cause: no verdict of the rollout was said for several heartbeats. */
    public static final String NOT_JUDGED = "NOT_JUDGED";

    /** Begin of a cause: the guardrail of that name is crossed, and holds. */
    public static final String HOLDING = "guardrail-holds.";

    /** Begin of a cause: the guardrail of that name is crossed, and people are told. */
    public static final String NOTIFYING = "guardrail-notifies.";

    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Hold {
        new FlagRef(project, environment, flag);
        Require.positive(epoch, "epoch");
        Require.name(cause, "cause");
        Require.positive(episode, "episode");
        guardrails = guardrails == null ? List.of() : List.copyOf(guardrails);
        sentences = sentences == null ? List.of() : List.copyOf(sentences);
        Require.nonNull(since, "since");
    }

    public FlagRef ref() {
        return new FlagRef(project, environment, flag);
    }

    /** Returns the id of its incident: {@code project/environment/flag#epoch#hold:cause}. */
    public String incidentId() {
        return ref().key() + "#" + epoch + "#hold:" + cause;
    }
}
