// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.belay.contracts.Json;
import dev.belay.notifier.channels.Addressee;
import dev.belay.notifier.channels.Channels;
import dev.belay.notifier.decision.DeliveryOutcome;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Telling;
import dev.belay.notifier.decision.Told;
import dev.belay.notifier.message.Notice;
import dev.belay.notifier.message.SlackMessage;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** The deliveries of all channels. */
@ApplicationScoped
public class Deliveries implements PanacheRepositoryBase<DeliveryRow, Long> {
    private static final String INSERT = "insert into notifier.delivery (project, environment, flag, channel, subject,"
            + " occasion, transition, message, notice, thread, version, ordered, status, reason, created_at, due_at, ended_at)"
            + " values (:project, :environment, :flag, :channel, :subject, :occasion, :transition, :message, :notice,"
            + " :thread, :version, :ordered, :status, :reason, :now,"
            + " case when :status = 'WAITING' then cast(:due as timestamptz) end,"
            + " case when :status = 'FAILED' then cast(:now as timestamptz) end)"
            + " on conflict (project, channel, transition) do nothing";
    private static final String DUE = "select d.* from notifier.delivery d where d.project = :project"
            + " and d.channel = :channel and " + Lanes.IS_DUE + " order by d.due_at, d.id";
    private static final String LANE = "insert into notifier.lane (project, channel) values (:project, :channel)"
            + " on conflict (project, channel) do nothing";
    private static final String LANES = "insert into notifier.lane (project, channel)"
            + " select distinct project, channel from notifier.delivery where status = 'WAITING'"
            + " on conflict (project, channel) do nothing";

    private final Channels channels;

    Deliveries(Channels channels) {
        this.channels = channels;
    }

    /**
     * Who is to be told.
     *
     * @param named names of channels, whether they are there or not
     * @param everybody whether all channels of the project are, not only those that hear of everything
     * @param tags tags of the flag
     */
    public record Audience(Collection<String> named, boolean everybody, Collection<String> tags) {}

    /**
     * Adds a message for each channel that is to be told and wants to, and has not got one for this transition. A channel
     * that does not exist gets a failed one: somebody should see that nobody was told.
     */
    @Transactional
    public void add(Telling telling, Notice notice, Audience audience) {
        Instant now = Instant.now();
        Notice.About about = notice.about();
        Set<String> unknown = new TreeSet<>(audience.named());
        for (Addressee to : channels.addressees(about.project())) {
            boolean isNamed = unknown.remove(to.name()) || audience.everybody() || to.isForAll();
            boolean wants =
                    to.interest().covers(notice.occasion(), notice.severity(), about.environment(), audience.tags());
            if (isNamed && wants) {
                insert(telling, notice, to, to.quiet().earliest(notice.severity(), now));
            }
        }
        for (String name : unknown) {
            String reason = "channel must exist in project " + about.project() + ", was " + name;
            insert(telling, notice, name, reason, now, false);
        }
    }

    /** Adds a message for one channel, whatever it wants, at once; returns it. */
    @Transactional
    public Delivery addTo(Addressee to, Telling telling, Notice notice) {
        insert(telling, notice, to, Instant.now());
        return find("project = ?1 and channel = ?2 and transition = ?3", to.project(), to.name(), telling.transition())
                .singleResultOptional()
                .map(Delivery::of)
                .orElseThrow();
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
    public Told told(String subject) {
        Map<Occasion, Long> told = new EnumMap<>(Occasion.class);
        list("subject", subject).forEach(row -> told.merge(row.occasion, row.version, Math::max));
        return new Told(told);
    }

    /** Gives a turn to channels that have something to send and none: an older version of this service gave none. */
    @Transactional
    public void addMissingLanes() {
        getEntityManager().createNativeQuery(LANES).executeUpdate();
    }

    /** Returns what is due in a channel, the longest waiting first. */
    List<DeliveryRow> due(LaneRow lane, Instant now, int limit) {
        List<?> found = getEntityManager()
                .createNativeQuery(DUE, DeliveryRow.class)
                .setParameter("project", lane.project)
                .setParameter("channel", lane.channel)
                .setParameter("now", now)
                .setMaxResults(limit)
                .getResultList();
        return found.stream().map(DeliveryRow.class::cast).toList();
    }

    /** Returns those of the deliveries that still wait, in their order. */
    List<DeliveryRow> waiting(List<Long> ids) {
        Map<Long, DeliveryRow> found = list("id in ?1 and status = ?2", ids, DeliveryOutcome.Status.WAITING).stream()
                .collect(Collectors.toMap(row -> row.id, row -> row));
        return ids.stream().filter(found::containsKey).map(found::get).toList();
    }

    /** Returns how many messages of a channel wait, or were given up since then. */
    long undelivered(LaneRow lane, Instant since) {
        return count(
                "project = ?1 and channel = ?2 and (status = ?3 or (status = ?4 and endedAt >= ?5))",
                lane.project,
                lane.channel,
                DeliveryOutcome.Status.WAITING,
                DeliveryOutcome.Status.FAILED,
                since);
    }

    /** Returns a delivery with every attempt, if there is one. */
    @Transactional
    Optional<Delivery> delivery(long id) {
        return findByIdOptional(id)
                .map(row -> Delivery.of(
                        row,
                        getEntityManager()
                                .createQuery("from AttemptRow where deliveryId = :id order by number", AttemptRow.class)
                                .setParameter("id", id)
                                .getResultList()));
    }

    /** Returns the latest deliveries, at most {@code limit}, ids below {@code before} only. */
    List<Delivery> latest(
            @Nullable String project,
            @Nullable String environment,
            @Nullable String flag,
            @Nullable String channel,
            DeliveryOutcome.@Nullable Status status,
            long before,
            int limit) {
        return find(
                        "id < ?1 and (?2 is null or project = ?2) and (?3 is null or environment = ?3)"
                                + " and (?4 is null or flag = ?4) and (?5 is null or status = ?5)"
                                + " and (?6 is null or channel = ?6) order by id desc",
                        before,
                        project,
                        environment,
                        flag,
                        status,
                        channel)
                .page(0, limit)
                .list()
                .stream()
                .map(Delivery::of)
                .toList();
    }

    private void insert(Telling telling, Notice notice, Addressee to, Instant due) {
        insert(telling, notice, to.name(), null, due, to.medium().isOrdered());
    }

    private void insert(
            Telling telling, Notice notice, String channel, @Nullable String reason, Instant due, boolean isOrdered) {
        DeliveryOutcome.Status status = reason == null ? DeliveryOutcome.Status.WAITING : DeliveryOutcome.Status.FAILED;
        Notice.About about = notice.about();
        getEntityManager()
                .createNativeQuery(INSERT)
                .setParameter("project", about.project())
                .setParameter("environment", about.environment())
                .setParameter("flag", about.flag())
                .setParameter("channel", channel)
                .setParameter("subject", telling.subject())
                .setParameter("occasion", telling.occasion().name())
                .setParameter("transition", telling.transition())
                .setParameter("message", Json.write(SlackMessage.of(notice)))
                .setParameter("notice", Json.write(notice))
                .setParameter("thread", about.thread())
                .setParameter("version", telling.version())
                .setParameter("ordered", isOrdered)
                .setParameter("status", status.name())
                .setParameter("reason", reason)
                .setParameter("now", Instant.now())
                .setParameter("due", due)
                .executeUpdate();
        getEntityManager()
                .createNativeQuery(LANE)
                .setParameter("project", about.project())
                .setParameter("channel", channel)
                .executeUpdate();
    }
}
