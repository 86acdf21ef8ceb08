// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.belay.contracts.Topics;
import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.served.Served;
import dev.belay.rollback.decision.IncidentDecider;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Opens an incident for every rollback and follows it until the edges confirm. Compares and writes, again and again. */
@ApplicationScoped
public class IncidentFollower {
    /*
     * Looks at states, not at changes: whatever failed or was missed is made up for in the next round. It opens nothing
     * before it has read every incident there is, so a restart opens no incident twice. Two replicas may write the same
     * incident; its id and version are functions of what they saw, and of two records of one version the topic's last
     * stands.
     */
    private static final Logger LOG = Logger.getLogger(IncidentFollower.class);
    private static final Duration FOR_THE_BROKER = Duration.ofSeconds(30);
    private static final long ROUND_MILLIS = 100;

    private final ControllerRecords records;
    private final ControllerViews views;
    private final ControllerMeters meters;
    private final Duration confirmWithin;
    private final Set<String> unopened = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread;

    IncidentFollower(
            ControllerRecords records,
            ControllerViews views,
            ControllerMeters meters,
            @ConfigProperty(name = "belay.controller.confirm-within", defaultValue = "PT10S") Duration confirmWithin) {
        this.records = records;
        this.views = views;
        this.meters = meters;
        this.confirmWithin = confirmWithin;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread worker = new Thread(work, "rollback-controller-incidents");
            worker.setDaemon(true);
            return worker;
        });
    }

    void start(@Observes StartupEvent event) {
        var unused = thread.scheduleWithFixedDelay(this::round, ROUND_MILLIS, ROUND_MILLIS, TimeUnit.MILLISECONDS);
    }

    void onRollback(@Observes Rollback rollback) {
        unopened.add(rollback.recordKey());
    }

    /**
     * Changes an incident as a person asks.
     *
     * @param change the decision; nothing when there is nothing to change
     * @return the incident as it stands, changed or not; nothing when there is no such incident
     * @throws IllegalStateException if the broker does not acknowledge the change
     */
    public synchronized Optional<Incident> change(String id, Function<Incident, Optional<Incident>> change) {
        Optional<Incident> known = views.incident(id);
        known.flatMap(change).ifPresent(this::write);
        return views.incident(id);
    }

    /** Looks at every incident once. */
    void round() {
        try {
            if (views.areCaughtUp()) {
                openNew();
                followOpen();
            }
        } catch (RuntimeException e) {
            LOG.warn("incidents are looked at again in the next round", e);
        }
    }

    private synchronized void openNew() {
        for (String key : unopened) {
            if (views.incident(key).isEmpty()) {
                views.rollback(key).ifPresent(this::open);
            }
            unopened.remove(key);
        }
    }

    private void open(Rollback rollback) {
        Instant now = Instant.now();
        Set<String> edges = views.liveEdges(now);
        write(IncidentDecider.open(
                rollback,
                views.writtenAt(rollback.recordKey()).orElse(null),
                views.rollout(rollback.ref()).orElse(null),
                views.served(rollback.ref(), edges),
                edges,
                now));
    }

    private synchronized void followOpen() {
        Instant now = Instant.now();
        Set<String> edges = views.liveEdges(now);
        for (Incident incident : views.incidents()) {
            boolean isOpen =
                    incident.status() == Incident.Status.OPEN || incident.status() == Incident.Status.UNCONFIRMED;
            if (isOpen && incident.hold() == null) {
                Incident next = followed(incident, edges, now);
                if (next.version() != incident.version()) {
                    write(next);
                }
            }
        }
    }

    private Incident followed(Incident incident, Set<String> edges, Instant now) {
        Incident next = incident;
        for (Served served : views.served(incident.ref(), edges)) {
            next = IncidentDecider.onServed(next, served, now).orElse(next);
        }
        return IncidentDecider.onTick(next, confirmWithin, now).orElse(next);
    }

    /**
     * Writes an incident that another decider has decided about.
     *
     * @throws IllegalStateException if the broker does not acknowledge it
     */
    synchronized void put(Incident incident) {
        write(incident);
    }

    private void write(Incident incident) {
        String event = incident.id() + "@" + incident.version();
        records.write(Topics.INCIDENTS, incident.id(), incident, event, FOR_THE_BROKER);
        views.add(incident);
        meters.written(incident);
        LOG.infof("incident %s is %s%s", incident.id(), incident.status(), details(incident));
    }

    private static String details(Incident incident) {
        Hold hold = incident.hold();
        return hold == null
                ? ", " + incident.confirmed().size() + " of " + incident.edges().size() + " edges"
                : ": " + String.join("; ", hold.sentences());
    }

    @PreDestroy
    void close() {
        thread.shutdownNow();
    }
}
