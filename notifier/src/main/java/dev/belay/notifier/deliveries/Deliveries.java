// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.notifier.channels.Channels;
import dev.belay.notifier.decision.DeliveryOutcome;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Telling;
import dev.belay.notifier.message.SlackMessage;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** The deliveries of all channels. */
@ApplicationScoped
public class Deliveries implements PanacheRepositoryBase<DeliveryRow, Long> {
    private static final String INSERT = "insert into notifier.delivery (project, environment, flag, channel, subject,"
            + " occasion, transition, message, status, reason, created_at, due_at, ended_at) values (:project,"
            + " :environment, :flag, :channel, :subject, :occasion, :transition, :message, :status, :reason, :now,"
            + " case when :status = 'WAITING' then cast(:now as timestamptz) end,"
            + " case when :status = 'FAILED' then cast(:now as timestamptz) end)"
            + " on conflict (project, channel, transition) do nothing";
    private static final String NEXT = "select * from notifier.delivery where status = 'WAITING' and due_at <= :now"
            + " order by due_at, id limit 1 for update skip locked";

    private final Channels channels;

    Deliveries(Channels channels) {
        this.channels = channels;
    }

    /**
     * Adds a message for each channel that has not got one for this transition. A channel that does not exist gets a
     * failed one: somebody should see that nobody was told.
     *
     * @param names names of channels of the flag's project
     */
    @Transactional
    public void add(FlagRef flag, Telling telling, List<String> names, SlackMessage message) {
        String json = Json.write(message);
        for (String name : Set.copyOf(names)) {
            boolean known = channels.address(flag.project(), name).isPresent();
            String reason = known ? null : "channel must exist in project " + flag.project() + ", was " + name;
            insert(flag, telling, name, json, reason);
        }
    }

    /**
     * Keeps other replicas from telling of the same incident until this transaction ends: what one of them decides depends
     * on what the other has told.
     */
    public void lock(String subject) {
        getEntityManager()
                .createNativeQuery("select pg_advisory_xact_lock(hashtextextended(:subject, 0))", Object.class)
                .setParameter("subject", "notifier:" + subject)
                .getResultList();
    }

    /** Returns what was told of a rollout or incident so far, or is about to be. */
    public Set<Occasion> told(String subject) {
        Set<Occasion> told = EnumSet.noneOf(Occasion.class);
        list("subject", subject).forEach(row -> told.add(row.occasion));
        return told;
    }

    /** Returns the message that waits longest, locked for this transaction; other replicas take the next one. */
    Optional<DeliveryRow> nextDue(Instant now) {
        List<?> found = getEntityManager()
                .createNativeQuery(NEXT, DeliveryRow.class)
                .setParameter("now", now)
                .getResultList();
        return found.stream().map(DeliveryRow.class::cast).findFirst();
    }

    /** Returns the latest deliveries, at most {@code limit}, ids below {@code before} only. */
    List<Delivery> latest(
            @Nullable String project,
            @Nullable String environment,
            @Nullable String flag,
            DeliveryOutcome.@Nullable Status status,
            long before,
            int limit) {
        return find(
                        "id < ?1 and (?2 is null or project = ?2) and (?3 is null or environment = ?3)"
                                + " and (?4 is null or flag = ?4) and (?5 is null or status = ?5) order by id desc",
                        before,
                        project,
                        environment,
                        flag,
                        status)
                .page(0, limit)
                .list()
                .stream()
                .map(Delivery::of)
                .toList();
    }

    private void insert(FlagRef flag, Telling telling, String channel, String json, @Nullable String reason) {
        DeliveryOutcome.Status status = reason == null ? DeliveryOutcome.Status.WAITING : DeliveryOutcome.Status.FAILED;
        getEntityManager()
                .createNativeQuery(INSERT)
                .setParameter("project", flag.project())
                .setParameter("environment", flag.environment())
                .setParameter("flag", flag.flag())
                .setParameter("channel", channel)
                .setParameter("subject", telling.subject())
                .setParameter("occasion", telling.occasion().name())
                .setParameter("transition", telling.transition())
                .setParameter("message", json)
                .setParameter("status", status.name())
                .setParameter("reason", reason)
                .setParameter("now", Instant.now())
                .executeUpdate();
    }
}
