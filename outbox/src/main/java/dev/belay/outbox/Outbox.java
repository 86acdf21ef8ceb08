// SPDX-License-Identifier: Apache-2.0
package dev.belay.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import dev.belay.contracts.Json;
import dev.belay.contracts.Topic;
import io.agroal.api.AgroalDataSource;
import org.jspecify.annotations.Nullable;

/**
 * Records to publish, written in the caller's transaction to the table {@code <schema>.outbox}.
 *
 * <p>Records of one key are published in the order of their ids. An id is drawn when the record is appended: the caller locks
 * (or inserts and flushes) the row the record is about first, so that two transactions about one key draw them one after
 * the other.
 */
public final class Outbox {
    private final AgroalDataSource database;
    private final Schema schema;

    /** @param schema schema of the table, for instance {@code flag_config} */
    public Outbox(AgroalDataSource database, String schema) {
        this.database = database;
        this.schema = new Schema(schema);
    }

    /**
     * Appends a record.
     *
     * @param topic where it goes
     * @param key key of the record
     * @param value its value; null for a tombstone
     * @param eventId id of the event; a repeat carries the same
     * @throws OutboxException if the database does not take it: the transaction must not commit
     */
    public <V> void append(Topic<V> topic, String key, @Nullable V value, String eventId) {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(schema.insert())) {
            insert.setString(1, topic.name());
            insert.setString(2, key);
            insert.setString(3, value == null ? null : Json.write(value));
            insert.setString(4, eventId);
            insert.setString(5, schema.service());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new OutboxException("the outbox did not take a record for " + topic.name() + ", key " + key, e);
        }
    }
}
