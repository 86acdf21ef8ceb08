// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a rollout, as its timeline tells it.
 *
 * @param epoch epoch of the rollout
 * @param version version of the rollout after it
 * @param at when
 * @param what in a word or two, for instance {@code raised}
 * @param status where the rollout was then
 * @param stage name of its stage then; null when it had none
 * @param by who made it happen
 * @param reason why
 * @param lateBy how long after the first moment at which it could have come; null for what people do
 * @param numbers what was known of each guardrail, one line each, where the step rests on that
 */
public record Moment(
        int epoch,
        long version,
        Instant at,
        String what,
        RolloutStatus status,
        @Nullable String stage,
        Actor by,
        String reason,
        @Nullable Duration lateBy,
        List<String> numbers) {
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("rollout.draft", "drafted"),
            Map.entry("rollout.request", "approval asked"),
            Map.entry("rollout.review", "review asked"),
            Map.entry("rollout.approve", "approved"),
            Map.entry("rollout.edit", "edited"),
            Map.entry("rollout.schedule", "scheduled"),
            Map.entry("rollout.start", "started"),
            Map.entry("rollout.begin", "started"),
            Map.entry("rollout.advance", "raised"),
            Map.entry("rollout.jump", "raised"),
            Map.entry("rollout.complete", "completed"),
            Map.entry("rollout.ask", "asked"),
            Map.entry("rollout.pause", "paused"),
            Map.entry("rollout.resume", "resumed"),
            Map.entry("rollout.pin", "pinned"),
            Map.entry("rollout.unpin", "unpinned"),
            Map.entry("rollout.cancel", "cancelled"),
            Map.entry("rollout.rolled-back", "rolled back"),
            Map.entry("rollout.reallocate", "split anew"),
            Map.entry("rollout.restore", "restored"),
            Map.entry("rollout.adopt", "taken over from the topic"));

    /** @throws IllegalArgumentException if a part is missing */
    public Moment {
        Require.positive(epoch, "epoch");
        Require.positive(version, "version");
        Require.nonNull(at, "at");
        Require.text(what, "what");
        Require.nonNull(status, "status");
        Require.nonNull(by, "by");
        Require.nonNull(reason, "reason");
        numbers = numbers == null ? List.of() : List.copyOf(numbers);
    }

    /**
     * Returns what a step tells: before a rollback also the breach it rests on.
     *
     * @param before the rollout before the step; null when there was none
     * @param situation what the step rests on
     */
    public static List<Moment> of(@Nullable RolloutState before, Change change, Situation situation) {
        List<Moment> moments = new ArrayList<>();
        Optional<Duration> late = Lateness.of(before, change);
        if (change.action().equals("rollout.rolled-back")) {
            breach(change, situation).ifPresent(moments::add);
        }
        String what = Objects.requireNonNullElse(WORDS.get(change.action()), change.action());
        moments.add(of(
                change,
                change.state().updatedAt(),
                what,
                change.reason(),
                late.orElse(null),
                lines(change, situation)));
        return moments;
    }

    /** Returns that a rollout is held now, since its stage lasted long enough; empty when nothing holds it. */
    public static Optional<Moment> held(Situation situation, RolloutState rollout, Instant now) {
        if (rollout.status() != RolloutStatus.RUNNING || rollout.stageSince() == null) {
            return Optional.empty();
        }
        Instant due = rollout.stageSince().plus(GateChecks.stageOf(rollout).atLeast());
        Gate gate = Gate.of(situation, rollout, now);
        if (gate.isOpen() || now.isBefore(due)) {
            return Optional.empty();
        }
        return Optional.of(new Moment(
                rollout.epoch(),
                rollout.version(),
                due,
                "held",
                rollout.status(),
                stage(rollout),
                RolloutDecider.SCHEDULER,
                gate.missing(),
                Duration.between(due, now),
                numbers(situation, rollout)));
    }

    private static Optional<Moment> breach(Change change, Situation situation) {
        return situation.rollbacks().stream()
                .filter(each -> each.epoch() >= change.state().epoch() && each.verdict() != null)
                .max(Comparator.comparing(Rollback::at))
                .map(cause -> {
                    Verdict verdict = Require.nonNull(cause.verdict(), "verdict");
                    return of(change, verdict.at(), "breach", cause.reason(), null, List.of(line(verdict)));
                });
    }

    private static List<String> lines(Change change, Situation situation) {
        return switch (change.action()) {
            case "rollout.advance", "rollout.jump", "rollout.complete", "rollout.ask", "rollout.rolled-back" ->
                numbers(situation, change.state());
            default -> List.of();
        };
    }

    private static List<String> numbers(Situation situation, RolloutState rollout) {
        return situation.verdicts().values().stream()
                .map(Heard::verdict)
                .filter(verdict -> verdict.epoch() == rollout.epoch())
                .sorted(Comparator.comparing(Verdict::subject))
                .map(Moment::line)
                .toList();
    }

    private static String line(Verdict verdict) {
        String about = verdict.guardrail() + " of " + verdict.variant()
                + (verdict.segment() == null ? "" : " in " + verdict.segment()) + ", " + Spoken.verdict(verdict);
        String numbers = verdict.sentence() == null ? Explanation.numbers(verdict) : verdict.sentence();
        return about + "; " + numbers;
    }

    private static Moment of(
            Change change, Instant at, String what, String reason, @Nullable Duration lateBy, List<String> numbers) {
        RolloutState state = change.state();
        return new Moment(
                state.epoch(),
                state.version(),
                at,
                what,
                state.status(),
                stage(state),
                change.by(),
                reason,
                lateBy,
                numbers);
    }

    private static @Nullable String stage(RolloutState rollout) {
        return rollout.plan() == null || rollout.stage() < 0
                ? null
                : rollout.plan().stages().get(rollout.stage()).name();
    }
}
