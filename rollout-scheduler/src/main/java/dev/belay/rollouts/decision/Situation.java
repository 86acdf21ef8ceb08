// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import org.jspecify.annotations.Nullable;

/**
 * Everything a decision about one flag rests on. Immutable: a message makes a new one.
 *
 * @param ref the flag
 * @param rollout its latest rollout; null when it never had one
 * @param basis what the rollout's present allocation rests on
 * @param flag what is known of the definition
 * @param rollbacks elements of the grow-only set about this flag; any order, repeats do no harm
 * @param verdicts the latest of each subject, by {@code Verdict.subject()}
 * @param highestEpoch the highest epoch of this flag seen in the database and on the topic of rollouts, 0 for none
 * @param verdictAge how old a verdict may be to count
 * @param terms what is agreed about the rollout besides its plan
 * @param freezes times in which nothing is raised, of the flag's project; any order
 */
public record Situation(
        FlagRef ref,
        @Nullable RolloutState rollout,
        Basis basis,
        FlagFacts flag,
        List<Rollback> rollbacks,
        Map<String, Heard> verdicts,
        int highestEpoch,
        Duration verdictAge,
        Terms terms,
        List<Freeze> freezes) {

    /** @throws IllegalArgumentException if a part is missing or a record is about another flag */
    public Situation {
        Require.nonNull(ref, "ref");
        Require.that(rollout == null || rollout.ref().equals(ref), "rollout", "must be of flag " + ref, rollout);
        Require.nonNull(basis, "basis");
        Require.nonNull(flag, "flag");
        rollbacks = List.copyOf(rollbacks);
        rollbacks.forEach(
                each -> Require.that(each.ref().equals(ref), "rollbacks", "must be of flag " + ref, each.recordKey()));
        verdicts = Map.copyOf(verdicts);
        Require.notNegative(highestEpoch, "highestEpoch");
        Require.that(!verdictAge.isNegative(), "verdictAge", "must not be negative", verdictAge);
        Require.nonNull(terms, "terms");
        freezes = List.copyOf(freezes);
    }

    /** Returns the situation of a flag nothing has happened to. */
    public static Situation empty(FlagRef ref, Duration verdictAge) {
        return new Situation(
                ref, null, Basis.NONE, FlagFacts.UNKNOWN, List.of(), Map.of(), 0, verdictAge, Terms.NONE, List.of());
    }

    public Situation with(RolloutState latest, Basis newBasis) {
        return with(latest, newBasis, terms);
    }

    public Situation with(RolloutState latest, Basis newBasis, Terms newTerms) {
        int highest = Math.max(highestEpoch, latest.epoch());
        return new Situation(ref, latest, newBasis, flag, rollbacks, verdicts, highest, verdictAge, newTerms, freezes);
    }

    public Situation with(Freeze freeze) {
        List<Freeze> all = new ArrayList<>(freezes);
        all.add(freeze);
        return new Situation(ref, rollout, basis, flag, rollbacks, verdicts, highestEpoch, verdictAge, terms, all);
    }

    public Situation with(Heard heard) {
        Map<String, Heard> all = new HashMap<>(verdicts);
        all.put(heard.verdict().subject(), heard);
        return new Situation(ref, rollout, basis, flag, rollbacks, all, highestEpoch, verdictAge, terms, freezes);
    }

    public Situation with(Rollback rollback) {
        if (rollbacks.contains(rollback)) {
            return this;
        }
        List<Rollback> all = new ArrayList<>(rollbacks);
        all.add(rollback);
        return new Situation(ref, rollout, basis, flag, all, verdicts, highestEpoch, verdictAge, terms, freezes);
    }

    public Situation with(FlagFacts facts) {
        return new Situation(ref, rollout, basis, facts, rollbacks, verdicts, highestEpoch, verdictAge, terms, freezes);
    }

    /** Returns the rollout when something may still happen to it. */
    public Optional<RolloutState> open() {
        return Optional.ofNullable(rollout).filter(latest -> !latest.status().isTerminal());
    }

    /** Returns the epoch from which on elements of the set count: that of the latest rollout, or of the last fold. */
    public int countingEpoch() {
        return Math.max(flag.foldedEpoch(), rollout == null ? 0 : rollout.epoch());
    }

    /** Returns the epoch of a rollout that would be made now. */
    public int nextEpoch() {
        IntStream removed = rollbacks.stream().mapToInt(Rollback::epoch);
        return 1
                + Math.max(
                        Math.max(highestEpoch, countingEpoch()), removed.max().orElse(0));
    }

    /** Returns a kill that counts, if the flag is killed. */
    public Optional<Rollback> kill() {
        return inForce(RollbackTarget.Kind.KILL).findFirst().or(this::missedKill);
    }

    /** Returns what took the whole rollout out, if anything did; a kill rather than a rollback. */
    public Optional<Rollback> wholeOut() {
        return kill().or(() -> inForce(RollbackTarget.Kind.ALL).findFirst());
    }

    /** Returns what a breach took out of the latest rollout, whole or its only treatments; empty when no breach ended it. */
    public Optional<Rollback> standingBreach() {
        RolloutState latest = rollout;
        if (latest == null || latest.status() != RolloutStatus.ROLLED_BACK) {
            return Optional.empty();
        }
        return rollbacks.stream()
                .filter(each -> each.epoch() >= latest.epoch())
                .filter(each -> each.target().kind() == RollbackTarget.Kind.ALL
                        || each.target().kind() == RollbackTarget.Kind.VARIANT)
                .filter(each -> each.verdict() != null || each.by().kind() == Actor.Kind.SERVICE)
                .findFirst();
    }

    /** Returns the freeze that holds for the flag at a moment. */
    Optional<Freeze> frozen(Instant now) {
        return Freeze.inForce(freezes, ref, now);
    }

    /** Returns the last element that counts, if the elements together take out every treatment of the rollout. */
    Optional<Rollback> treatmentsOut() {
        List<Rollback> variants = inForce(RollbackTarget.Kind.VARIANT).toList();
        List<@Nullable String> names =
                variants.stream().map(each -> each.target().name()).toList();
        boolean every = rollout != null
                && rollout.plan() != null
                && names.containsAll(rollout.plan().treatments());
        return every ? Optional.of(variants.get(variants.size() - 1)) : Optional.empty();
    }

    /** Returns what a new allocation would rest on. */
    Basis currentBasis() {
        Stream<Rollback> parts =
                Stream.concat(inForce(RollbackTarget.Kind.VARIANT), inForce(RollbackTarget.Kind.SEGMENT));
        String targeting = flag.targeting() == null ? basis.targeting() : flag.targeting();
        return new Basis(parts.map(each -> each.target().text()).toList(), targeting);
    }

    /**
     * Returns a kill that was written while its flag's rollout started, so that neither knew of the other. Known, it would
     * have refused the start: epochs follow one another, so it has the one before, and only a restore may follow a kill.
     */
    private Optional<Rollback> missedKill() {
        RolloutState latest = rollout;
        if (latest == null || latest.status() == RolloutStatus.RESTORED) {
            return Optional.empty();
        }
        return rollbacks.stream()
                .filter(each -> each.target().kind() == RollbackTarget.Kind.KILL)
                .filter(each -> each.epoch() == latest.epoch() - 1)
                .findFirst();
    }

    private Stream<Rollback> inForce(RollbackTarget.Kind kind) {
        return rollbacks.stream()
                .filter(each -> each.target().kind() == kind)
                .filter(each -> each.epoch() >= countingEpoch());
    }
}
