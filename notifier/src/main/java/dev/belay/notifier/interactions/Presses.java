// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.interactions;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;

/** Buttons that were pressed: each does something once, however often it is pressed and however often Slack says so. */
@ApplicationScoped
public class Presses {
    private static final String ADD = "insert into notifier.press (id, at) values (?, ?) on conflict (id) do nothing";
    private static final String REMOVE = "delete from notifier.press where id = ?";

    private final AgroalDataSource database;

    Presses(@DataSource("notifier") AgroalDataSource database) {
        this.database = database;
    }

    /** Returns whether this is the first press. */
    boolean add(String id) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setString(1, id);
            statement.setTimestamp(2, Timestamp.from(Instant.now()));
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("the press was not noted", e);
        }
    }

    /** Forgets a press that came to nothing, so that it may be pressed again. */
    void remove(String id) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(REMOVE)) {
            statement.setString(1, id);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the press was not forgotten", e);
        }
    }
}
