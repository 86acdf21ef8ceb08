// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.http.IdempotencyKey;
import dev.belay.rollouts.decision.Basis;
import dev.belay.rollouts.decision.Change;
import dev.belay.rollouts.decision.Decision;
import dev.belay.rollouts.decision.Explanation;
import dev.belay.rollouts.decision.Freeze;
import dev.belay.rollouts.decision.Heard;
import dev.belay.rollouts.decision.Moment;
import dev.belay.rollouts.decision.Report;
import dev.belay.rollouts.decision.RolloutDecider;
import dev.belay.rollouts.decision.RolloutEvent;
import dev.belay.rollouts.decision.Situation;
import dev.belay.rollouts.decision.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/**
 * Reads, lets decide, writes: row, record and audit event in one transaction, under the lock of the flag's row, by the
 * database's clock. Two replicas cannot decide about one flag at once, and neither decides on what the other has changed.
 */
@ApplicationScoped
class RolloutDesk {
    private final Rollouts rollouts;
    private final Facts facts;
    private final Publication publication;
    private final SchedulerConfig config;
    private final Event<RolloutsWritten> written;
    private final Freezes freezes;

    RolloutDesk(
            Rollouts rollouts,
            Freezes freezes,
            Facts facts,
            Publication publication,
            SchedulerConfig config,
            Event<RolloutsWritten> written) {
        this.rollouts = rollouts;
        this.freezes = freezes;
        this.facts = facts;
        this.publication = publication;
        this.config = config;
        this.written = written;
    }

    /** An open rollout and whether time alone changes it now. */
    record Open(FlagRef ref, boolean isDue) {}

    /** Obeys or refuses a command. */
    @Transactional
    Answer command(FlagRef ref, Function<Instant, RolloutEvent> command, @Nullable CommandKey key) {
        FlagRow flag = rollouts.lock(ref);
        return repeated(key).orElseGet(() -> keep(key, decide(flag, ref, command, "")));
    }

    /** Starts a rollout, or leaves one alone that was started from the same document. */
    @Transactional
    Answer start(StartRequest request, @Nullable CommandKey key) {
        FlagRow flag = rollouts.lock(request.ref());
        return known(request.ref(), request.source(), request.isApplied(), key)
                .orElseGet(() -> keep(key, decide(flag, request.ref(), request::at, request.source())));
    }

    /**
     * Returns the answer to a start that needs no look at what its document names: the same request was answered before, or
     * the same document applied.
     */
    @Transactional
    Optional<Answer> known(FlagRef ref, String source, boolean isApplied, @Nullable CommandKey key) {
        return repeated(key).or(() -> isApplied ? unchanged(ref, source) : Optional.empty());
    }

    /**
     * Makes row and topic say the same of a flag's latest rollout: the later one counts. They differ when one of them was
     * restored from a backup or lost its data.
     */
    @Transactional
    void reconcile(FlagRef ref) {
        FlagRow flag = rollouts.lock(ref);
        StoredRollout kept = rollouts.latest(flag).map(RolloutRow::read).orElse(null);
        RolloutState said = facts.rollout(ref).orElse(null);
        if (kept != null && (said == null || Facts.isLater(kept.state(), said))) {
            boolean isKnown = said != null && said.epoch() == kept.state().epoch();
            if (isKnown || Publication.isPublic(kept.state())) {
                publication.restate(kept.state());
                written.fire(new RolloutsWritten());
            }
        } else if (said != null && (kept == null || Facts.isLater(said, kept.state()))) {
            adopt(flag, said);
        }
    }

    /** What its allocation rests on is not known: whoever looks next begins another. */
    private void adopt(FlagRow flag, RolloutState said) {
        Terms terms = Terms.NONE.withAuthor(said.by());
        Change change = new Change(said, Basis.NONE, terms, "rollout.adopt", RolloutDecider.SCHEDULER);
        save(flag, change, "");
        rollouts.tell(flag.key, Moment.of(null, change, Situation.empty(said.ref(), config.verdictAge())));
        publication.adopted(change);
        written.fire(new RolloutsWritten());
    }

    /** Takes in an event, unless somebody else is deciding about the flag. */
    @Transactional
    void take(FlagRef ref, Function<Instant, RolloutEvent> event) {
        rollouts.tryLock(ref).ifPresent(flag -> decide(flag, ref, event, ""));
    }

    /** Returns every open rollout. */
    @Transactional
    List<Open> open() {
        Instant now = rollouts.now();
        List<Freeze> ahead = freezes.from(now);
        return rollouts.open().stream().map(each -> open(each, now, ahead)).toList();
    }

    @Transactional
    Optional<RolloutState> latest(FlagRef ref) {
        return rollouts.latest(ref).map(StoredRollout::state);
    }

    @Transactional
    Optional<RolloutState> find(FlagRef ref, int epoch) {
        return rollouts.find(ref, epoch).map(StoredRollout::state);
    }

    @Transactional
    List<RolloutState> history(FlagRef ref) {
        return rollouts.history(ref).stream().map(StoredRollout::state).toList();
    }

    @Transactional
    List<RolloutState> latest() {
        return rollouts.latest().stream().map(StoredRollout::state).toList();
    }

    /** Returns the latest rollout of a flag that has a plan, with everything that is kept of it. */
    @Transactional
    Optional<StoredRollout> planned(FlagRef ref) {
        List<StoredRollout> all = rollouts.history(ref);
        return all.stream().filter(each -> each.state().plan() != null).reduce((one, other) -> other);
    }

