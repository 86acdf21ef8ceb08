// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Verdict;

/**
 * What is known of one rollout's judging.
 *
 * @param rollout the flag's latest rollout
 * @param heard the latest verdict of each subject, of any epoch
 * @param watchingSince since when this process has listened without a pause
 * @param out texts of the targets that are out for it, as {@code variant:bold} and {@code segment:country=UK}
 */
public record Sight(RolloutState rollout, List<Heard> heard, Instant watchingSince, Set<String> out) {
    /** Copies the collections. */
    public Sight {
        heard = List.copyOf(heard);
        out = Set.copyOf(out);
    }

    /** Returns whether somebody should judge it: it is live and its plan has guardrails. */
    boolean isGuarded() {
        return rollout.status().isLive()
                && rollout.plan() != null
                && !rollout.plan().guardrails().isEmpty();
    }

    /** Returns the verdicts of the rollout. */
    List<Heard> own() {
        return heard.stream()
                .filter(each -> each.verdict().epoch() == rollout.epoch())
                .toList();
    }

    /** Returns whether a verdict is about a variant or segment that is out: what nobody is served holds nobody. */
    boolean isOut(Verdict verdict) {
        return out.contains("variant:" + verdict.variant()) || out.contains("segment:" + verdict.segment());
    }

    /** Returns when its last verdict got here. */
    Optional<Instant> judgedAt() {
        return own().stream().map(Heard::at).max(Instant::compareTo);
    }

    /** Returns when it began to be served. */
    Instant liveSince() {
        return rollout.allocations().get(0).since();
    }
}
