// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.kafka.Failpoint;
import dev.belay.notifier.channels.Addressee;
import dev.belay.notifier.channels.Channels;
import dev.belay.notifier.decision.Answer;
import dev.belay.notifier.decision.DeliveryDecider;
import dev.belay.notifier.decision.DeliveryOutcome;
import dev.belay.notifier.decision.Folding;
import dev.belay.notifier.decision.Health;
import dev.belay.notifier.decision.Medium;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Telling;
import dev.belay.notifier.message.ChannelMessages;
import dev.belay.notifier.message.Notice;
import dev.belay.notifier.message.StormMessage;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message and notes what came of it. Whoever sends holds the channel: when the database is lost between sending
 * and noting, nobody else sends there for a while, and this process notes what it has sent instead of sending it again.
 */
@ApplicationScoped
public class DeliveryStep {
    private static final Logger LOG = Logger.getLogger(DeliveryStep.class);

    /** So many messages at most become one. */
    private static final int LARGEST_STORM = 2_000;

    private final Deliveries deliveries;
    private final Lanes lanes;
    private final Threads threads;
    private final Channels channels;
    private final Letters letters;
    private final Posts posts;
    private final MeterRegistry registry;
    private final Map<Long, Sent> unnoted = new ConcurrentHashMap<>();

    private record Sent(List<Long> deliveries, Answer answer, Instant begun, Instant ended) {}

    DeliveryStep(
            Deliveries deliveries,
            Lanes lanes,
            Threads threads,
            Channels channels,
            Letters letters,
            Posts posts,
            MeterRegistry registry) {
        this.deliveries = deliveries;
        this.lanes = lanes;
        this.threads = threads;
        this.channels = channels;
        this.letters = letters;
        this.posts = posts;
        this.registry = registry;
    }

    /** Takes a channel that has a message that is due, if there is one. */
    public Optional<Long> hold() {
        return lanes.hold(Instant.now());
    }

    /**
     * Sends what is due in a channel that is held, and lets go of it.
     *
     * @param lane what {@link #hold} gave
     */
    @Transactional
    public void send(long lane) {
        Instant now = Instant.now();
        lanes.held(lane, now).ifPresent(held -> {
            send(held, now);
            held.free();
        });
    }

    /** What was sent there is noted: the transaction of {@link #send(long)} has ended. */
    public void onNoted(long lane) {
        unnoted.remove(lane);
    }

    private void send(LaneRow lane, Instant now) {
        Optional<Addressee> to = channels.addressee(lane.project, lane.channel);
        Sent sent = unnoted.get(lane.id);
        List<DeliveryRow> again = sent == null ? List.of() : deliveries.waiting(sent.deliveries());
        if (to.isPresent() && !again.isEmpty()) {
            tell(lane, to.get(), again);
        } else {
            unnoted.remove(lane.id);
            sendDue(lane, to, now);
        }
    }

    private void sendDue(LaneRow lane, Optional<Addressee> to, Instant now) {
        Medium medium = to.map(Addressee::medium).orElse(Medium.WEBHOOK);
        List<DeliveryRow> due = deliveries.due(lane, now, medium.folds() ? LARGEST_STORM : 1);
        if (to.isEmpty()) {
            String reason = "channel must exist, was " + lane.channel;
            due.forEach(row -> note(row, failed(reason), now, now));
        } else if (due.isEmpty()) {
            threads.nextStale(lane, now).ifPresent(thread -> update(lane, to.get(), thread));
        } else if (to.get().disabled() != null) {
            due.forEach(row -> note(row, failed(String.valueOf(to.get().disabled())), now, now));
        } else {
            tell(lane, to.get(), batch(medium, due));
        }
    }

    private static DeliveryOutcome failed(String reason) {
        return DeliveryOutcome.failed(reason, DeliveryOutcome.Fault.CHANNEL);
    }

    private static List<DeliveryRow> batch(Medium medium, List<DeliveryRow> due) {
        Set<Long> ids = new HashSet<>(Folding.next(
                medium,
                due.stream()
                        .map(row -> new Folding.Due(row.id, row.occasion, row.notice != null))
                        .toList()));
        return due.stream().filter(row -> ids.contains(row.id)).toList();
    }

    private void tell(LaneRow lane, Addressee to, List<DeliveryRow> batch) {
        DeliveryRow first = batch.get(0);
        @Nullable Notice notice = notice(batch);
        @Nullable
        ThreadRow thread = batch.size() == 1 ? threads.of(lane, first.thread).orElse(null) : null;
        Sent known = unnoted.get(lane.id);
        Sent sent = known == null ? post(to, batch, notice, thread) : known;
        unnoted.put(lane.id, sent);
        Answer answer = sent.answer();
        Instant now = sent.ended();
        DeliveryOutcome outcome = masked(to, outcome(to, answer, first.attempts + 1, first.createdAt, now, first.id));
        batch.forEach(row -> {
            note(row, outcome, sent.begun(), now);
            if (row != first && outcome.status() == DeliveryOutcome.Status.DELIVERED) {
                row.foldedInto = first.id;
            }
        });
        LOG.infof(
                "delivery of %s%s to %s/%s is %s",
                first.transition,
                batch.size() == 1 ? "" : " and " + (batch.size() - 1) + " alike",
                lane.project,
                lane.channel,
                outcome);
        boolean isInThread = to.medium() == Medium.SLACK && notice != null && batch.size() == 1;
        if (isInThread && outcome.status() == DeliveryOutcome.Status.DELIVERED) {
            remember(lane, first, thread, answer, now);
        }
        settle(lane, to, outcome, now);
    }

