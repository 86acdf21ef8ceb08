// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;

import dev.belay.notifier.decision.DeliveryOutcome;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The first message of a rollout in a channel of Slack's, and what it should say by now. */
@Entity
@Table(name = "thread")
public class ThreadRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    public String project;
    public String channel;
    public String thread;
    public String room;
    public String ts;
    public String notice;
    public long lastDelivery;
    public boolean stale;
    public int failures;
    public Instant dueAt;

    /** Asks for the first message to say what this one does, unless it says something later already. */
    void say(DeliveryRow row, Instant now) {
        if (row.id > lastDelivery) {
            lastDelivery = row.id;
            notice = row.notice;
            stale = true;
            failures = 0;
            dueAt = now;
        }
    }

    /** Notes what came of bringing it up to date: done, to be tried again, or given up. */
    void note(DeliveryOutcome outcome) {
        stale = outcome.status() == DeliveryOutcome.Status.WAITING;
        if (stale) {
            dueAt = outcome.dueAt();
        } else {
            failures = 0;
        }
    }

    Letters.Root root() {
        return new Letters.Root(room, ts);
    }
}
