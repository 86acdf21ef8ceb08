// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.served.Served;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import dev.belay.kafka.TopicAdmin;
import dev.belay.rollback.decision.Heard;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** What the controller knows: the latest of rollouts, rollbacks, incidents, and of what the edges say. In memory only. */
@ApplicationScoped
public class ControllerViews {
    private static final Duration BROKER_PATIENCE = Duration.ofSeconds(60);
    private static final int MISSED_REPORTS = 3;
    /** Verdicts are said again every few seconds; what is older says nothing about now. */
    private static final Duration VERDICTS_BACK = Duration.ofMinutes(5);

    private final Map<String, RolloutState> rollouts = new ConcurrentHashMap<>();
    private final Map<String, Rollback> rollbacks = new ConcurrentHashMap<>();
    private final Map<String, Incident> incidents = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Served>> servedByFlag = new ConcurrentHashMap<>();
    private final Map<String, Instant> heardFrom = new ConcurrentHashMap<>();
    private final Map<String, Instant> writtenAt = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Heard>> verdictsByFlag = new ConcurrentHashMap<>();

    private final ControllerRecords records;
    private final Event<Rollback> rollbackSeen;
    private final Duration edgeSilence;
    private volatile List<RecordView<?>> views = List.of();
    private volatile @Nullable RecordView<Rollback> rollbackView;
    private volatile @Nullable RecordView<Served> servedView;
    private volatile @Nullable RecordView<Verdict> verdictView;

    ControllerViews(
            ControllerRecords records,
            Event<Rollback> rollbackSeen,
            @ConfigProperty(name = "belay.edge.report-every", defaultValue = "PT5S") Duration reportEvery) {
        this.records = records;
        this.rollbackSeen = rollbackSeen;
        this.edgeSilence = reportEvery.multipliedBy(MISSED_REPORTS);
    }

    void start(@Observes @Priority(10) StartupEvent event) {
        KafkaSettings settings = records.settings();
        String me = ControllerRecords.SERVICE;
        TopicAdmin.ensureOwned(settings, me, BROKER_PATIENCE);
        RecordView<Rollback> rollbacksNow = RecordView.start(settings, me, Topics.ROLLBACKS, this::onRollback);
        RecordView<Served> servedNow = RecordView.start(settings, me, Topics.SERVED, this::onServed);
        RecordView<Verdict> verdictsNow =
                RecordView.startSince(settings, me, Topics.VERDICTS, VERDICTS_BACK, this::onVerdict);
        verdictView = verdictsNow;
        rollbackView = rollbacksNow;
        servedView = servedNow;
        views = List.of(
                rollbacksNow,
                servedNow,
                verdictsNow,
                RecordView.start(settings, me, Topics.ROLLOUTS, this::onRollout),
                RecordView.start(settings, me, Topics.INCIDENTS, this::onIncident));
    }

    /** Returns whether everything that was there at the start has been read. */
    public boolean areCaughtUp() {
        return !views.isEmpty() && views.stream().allMatch(RecordView::isCaughtUp);
    }

    /** Returns whether the rollbacks that were there at the start have been read. */
    boolean knowsRollbacks() {
        RecordView<Rollback> view = rollbackView;
        return view != null && view.isCaughtUp();
    }

    Optional<RolloutState> rollout(FlagRef flag) {
        return Optional.ofNullable(rollouts.get(flag.key()));
    }

    Optional<Rollback> rollback(String recordKey) {
        return Optional.ofNullable(rollbacks.get(recordKey));
    }

    /** Returns when a rollback was first on the log, as far as this replica saw it there. */
    Optional<Instant> writtenAt(String recordKey) {
        return Optional.ofNullable(writtenAt.get(recordKey));
    }

    /** Returns the latest rollout of every flag. */
    Collection<RolloutState> rollouts() {
        return List.copyOf(rollouts.values());
    }

    /** Returns the latest verdict of each subject of a flag's latest judged epoch. */
    List<Heard> heard(FlagRef flag) {
        return List.copyOf(verdictsByFlag.getOrDefault(flag.key(), Map.of()).values());
    }

    Collection<Rollback> rollbacks() {
        return List.copyOf(rollbacks.values());
    }

