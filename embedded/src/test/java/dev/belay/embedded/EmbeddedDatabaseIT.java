// SPDX-License-Identifier: Apache-2.0
package dev.belay.embedded;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedDatabaseIT {
    @Test
    void refusesWhileStoppedAndKeepsItsRowsThroughTheOutage() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start()) {
            execute(database, "create table letters (letter text)");
            execute(database, "insert into letters values ('a')");

            database.stop();
            assertThatThrownBy(() -> execute(database, "select 1")).isInstanceOf(SQLException.class);
            database.restart();

            assertThat(count(database)).isEqualTo(1);
        }
    }

    @Test
    void endsWithTheProcessThatStartedItAndStartsAgainInItsFolder(@TempDir Path folder) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Abandoned.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String server = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
        assertThat(process.waitFor()).isZero();

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ProcessHandle.of(Long.parseLong(server))
                .isEmpty());
        try (EmbeddedDatabase database = EmbeddedDatabase.start(folder, 0)) {
            execute(database, "create table letters (letter text)");
            assertThat(count(database)).isZero();
        }
    }

    private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(EmbeddedDatabase database) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from letters")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }
}
