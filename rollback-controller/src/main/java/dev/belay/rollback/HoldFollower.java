// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.rollback.decision.ChangeDecider;
import dev.belay.rollback.decision.HoldDecider;
import dev.belay.rollback.decision.HoldPolicy;
import dev.belay.rollback.decision.Phase;
import dev.belay.rollback.decision.Sight;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The dead-man switch: looks at every live rollout again and again, and opens an incident when nobody judges it any more. */
@ApplicationScoped
public class HoldFollower {
    /*
     * Silence is what is noticed here, so the time this process itself did not listen must not count: after a start, a
     * stop of the whole process, or an outage of the broker, it begins to wait anew.
     */
    private static final Logger LOG = Logger.getLogger(HoldFollower.class);
    private static final long LONGEST_ROUND_MILLIS = 1_000;
    private static final int ROUNDS = 20;

    private final ControllerViews views;
    private final IncidentFollower incidents;
    private final ControllerMeters meters;
    private final HoldPolicy policy;
    private final Map<String, Map<String, Phase>> phases = new HashMap<>();
    private final ScheduledExecutorService thread;
    private Instant watchingSince = Instant.MIN;
    private long lastRound;

    HoldFollower(
            ControllerViews views,
            IncidentFollower incidents,
            ControllerMeters meters,
            @ConfigProperty(name = "belay.controller.not-judged-after", defaultValue = "PT30S") Duration notJudgedAfter,
            @ConfigProperty(name = "belay.controller.hold-after", defaultValue = "PT60S") Duration holdAfter) {
        this.views = views;
        this.incidents = incidents;
        this.meters = meters;
        this.policy = new HoldPolicy(notJudgedAfter, holdAfter);
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread worker = new Thread(work, "rollback-controller-holds");
            worker.setDaemon(true);
            return worker;
        });
    }

    void start(@Observes StartupEvent event) {
        long every = Math.max(
                1, Math.min(LONGEST_ROUND_MILLIS, policy.notJudgedAfter().toMillis() / ROUNDS));
        var unused = thread.scheduleWithFixedDelay(this::round, every, every, TimeUnit.MILLISECONDS);
    }

    /** Looks at every rollout once. */
    void round() {
        try {
            if (views.areCaughtUp()) {
                look(Instant.now());
            }
        } catch (RuntimeException e) {
            LOG.warn("rollouts are looked at again in the next round", e);
        }
    }

    private void look(Instant now) {
        noteListening(now);
        int notJudged = 0;
        Map<FlagRef, List<Rollback>> out = views.rollbacks().stream().collect(Collectors.groupingBy(Rollback::ref));
        for (RolloutState rollout : views.rollouts()) {
            Map<String, Incident> known = known(rollout);
            known.values().forEach(incident -> HoldDecider.onOver(incident, rollout, now)
                    .ifPresent(incidents::put));
            if (!rollout.status().isLive()) {
                phases.remove(rollout.id());
                ChangeDecider.look(rollout, views.heard(rollout.ref()), known, now)
                        .forEach(incidents::put);
                continue;
            }
            Set<String> gone = out.getOrDefault(rollout.ref(), List.of()).stream()
                    .filter(rollback -> rollback.epoch() >= rollout.epoch())
                    .map(rollback -> rollback.target().text())
                    .collect(Collectors.toSet());
            Sight sight = new Sight(rollout, views.heard(rollout.ref()), watchingSince, gone);
            notJudged += HoldDecider.isNotJudged(sight, policy, now) ? 1 : 0;
            HoldDecider.Step step =
                    HoldDecider.look(sight, phases.getOrDefault(rollout.id(), Map.of()), known, policy, now);
            step.incidents().forEach(incidents::put);
            phases.put(rollout.id(), step.phases());
        }
        meters.notJudged(notJudged);
        lastRound = System.nanoTime();
    }

    private void noteListening(Instant now) {
        long pause = System.nanoTime() - lastRound;
        if (watchingSince.equals(Instant.MIN) || pause > policy.notJudgedAfter().toNanos() / 2) {
            watchingSince = now;
            lastRound = System.nanoTime();
        }
    }

    private Map<String, Incident> known(RolloutState rollout) {
        Collection<Incident> all = views.incidents();
        return all.stream()
                .filter(incident -> incident.hold() != null && incident.ref().equals(rollout.ref()))
                .collect(Collectors.toMap(Incident::id, incident -> incident));
    }

    @PreDestroy
    void close() {
        thread.shutdownNow();
    }
}
