// SPDX-License-Identifier: Apache-2.0
package dev.belay.outbox;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.belay.kafka.Failpoint;
import dev.belay.kafka.KafkaSettings;
import io.agroal.api.AgroalDataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the rows of an outbox in the order of their ids and deletes them, on a daemon thread of its own. Of several
 * replicas one publishes. Outlives every outage of database and broker.
 */
public final class OutboxPublisher implements AutoCloseable {
    /*
     * A session that holds the schema's advisory lock reads a batch, publishes it in one Kafka transaction and deletes the
     * rows. Between the last two a crash publishes a batch twice: readers take the highest version, and audit ids repeat.
     *
     * The fixed transactional id fences a publisher that lost its lock without knowing.
     *
     * Rows that commit late have low ids: they are found all the same, since published rows are gone and nothing but the
     * table is remembered.
     *
     * A row that can never be published (too large, unknown topic) is passed over until the next start and stays in the
     * table for a person.
     */
    private static final System.Logger LOG = System.getLogger(OutboxPublisher.class.getName());
    private static final int BATCH = 500;
    private static final int LOCK_CLASS = 0xBE1A;
    private static final long POLL_MILLIS = 200;
    private static final long RETRY_MILLIS = 1_000;
    private static final String MAX_BLOCK_MILLIS = "10000";
    private static final String DELIVERY_TIMEOUT_MILLIS = "20000";
    private static final String REQUEST_TIMEOUT_MILLIS = "10000";
    private static final long CLOSE_MILLIS = 10_000;

    private final AgroalDataSource database;
    private final Schema schema;
    private final KafkaSettings settings;
    private final String transactionalId;
    private final Semaphore wakes = new Semaphore(0);
    private final Set<Long> unpublishable = new HashSet<>();
    private final Thread thread;
    private volatile boolean isClosed;
    private @Nullable String said;

    /**
     * @param schema schema of the table
     * @param service name of the service, part of the transactional id
     */
    public OutboxPublisher(AgroalDataSource database, String schema, KafkaSettings settings, String service) {
        this.database = database;
        this.schema = new Schema(schema);
        this.settings = settings;
        this.transactionalId = settings.topicPrefix() + service + ".outbox";
        this.thread = new Thread(this::run, service + "-outbox");
        thread.setDaemon(true);
    }

    /** Starts the thread; returns at once, whether database and broker are there or not. */
    public void start() {
        thread.start();
    }

    /** Looks for rows now instead of within 200 ms: to call after a commit. */
    public void wake() {
        wakes.release();
    }

