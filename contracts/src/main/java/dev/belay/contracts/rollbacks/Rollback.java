// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollbacks;

import java.time.Instant;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * An element of the grow-only set that takes things out. Never changed, never deleted while its flag exists; two records
 * with one key say the same.
 *
 * <p>Topic {@code belay.rollbacks.v1}, keyed by {@code project/environment/flag#epoch#target}.
 *
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param epoch epoch it is about, 0 when the flag had no rollout yet; it also holds for every lower one
 * @param target what is taken out
 * @param reason why, for people
 * @param verdict the verdict it rests on; null when a person did it
 * @param by who did it
 * @param at when it was decided
 */
public record Rollback(
        String project,
        String environment,
        String flag,
        int epoch,
        RollbackTarget target,
        String reason,
        @Nullable Verdict verdict,
        Actor by,
        Instant at) {
    /** @throws IllegalArgumentException if a part is missing */
    public Rollback {
        new FlagRef(project, environment, flag);
        Require.notNegative(epoch, "epoch");
        Require.nonNull(target, "target");
        Require.text(reason, "reason");
        Require.nonNull(by, "by");
        Require.nonNull(at, "at");
    }

    public FlagRef ref() {
        return new FlagRef(project, environment, flag);
    }

    /** Returns the key of the record. */
    public String recordKey() {
        return ref().key() + "#" + epoch + "#" + target.text();
    }
}
