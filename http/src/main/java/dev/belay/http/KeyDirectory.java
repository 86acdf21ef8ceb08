// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

import dev.belay.contracts.Topics;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/**
 * All keys, read from their topic: authentication needs no database and no other service. Who must answer without Kafka
 * hands in the keys of its last run.
 */
@ApplicationScoped
public class KeyDirectory {
    private static final String CONSUMER = "http";

    private final KnownKeys keys = new KnownKeys();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean remembers;
    private volatile @Nullable RecordView<ApiKey> view;

    void start(@Observes StartupEvent event) {
        view = RecordView.start(
                KafkaSettings.configured(), CONSUMER, Topics.KEYS, (id, key, appendedAt) -> put(id, key));
    }

    @PreDestroy
    void stop() {
        RecordView<ApiKey> open = view;
        if (open != null) {
            open.close();
        }
    }

    /**
     * Takes over what an earlier run knew. It counts until the topic has been read; after that only its revocations do.
     * Called before the first request.
     */
    public void remember(Collection<ApiKey> known) {
        keys.remember(known);
        remembers = true;
    }

    /** Calls {@code listener} after each change, on the thread that brought it. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Returns all keys that count now; hashes, no secrets. */
    public List<ApiKey> keys() {
        return keys.all(isReady());
    }

    /**
     * Returns the key that belongs to the text, unless it is unknown, revoked or expired.
     *
     * @param keyText text as sent by the caller, in any form
     */
    public Optional<ApiKey> authenticate(String keyText) {
        KeyText sent;
        try {
            sent = KeyText.parse(keyText);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return find(sent.id()).filter(key -> isSame(key.hash(), sent.hash()));
    }

    /**
     * Returns a key by its public part, unless it is unknown, revoked or expired. Who asks has another proof that the caller
     * holds it.
     */
    public Optional<ApiKey> find(String id) {
        return keys.find(id, isReady()).filter(key -> key.isLive(Instant.now()));
    }

    /** Returns whether all keys have been read that were there at the start. */
    public boolean isReady() {
        RecordView<ApiKey> open = view;
        return open != null && open.isCaughtUp();
    }

    /** Returns whether there is something to go by: the topic, or what an earlier run knew. */
    public boolean isAnswering() {
        return remembers || isReady();
    }

    /** Waits until {@link #isReady}, and returns whether it is. */
    boolean awaitReady(Duration patience) {
        RecordView<ApiKey> open = view;
        if (open == null) {
            return false;
        }
        try {
            open.awaitCaughtUp(patience);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void put(String id, @Nullable ApiKey key) {
        if (key == null) {
            keys.onDeleted(id);
        } else {
            keys.on(key);
        }
        listeners.forEach(Runnable::run);
    }

    private static boolean isSame(String expected, String found) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), found.getBytes(StandardCharsets.US_ASCII));
    }
}
