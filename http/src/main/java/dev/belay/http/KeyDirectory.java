// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

/** All keys, read from their topic: authentication needs no database and no other service. */
@ApplicationScoped
public class KeyDirectory {
    private static final String CONSUMER = "http";

    private final Map<String, ApiKey> keys = new ConcurrentHashMap<>();
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
        return Optional.ofNullable(keys.get(sent.id()))
                .filter(key -> isSame(key.hash(), sent.hash()))
                .filter(key -> key.isLive(Instant.now()));
    }

    /** Returns whether all keys have been read that were there at the start. */
    public boolean isReady() {
        RecordView<ApiKey> open = view;
        return open != null && open.isCaughtUp();
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
            keys.remove(id);
        } else {
            keys.merge(id, key, (known, found) -> found.version() >= known.version() ? found : known);
        }
    }

    private static boolean isSame(String expected, String found) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), found.getBytes(StandardCharsets.US_ASCII));
    }
}