    Optional<Incident> incident(String id) {
        return Optional.ofNullable(incidents.get(id));
    }

    Collection<Incident> incidents() {
        return List.copyOf(incidents.values());
    }

    /**
     * Returns the epoch a rollback must have to hold now: the greatest of the flag's rollout and its rollbacks, 0 when it
     * has neither.
     */
    int currentEpoch(FlagRef flag) {
        int rollout = rollout(flag).map(RolloutState::epoch).orElse(0);
        return rollbacks.values().stream()
                .filter(rollback -> rollback.ref().equals(flag))
                .mapToInt(Rollback::epoch)
                .reduce(rollout, Math::max);
    }

    /** Returns the names of the edges that reported lately. */
    Set<String> liveEdges(Instant now) {
        return heardFrom.entrySet().stream()
                .filter(entry -> entry.getValue().plus(edgeSilence).isAfter(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Returns what edges that are alive serve for a flag. */
    List<Served> served(FlagRef flag, Set<String> liveEdges) {
        return servedByFlag.getOrDefault(flag.key(), Map.of()).values().stream()
                .filter(served -> liveEdges.contains(served.edge()))
                .toList();
    }

    /** Adds what this replica has written, before it comes back from the broker. The first record of a key stays. */
    void add(Rollback rollback) {
        rollbacks.putIfAbsent(rollback.recordKey(), rollback);
    }

    /** Adds what this replica or another one has written; of two of one version the later record stays, as on the topic. */
    void add(Incident incident) {
        incidents.merge(incident.id(), incident, (old, next) -> next.version() >= old.version() ? next : old);
    }

    private void onRollback(String key, @Nullable Rollback rollback, Instant appendedAt) {
        if (rollback == null) {
            rollbacks.remove(key);
            return;
        }
        writtenAt.putIfAbsent(key, appendedAt);
        add(rollback);
        rollbackSeen.fire(rollback);
    }

    private void onRollout(String key, @Nullable RolloutState state, Instant appendedAt) {
        if (state == null) {
            rollouts.remove(key);
            return;
        }
        rollouts.merge(key, state, (old, next) -> isNewer(next, old) ? next : old);
    }

    private void onIncident(String key, @Nullable Incident incident, Instant appendedAt) {
        if (incident == null) {
            incidents.remove(key);
            return;
        }
        add(incident);
    }

    private void onVerdict(String key, @Nullable Verdict verdict, Instant appendedAt) {
        if (verdict == null) {
            return;
        }
        Heard heard = new Heard(verdict, arrivedAt(verdictView, appendedAt));
        Map<String, Heard> known =
                verdictsByFlag.computeIfAbsent(verdict.ref().key(), any -> new ConcurrentHashMap<>());
        int latest = known.values().stream()
                .mapToInt(each -> each.verdict().epoch())
                .max()
                .orElse(0);
        if (verdict.epoch() > latest) {
            known.clear();
        }
        if (verdict.epoch() >= latest) {
            known.put(verdict.subject(), heard);
        }
    }

    private void onServed(String key, @Nullable Served served, Instant appendedAt) {
        if (served == null) {
            return;
        }
        String flag = new FlagRef(served.project(), served.environment(), served.flag()).key();
        servedByFlag.computeIfAbsent(flag, any -> new ConcurrentHashMap<>()).put(served.edge(), served);
        heardFrom.merge(
                served.edge(), arrivedAt(servedView, appendedAt), (old, next) -> next.isAfter(old) ? next : old);
    }

    /** A sender's clock may be wrong: what arrives live was heard now, only history is dated by its record. */
    private static Instant arrivedAt(@Nullable RecordView<?> view, Instant appendedAt) {
        Instant now = Instant.now();
        boolean isLive = view != null && view.isCaughtUp();
        return isLive || appendedAt.isAfter(now) ? now : appendedAt;
    }

    private static boolean isNewer(RolloutState next, RolloutState old) {
        return next.epoch() != old.epoch() ? next.epoch() > old.epoch() : next.version() >= old.version();
    }

    @PreDestroy
    void close() {
        views.forEach(RecordView::close);
    }
}
