// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Takes the records of a view one by one, on the view's thread.
 *
 * <p>An {@link IllegalArgumentException} sends the record to the dead-letter topic, once. Any other exception means "not
 * now": the same record comes again, for ever, with back-off.
 */
@FunctionalInterface
public interface RecordHandler<V> {
    /**
     * @param key key of the record
     * @param value its value; null for a tombstone
     * @param appendedAt the record's timestamp
     */
    void accept(String key, @Nullable V value, Instant appendedAt);
}
