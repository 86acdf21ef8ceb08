// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.keys.ApiKey;
import org.jspecify.annotations.Nullable;

/**
 * What the topic says of keys, and what an earlier run knew. The earlier knowledge counts until the topic has been read;
 * after that only its revocations do. Thread-safe.
 */
final class KnownKeys {
    private final Map<String, ApiKey> told = new ConcurrentHashMap<>();
    private final Map<String, ApiKey> remembered = new ConcurrentHashMap<>();

    void remember(Collection<ApiKey> known) {
        known.forEach(key -> remembered.put(key.id(), key));
    }

    /** Takes a record; the highest version wins. */
    void on(ApiKey key) {
        told.merge(key.id(), key, (known, found) -> found.version() >= known.version() ? found : known);
    }

    /** The key's record was deleted. */
    void onDeleted(String id) {
        told.remove(id);
        remembered.remove(id);
    }

    /** @param isRead whether the topic has been read to its end */
    Optional<ApiKey> find(String id, boolean isRead) {
        ApiKey now = told.get(id);
        ApiKey before = remembered.get(id);
        boolean counts = before != null && (!isRead || before.revoked());
        return Optional.ofNullable(counts ? newer(now, before) : now);
    }

    /** Returns all keys as {@link #find} does, by id. */
    List<ApiKey> all(boolean isRead) {
        TreeSet<String> ids = new TreeSet<>(told.keySet());
        ids.addAll(remembered.keySet());
        return ids.stream().flatMap(id -> find(id, isRead).stream()).toList();
    }

    private static ApiKey newer(@Nullable ApiKey now, @Nullable ApiKey before) {
        if (now == null || before == null) {
            return Objects.requireNonNullElseGet(now, () -> Objects.requireNonNull(before));
        }
        boolean isNewer = now.version() > before.version() || (now.version() == before.version() && !before.revoked());
        return isNewer ? now : before;
    }
}
