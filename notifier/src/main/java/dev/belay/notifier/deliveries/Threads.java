// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;
import java.util.Optional;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** The first messages of rollouts in channels of Slack's. */
@ApplicationScoped
public class Threads implements PanacheRepositoryBase<ThreadRow, Long> {
    /** Returns the first message of a rollout in a channel, if there is one. */
    Optional<ThreadRow> of(LaneRow lane, @Nullable String thread) {
        return thread == null
                ? Optional.empty()
                : find("project = ?1 and channel = ?2 and thread = ?3", lane.project, lane.channel, thread)
                        .firstResultOptional();
    }

    /** Returns one that does not say what it should, if there is one. */
    Optional<ThreadRow> nextStale(LaneRow lane, Instant now) {
        return find(
                        "project = ?1 and channel = ?2 and stale and dueAt <= ?3 order by dueAt, id",
                        lane.project,
                        lane.channel,
                        now)
                .firstResultOptional();
    }
}
