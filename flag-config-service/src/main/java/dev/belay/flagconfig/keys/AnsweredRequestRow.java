// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A request for a key that carried an idempotency key: a repeat gets the same key again. */
@Entity
@Table(name = "answered_request")
class AnsweredRequestRow {
    /** Public part of the caller's key and the idempotency key. */
    @Id
    String id;

    /** What was asked for. */
    String request;

    /** Public part of the key that was made. */
    @Column(name = "key_id")
    String keyId;

    /** What the made key's secret was derived from, besides the caller's key. */
    String salt;

    Instant at;
}