    private Sent post(Addressee to, List<DeliveryRow> batch, @Nullable Notice notice, @Nullable ThreadRow thread) {
        DeliveryRow first = batch.get(0);
        Failpoint.reach(Failpoint.NOTIFIER_BEFORE_SENDING);
        Instant begun = Instant.now();
        Letter letter = notice == null
                ? letters.old(to, first.message)
                : letters.of(to, notice, first.subject, first.transition, thread == null ? null : thread.root(), begun);
        Answer answer = posts.post(letter);
        Failpoint.reach(Failpoint.NOTIFIER_AFTER_SENDING);
        return new Sent(batch.stream().map(row -> row.id).toList(), answer, begun, Instant.now());
    }

    private static @Nullable Notice notice(List<DeliveryRow> batch) {
        if (batch.get(0).notice == null) {
            return null;
        }
        List<Notice> notices =
                batch.stream().map(row -> Json.read(row.notice, Notice.class)).toList();
        return notices.size() == 1 ? notices.get(0) : StormMessage.of(notices);
    }

    /** The first message of a rollout opens its thread; each further one is what the first should say by now. */
    private void remember(LaneRow lane, DeliveryRow row, @Nullable ThreadRow known, Answer answer, Instant now) {
        if (row.thread == null) {
            return;
        }
        if (known != null) {
            known.say(row, now);
            return;
        }
        JsonNode said = Json.read(((Answer.Answered) answer).text(), JsonNode.class);
        if (!said.path("ts").isTextual() || !said.path("channel").isTextual()) {
            return;
        }
        ThreadRow thread = new ThreadRow();
        thread.project = lane.project;
        thread.channel = lane.channel;
        thread.thread = row.thread;
        thread.room = said.path("channel").textValue();
        thread.ts = said.path("ts").textValue();
        thread.notice = row.notice;
        thread.lastDelivery = row.id;
        thread.dueAt = now;
        threads.persist(thread);
    }

    /** Brings the first message of a rollout up to date; one that is gone is forgotten. */
    private void update(LaneRow lane, Addressee to, ThreadRow thread) {
        Answer answer = posts.post(letters.update(to, Json.read(thread.notice, Notice.class), thread.root()));
        Instant now = Instant.now();
        thread.failures++;
        DeliveryOutcome outcome = masked(to, outcome(to, answer, thread.failures, now, now, thread.id));
        thread.note(outcome);
        if (String.valueOf(outcome.reason()).contains("message_not_found")) {
            threads.delete(thread);
        }
        LOG.infof("update of %s in %s/%s is %s", thread.thread, lane.project, lane.channel, outcome);
        settle(lane, to, outcome, now);
    }

    private static DeliveryOutcome outcome(
            Addressee to, Answer answer, int number, Instant createdAt, Instant now, long seed) {
        return DeliveryDecider.after(
                to.medium(), answer, new DeliveryDecider.Attempt(number, createdAt, now, seed + number));
    }

    private static DeliveryOutcome masked(Addressee to, DeliveryOutcome outcome) {
        String reason = outcome.reason();
        return reason == null
                ? outcome
                : new DeliveryOutcome(outcome.status(), outcome.dueAt(), to.masked(reason), outcome.fault());
    }

    /** Keeps the channel's pace, its health, and whoever must know that it is down. */
    private void settle(LaneRow lane, Addressee to, DeliveryOutcome outcome, Instant now) {
        Instant paced = now.plus(to.medium().pace());
        Instant dueAt = outcome.dueAt();
        boolean isBusy = outcome.fault() == DeliveryOutcome.Fault.BUSY && dueAt != null && dueAt.isAfter(paced);
        lane.freeAt = isBusy && dueAt != null ? dueAt : paced;
        Health before = lane.health();
        Health after = before.after(outcome.fault(), now);
        lane.note(after);
        String reason = String.valueOf(outcome.reason());
        if (outcome.isGone()) {
            channels.disable(lane.project, lane.channel, reason);
        }
        if (after.isNewlyDown(before)) {
            raise(lane, reason, now);
        }
    }

    /** Tells every other channel that is not down itself. */
    private void raise(LaneRow lane, String reason, Instant now) {
        registry.counter("belay.channels.down").increment();
        Set<String> down = lanes.down(lane.project);
        List<String> others = channels.addressees(lane.project).stream()
                .filter(other -> other.disabled() == null && !other.name().equals(lane.channel))
                .map(Addressee::name)
                .filter(name -> !down.contains(name))
                .toList();
        if (others.isEmpty()) {
            LOG.errorf("channel %s/%s is down, and no other can say so: %s", lane.project, lane.channel, reason);
            return;
        }
        long waiting = deliveries.undelivered(lane, now.minus(Duration.ofHours(1)));
        String subject = "channel:" + lane.project + "/" + lane.channel;
        Telling telling = new Telling(subject, Occasion.CHANNEL_DOWN, subject + "#down:" + now.toEpochMilli(), 0);
        Notice notice = ChannelMessages.down(lane.project, lane.channel, reason, Math.max(1, waiting), now);
        deliveries.add(telling, notice, new Deliveries.Audience(others, false, List.of()));
    }

    private void note(DeliveryRow row, DeliveryOutcome outcome, Instant begun, Instant now) {
        row.note(outcome, now);
        deliveries.getEntityManager().persist(AttemptRow.of(row, begun, now));
        registry.counter("belay.delivery.attempts", "status", outcome.status().name())
                .increment();
    }
}
