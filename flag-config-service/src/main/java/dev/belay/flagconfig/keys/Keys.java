// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import dev.belay.flagconfig.FlagConfig;
import dev.belay.flagconfig.Journal;
import dev.belay.flagconfig.Locks;
import dev.belay.http.KeyText;
import dev.belay.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Keeps keys: a row, its record and its audit event commit together. */
@ApplicationScoped
class Keys {
    private static final Actor SELF = Actor.service(FlagConfig.SERVICE);

    private final KeyRows rows;
    private final Locks locks;
    private final Journal journal;

    Keys(KeyRows rows, Locks locks, Journal journal) {
        this.rows = rows;
        this.locks = locks;
        this.journal = journal;
    }

    /** Makes a key and returns it with its text, this once. */
    @Transactional
    KeyView create(KeyRequest request, Actor actor) {
        KeyText text = KeyText.generate();
        ApiKey key = request.key(text, Instant.now());
        locks.hold(lock(key.id()));
        write(new KeyRow(), key, false, null, actor, "key.create");
        return KeyView.of(key, text.text());
    }

    /**
     * Makes a person's key and returns it with its text, this once.
     *
     * @throws ProblemException 409 if the person has one
     */
    @Transactional
    KeyView createUser(UserRequest request, Actor actor) {
        locks.hold("user/" + request.login());
        if (rows.hasPerson(request.login())) {
            throw ProblemException.conflict(
                    "user-exists", "user " + request.login() + " has a key; revoke it to make another");
        }
        KeyText text = KeyText.generate();
        ApiKey key = request.key().key(text, Instant.now());
        write(new KeyRow(), key, true, null, actor, "user.create");
        return KeyView.of(key, text.text());
    }

    /** @throws ProblemException 404 if there is no such key */
    @Transactional
    KeyView get(String id) {
        return KeyView.of(find(id).key(), null);
    }

    /** Returns all keys, or those of people only, by id. */
    @Transactional
    List<KeyView> list(boolean peopleOnly) {
        return rows.listAll().stream()
                .filter(row -> !peopleOnly || row.person)
                .map(row -> KeyView.of(row.key(), null))
                .sorted(Comparator.comparing(KeyView::id))
                .toList();
    }

    /**
     * Takes a key back; does nothing when it is taken back.
     *
     * @throws ProblemException 404 if there is no such key
     */
    @Transactional
    void revoke(String id, Actor actor, @Nullable String reason) {
        locks.hold(lock(id));
        KeyRow row = find(id);
        if (row.revoked) {
            return;
        }
        ApiKey key = row.key();
        ApiKey revoked = new ApiKey(
                key.id(),
                key.version() + 1,
                key.hash(),
                key.name(),
                key.scopes(),
                key.role(),
                key.project(),
                key.environment(),
                key.createdAt(),
                key.expiresAt(),
                true);
        write(row, revoked, row.person, reason, actor, "key.revoke");
    }

    /**
     * Makes sure that the operator's keys are there; one that was revoked stays revoked.
     *
     * @return the text of a new admin key when there was no key at all and the operator chose none
     */
    @Transactional
    Optional<String> bootstrap(List<BootstrapKey> chosen) {
        locks.hold("bootstrap");
        chosen.forEach(this::ensure);
        if (!chosen.isEmpty() || rows.count() > 0) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                create(new KeyRequest("admin", Set.of(Scope.ADMIN), Role.ADMIN, null, null, null), SELF)
                        .key());
    }

    /**
     * Publishes again the keys that the topic lacks.
     *
     * @param seen versions in the topic, by id
     */
    @Transactional
    public void restate(Map<String, Long> seen) {
        rows.listAll().stream()
                .map(KeyRow::key)
                .filter(key -> seen.getOrDefault(key.id(), 0L) < key.version())
                .forEach(key -> {
                    locks.hold(lock(key.id()));
                    journal.append(Topics.KEYS, key.id(), key, "restated/key/" + key.id() + "@" + key.version());
                });
    }

    private void ensure(BootstrapKey chosen) {
        locks.hold(lock(chosen.text().id()));
        KeyRow row = rows.findById(chosen.text().id());
        if (row == null) {
            write(new KeyRow(), chosen.key(1, Instant.now(), false), false, null, SELF, "key.bootstrap");
        } else if (!chosen.key(row.version, row.createdAt, row.revoked).equals(row.key())) {
            ApiKey key = chosen.key(row.version + 1, row.createdAt, row.revoked);
            write(row, key, false, null, SELF, "key.bootstrap");
        }
    }

    private KeyRow find(String id) {
        KeyRow row = rows.findById(id);
        if (row == null) {
            throw ProblemException.notFound("key " + id);
        }
        return row;
    }

    private void write(KeyRow row, ApiKey key, boolean isPerson, @Nullable String reason, Actor actor, String action) {
        KeyView before = key.version() == 1 ? null : KeyView.of(row.key(), null);
        row.set(key, isPerson);
        rows.persistAndFlush(row);
        String eventId = "key/" + key.id() + "@" + key.version();
        journal.append(Topics.KEYS, key.id(), key, eventId);
        journal.audit(new AuditEvent(
                FlagConfig.SERVICE + "/" + eventId,
                FlagConfig.SERVICE,
                actor,
                action,
                key.id(),
                key.project(),
                reason,
                before == null ? null : Json.tree(before),
                Json.tree(KeyView.of(key, null)),
                Instant.now()));
    }

    private static String lock(String id) {
        return "key/" + id;
    }
}
