// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Duration;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Answered requests of the last week. */
@ApplicationScoped
class AnsweredRequestRows implements PanacheRepositoryBase<AnsweredRequestRow, String> {
    private static final Duration KEPT = Duration.ofDays(7);

    /** Keeps an answer, and forgets those of last week. */
    void keep(AnsweredRequestRow answer) {
        delete("at < ?1", answer.at.minus(KEPT));
        persist(answer);
    }
}
