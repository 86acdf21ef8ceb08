// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.rollouts.decision.Basis;
import dev.belay.rollouts.decision.FlagFacts;
import dev.belay.rollouts.decision.Freeze;
import dev.belay.rollouts.decision.Heard;
import dev.belay.rollouts.decision.Situation;
import dev.belay.rollouts.decision.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * What the other services said, in memory. Thread-safe.
 *
 * <p>Ages of verdicts are measured on the machine's monotonic clock and handed out on the database's: no clock that is set
 * can make an old verdict fresh.
 */
@ApplicationScoped
class Facts {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<FlagRef, FlagDefinition> flags = new HashMap<>();
    private final Map<String, MetricDefinition> metrics = new HashMap<>();
    private final Map<String, RolloutTemplate> templates = new HashMap<>();
    private final Map<FlagRef, Map<String, Rollback>> rollbacks = new HashMap<>();
    private final Map<FlagRef, Integer> epochs = new HashMap<>();
    private final Map<FlagRef, RolloutState> rollouts = new HashMap<>();
    private final Map<FlagRef, Map<String, Noted>> verdicts = new HashMap<>();

    /** A verdict and the moment it was new, in {@link System#nanoTime}. */
    private record Noted(Verdict verdict, long nanos) {}

    void noteFlag(FlagRef ref, @Nullable FlagDefinition flag) {
        change(() -> {
            if (flag == null) {
                flags.remove(ref);
            } else {
                flags.merge(ref, flag, (known, found) -> found.version() >= known.version() ? found : known);
            }
        });
    }

    void noteMetric(String key, @Nullable MetricDefinition metric) {
        change(() -> {
            if (metric == null) {
                metrics.remove(key);
            } else {
                metrics.merge(key, metric, (known, found) -> found.version() >= known.version() ? found : known);
            }
        });
    }

    void noteTemplate(String key, @Nullable RolloutTemplate template) {
        change(() -> {
            if (template == null) {
                templates.remove(key);
            } else {
                templates.merge(key, template, (known, found) -> found.version() >= known.version() ? found : known);
            }
        });
    }

    /** Returns whether it was not known: the set only grows, a repeat says nothing. */
    boolean noteRollback(Rollback rollback) {
        return locked(() -> rollbacks
                        .computeIfAbsent(rollback.ref(), ref -> new HashMap<>())
                        .putIfAbsent(rollback.recordKey(), rollback)
                == null);
    }

    /** Notes what the topic says of a flag's latest rollout; null when its record is gone. */
    void noteRollout(FlagRef ref, @Nullable RolloutState state) {
        change(() -> {
            if (state == null) {
                rollouts.remove(ref);
            } else {
                rollouts.merge(ref, state, (known, found) -> isLater(known, found) ? known : found);
                epochs.merge(ref, state.epoch(), Math::max);
            }
        });
    }

    /** Returns whether {@code one} comes after {@code other}: a greater epoch, or a greater version of the same. */
    static boolean isLater(RolloutState one, RolloutState other) {
        return one.epoch() == other.epoch() ? one.version() > other.version() : one.epoch() > other.epoch();
    }

    /**
     * Keeps the latest verdict of each subject, of the highest epoch only.
     *
     * @param age how long ago it was written
     */
    void noteVerdict(Verdict verdict, Duration age) {
        change(() -> {
            Map<String, Noted> known = verdicts.computeIfAbsent(verdict.ref(), ref -> new HashMap<>());
            known.values().removeIf(noted -> noted.verdict().epoch() < verdict.epoch());
            boolean isOld =
                    known.values().stream().anyMatch(noted -> noted.verdict().epoch() > verdict.epoch());
            if (!isOld) {
                known.put(verdict.subject(), new Noted(verdict, System.nanoTime() - age.toNanos()));
            }
        });
    }

    Optional<FlagDefinition> flag(FlagRef ref) {
        return locked(() -> Optional.ofNullable(flags.get(ref)));
    }

    Optional<RolloutTemplate> template(String project, String name) {
        return locked(() -> Optional.ofNullable(templates.get(project + "/" + name)));
    }

    /** Returns the templates of a project that are the default for some rollouts, by name. */
    List<RolloutTemplate> defaultTemplates(String project) {
        return locked(() -> templates.entrySet().stream()
                .filter(entry -> entry.getKey().equals(entry.getValue().key()))
                .map(Map.Entry::getValue)
                .filter(template -> template.project().equals(project) && template.defaultFor() != null)
                .sorted(Comparator.comparing(RolloutTemplate::name))
                .toList());
    }

    /** Returns a version of a template that is still there: each version has a record of its own. */
    Optional<RolloutTemplate> template(String project, String name, long version) {
        return locked(() -> {
            RolloutTemplate newest = templates.get(project + "/" + name);
            if (newest == null || newest.version() == version) {
                return Optional.ofNullable(newest);
            }
            return Optional.ofNullable(templates.get(RolloutTemplate.keyOf(project, name, version)));
        });
    }

    /** Returns what the topic says of the flag's latest rollout. */
    Optional<RolloutState> rollout(FlagRef ref) {
        return locked(() -> Optional.ofNullable(rollouts.get(ref)));
    }

    /** Returns the flags whose rollouts the topic knows. */
    Set<FlagRef> flagsWithRollouts() {
        return locked(() -> Set.copyOf(rollouts.keySet()));
    }

    /** Returns the metrics of a project by name. */
    Map<String, MetricDefinition> metrics(String project) {
        return locked(() -> metrics.values().stream()
                .filter(metric -> metric.project().equals(project))
                .collect(Collectors.toMap(MetricDefinition::name, metric -> metric)));
    }

    /**
     * Returns what a decision about the flag rests on.
     *
     * @param latest its latest rollout; null for none
     * @param now the database's clock
     * @param verdictAge how old a verdict may be
     * @param freezes that hold now or later, of whatever project
     */
    Situation situation(
            FlagRef ref, @Nullable StoredRollout latest, Instant now, Duration verdictAge, List<Freeze> freezes) {
        return locked(() -> {
            FlagDefinition flag = flags.get(ref);
            RolloutState state = latest == null ? null : latest.state();
            return new Situation(
                    ref,
                    state,
                    latest == null ? Basis.NONE : latest.basis(),
                    flag == null ? FlagFacts.UNKNOWN : new FlagFacts(flag.foldedEpoch(), Digest.ofTargeting(flag)),
                    List.copyOf(rollbacks.getOrDefault(ref, Map.of()).values()),
                    heard(ref, now),
                    Math.max(epochs.getOrDefault(ref, 0), state == null ? 0 : state.epoch()),
                    verdictAge,
                    latest == null ? Terms.NONE : latest.terms(),
                    freezes);
        });
    }

    /**
     * Asks again and again, whenever something was said, until there is an answer.
     *
     * @return empty when there is none within {@code patience}
     */
    <T> Optional<T> await(Supplier<Optional<T>> question, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            Optional<T> answer = question.get();
            while (answer.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
                answer = question.get();
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Heard> heard(FlagRef ref, Instant now) {
        long nanos = System.nanoTime();
        return verdicts.getOrDefault(ref, Map.of()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> {
                    Noted noted = entry.getValue();
                    return new Heard(noted.verdict(), now.minusNanos(nanos - noted.nanos()));
                }));
    }

    private void change(Runnable change) {
        locked(() -> {
            change.run();
            changed.signalAll();
            return true;
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