    @Transactional
    Optional<Explanation> explain(FlagRef ref, int epoch) {
        Instant now = rollouts.now();
        Situation situation = situation(ref, now);
        return rollouts.find(ref, epoch).map(found -> Explanation.of(situation, found.state(), now));
    }

    /**
     * Returns what happened to a flag's rollouts, in order; last what holds the latest now.
     *
     * @param epoch of one rollout; null for all
     */
    @Transactional
    List<Moment> timeline(FlagRef ref, @Nullable Integer epoch) {
        Instant now = rollouts.now();
        List<Moment> moments = new ArrayList<>(rollouts.moments(ref, epoch));
        Situation situation = situation(ref, now);
        situation
                .open()
                .filter(open -> epoch == null || epoch == open.epoch())
                .flatMap(open -> Moment.held(situation, open, now))
                .ifPresent(moments::add);
        return moments;
    }

    /** Returns what became of a rollout so far. */
    @Transactional
    Optional<Report> report(FlagRef ref, int epoch) {
        Instant now = rollouts.now();
        Situation situation = situation(ref, now);
        return rollouts.find(ref, epoch).map(found -> {
            List<Verdict> verdicts = found.state().status().isTerminal()
                    ? found.verdicts()
                    : situation.verdicts().values().stream()
                            .map(Heard::verdict)
                            .filter(verdict -> verdict.epoch() == epoch)
                            .toList();
            return Report.of(found.state(), verdicts, rollouts.moments(ref, epoch), now);
        });
    }

    private Situation situation(FlagRef ref, Instant now) {
        StoredRollout latest = rollouts.latest(ref).orElse(null);
        return facts.situation(ref, latest, now, config.verdictAge(), freezes.from(now));
    }

    private Open open(StoredRollout each, Instant now, List<Freeze> ahead) {
        FlagRef ref = each.state().ref();
        Situation situation = facts.situation(ref, each, now, config.verdictAge(), ahead);
        Decision decision = RolloutDecider.decide(situation, new RolloutEvent.Tick(now));
        return new Open(ref, !decision.changes().isEmpty());
    }

    private Answer decide(FlagRow flag, FlagRef ref, Function<Instant, RolloutEvent> event, String source) {
        StoredRollout latest = rollouts.latest(flag).map(RolloutRow::read).orElse(null);
        // After the lock: the clock of a decision is never before the one it follows.
        Instant now = rollouts.now();
        Situation situation = facts.situation(ref, latest, now, config.verdictAge(), freezes.from(now));
        Decision decision = RolloutDecider.decide(situation, event.apply(now));
        RolloutState before = latest == null ? null : latest.state();
        for (Change change : decision.changes()) {
            save(flag, change, source).ifPresent(ended -> ended.verdicts = Json.write(last(situation, change)));
            rollouts.tell(flag.key, Moment.of(before, change, situation));
            publication.append(before, change);
            before = change.state();
        }
        if (!decision.changes().isEmpty()) {
            written.fire(new RolloutsWritten());
        }
        boolean isNew =
                decision.changes().stream().anyMatch(change -> change.state().version() == 1);
        return new Answer(before, decision.refusal(), null, isNew);
    }

    /** Returns the row when the rollout ended with the change. */
    private Optional<RolloutRow> save(FlagRow flag, Change change, String source) {
        RolloutState state = change.state();
        rollouts.findByIdOptional(state.id())
                .ifPresentOrElse(row -> row.take(change), () -> rollouts.persist(RolloutRow.of(change, source)));
        flag.latestEpoch = Math.max(flag.latestEpoch, state.epoch());
        return state.status().isTerminal() ? rollouts.findByIdOptional(state.id()) : Optional.empty();
    }

    /** Rollbacks bring the verdict they rest on, also when it was not heard here. */
    private static LastVerdicts last(Situation situation, Change change) {
        int epoch = change.state().epoch();
        Map<String, Verdict> all = new TreeMap<>();
        Stream.concat(
                        situation.verdicts().values().stream().map(Heard::verdict),
                        situation.rollbacks().stream().map(Rollback::verdict).filter(Objects::nonNull))
                .filter(verdict -> verdict.epoch() == epoch)
                .forEach(verdict -> all.put(verdict.subject(), verdict));
        return new LastVerdicts(List.copyOf(all.values()));
    }

    private Optional<Answer> unchanged(FlagRef ref, String source) {
        return rollouts.startedFrom(ref, source)
                .map(found -> new Answer(found.state(), null, drift(found.state()), false));
    }

    private static String drift(RolloutState rollout) {
        String words = rollout.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return rollout.status().isTerminal()
                ? "drift ignored: " + words + " at epoch " + rollout.epoch()
                : "unchanged: epoch " + rollout.epoch() + " is " + words;
    }

    private Optional<Answer> repeated(@Nullable CommandKey key) {
        return Optional.ofNullable(key).flatMap(rollouts::answered).map(known -> {
            if (key == null || !known.request.equals(key.request())) {
                throw IdempotencyKey.reused();
            }
            return new Answer(Json.read(known.answer, RolloutState.class), null, "answered before", false);
        });
    }

    private Answer keep(@Nullable CommandKey key, Answer answer) {
        if (key != null && answer.refusal() == null && answer.rollout() != null) {
            AnsweredCommandRow row = new AnsweredCommandRow();
            row.id = key.id();
            row.request = key.request();
            row.answer = Json.write(answer.rollout());
            row.at = answer.rollout().updatedAt();
            rollouts.keep(row);
        }
        return answer;
    }
}