    /** Stops after the batch under way; waits for it up to 10 s. */
    @Override
    public void close() {
        isClosed = true;
        wake();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosed) {
            try (Connection session = database.getConnection()) {
                lead(session);
            } catch (SQLException | RuntimeException e) {
                say("the outbox of " + schema.service() + " is tried again: " + e.getMessage());
            }
            pause(RETRY_MILLIS);
        }
    }

    /** Returns when another replica leads or the publisher is closed. */
    private void lead(Connection session) throws SQLException {
        if (!ask(session, "pg_try_advisory_lock")) {
            return;
        }
        Producer<byte[], byte[]> producer = open();
        try {
            producer.initTransactions();
            while (!isClosed) {
                wakes.drainPermits();
                if (publish(session, producer) < BATCH) {
                    pause(POLL_MILLIS);
                }
                said = null;
            }
        } finally {
            // Without waiting: the next producer's start ends a transaction that this one leaves open.
            producer.close(Duration.ZERO);
            release(session);
        }
    }

    /** The lock belongs to the session, and the pool keeps the session: it must not go back locked. */
    private void release(Connection session) {
        try {
            ask(session, "pg_advisory_unlock");
        } catch (SQLException e) {
            // The session is broken, and its lock with it.
            LOG.log(System.Logger.Level.DEBUG, "unlock failed", e);
        }
    }

    private boolean ask(Connection session, String function) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet answer = statement.executeQuery(
                        "select " + function + "(" + LOCK_CLASS + ", hashtext('" + schema.name() + ".outbox'))")) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    /** Returns how many rows were read. */
    private int publish(Connection session, Producer<byte[], byte[]> producer) throws SQLException {
        List<OutboxRow> rows = read(session);
        Map<OutboxRow, ProducerRecord<byte[], byte[]>> records = new LinkedHashMap<>();
        rows.forEach(row -> prepare(row, records));
        if (!records.isEmpty()) {
            Failpoint.reach(Failpoint.OUTBOX_AFTER_READ);
            send(records, producer);
            Failpoint.reach(Failpoint.OUTBOX_AFTER_COMMIT);
            delete(session, records.keySet());
        }
        return rows.size();
    }

    private void prepare(OutboxRow row, Map<OutboxRow, ProducerRecord<byte[], byte[]>> records) {
        try {
            records.put(row, row.record(settings));
        } catch (IllegalArgumentException e) {
            passOver(row, e);
        }
    }

    private void send(Map<OutboxRow, ProducerRecord<byte[], byte[]>> records, Producer<byte[], byte[]> producer) {
        producer.beginTransaction();
        Map<OutboxRow, Future<RecordMetadata>> sent = new LinkedHashMap<>();
        records.forEach((row, record) -> sent.put(row, producer.send(record)));
        producer.flush();
        sent.forEach(this::requireSent);
        Failpoint.reach(Failpoint.OUTBOX_MID_PUBLISH);
        producer.commitTransaction();
    }

    private void requireSent(OutboxRow row, Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                passOver(row, e.getCause());
            }
            throw new KafkaException("row " + row.id() + " for " + row.topic() + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    private void passOver(OutboxRow row, Throwable reason) {
        unpublishable.add(row.id());
        LOG.log(
                System.Logger.Level.ERROR,
                "row " + row.id() + " of the outbox of " + schema.service() + " cannot be published, topic "
                        + row.topic() + ", key " + row.key() + ": " + reason.getMessage());
    }

    private List<OutboxRow> read(Connection session) throws SQLException {
        Array passedOver = session.createArrayOf("bigint", unpublishable.toArray());
        try (PreparedStatement select = session.prepareStatement(schema.select())) {
            select.setArray(1, passedOver);
            select.setInt(2, BATCH);
            return rows(select);
        } finally {
            passedOver.free();
        }
    }

    private static List<OutboxRow> rows(PreparedStatement select) throws SQLException {
        List<OutboxRow> rows = new ArrayList<>();
        try (ResultSet found = select.executeQuery()) {
            while (found.next()) {
                rows.add(new OutboxRow(
                        found.getLong(1),
                        found.getString(2),
                        found.getString(3),
                        found.getString(4),
                        found.getString(5),
                        found.getString(6),
                        found.getTimestamp(7).toInstant()));
            }
        }
        return rows;
    }

    private void delete(Connection session, Set<OutboxRow> rows) throws SQLException {
        Array ids =
                session.createArrayOf("bigint", rows.stream().map(OutboxRow::id).toArray());
        try (PreparedStatement delete = session.prepareStatement(schema.delete())) {
            delete.setArray(1, ids);
            delete.executeUpdate();
        } finally {
            ids.free();
        }
    }

    private Producer<byte[], byte[]> open() {
        Map<String, Object> properties = settings.clientProperties();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        ByteArraySerializer bytes = new ByteArraySerializer();
        return new KafkaProducer<>(properties, bytes, bytes);
    }

    private void say(String message) {
        if (!isClosed && !message.equals(said)) {
            LOG.log(System.Logger.Level.WARNING, message);
            said = message;
        }
    }

    private void pause(long millis) {
        try {
            if (!isClosed && wakes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                wakes.drainPermits();
            }
        } catch (InterruptedException e) {
            isClosed = true;
        }
    }
}
