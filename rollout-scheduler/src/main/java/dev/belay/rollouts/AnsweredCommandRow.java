// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The answer to a command that carried an idempotency key: a repeat gets it again. */
@Entity
@Table(name = "answered_command")
class AnsweredCommandRow {
    /** Id of the caller's key and the idempotency key. */
    @Id
    String id;

    /** Digest of the request. */
    @Column(nullable = false)
    String request;

    /** The rollout as it was after the command, JSON. */
    @Column(nullable = false)
    String answer;

    @Column(nullable = false)
    Instant at;
}
