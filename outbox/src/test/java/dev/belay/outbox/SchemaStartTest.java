// SPDX-License-Identifier: Apache-2.0
package dev.belay.outbox;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SchemaStartTest {
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void migratesBeforeItReturnsWhenTheDatabaseIsThere() {
        try (SchemaStart start = new SchemaStart("test", attempts::incrementAndGet)) {
            start.begin();
            assertThat(attempts).hasValue(1);
        }
    }

    @Test
    void returnsWhenTheDatabaseIsAwayAndMigratesWhenItComes() throws InterruptedException {
        CountDownLatch migrated = new CountDownLatch(1);
        try (SchemaStart start = new SchemaStart("test", () -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException(new SQLException("refused", "08001"));
            }
            migrated.countDown();
        })) {
            start.begin();
            assertThat(attempts).hasValueLessThan(3);
            assertThat(migrated.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void refusesToStartWhenWaitingWouldNotHelp() {
        try (SchemaStart start = new SchemaStart("test", () -> {
            throw new IllegalStateException("checksum", new SQLException("syntax", "42601"));
        })) {
            assertThatThrownBy(start::begin).hasMessage("checksum");
        }
    }

    @Test
    void takesEndedConnectionsAndAFullPoolForAnOutage() {
        assertThat(DatabaseOutage.explains(new SQLException("terminating connection", "57P01")))
                .isTrue();
        assertThat(DatabaseOutage.explains(new SQLException("Acquisition timeout while waiting for new connection")))
                .isTrue();
        assertThat(DatabaseOutage.explains(new SQLException("duplicate key", "23505")))
                .isFalse();
        assertThat(DatabaseOutage.explains(new IllegalStateException("something else")))
                .isFalse();
    }
}
