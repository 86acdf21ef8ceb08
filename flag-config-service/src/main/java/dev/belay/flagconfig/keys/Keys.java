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
import dev.belay.http.IdempotencyKey;
import dev.belay.http.KeyText;
import dev.belay.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Keeps keys: a row, its record and its audit event commit together. */
@ApplicationScoped
public class Keys {
    private static final Actor SELF = Actor.service(FlagConfig.SERVICE);

    private final KeyRows rows;
    private final AnsweredRequestRows answers;
    private final Locks locks;
    private final Journal journal;

    Keys(KeyRows rows, AnsweredRequestRows answers, Locks locks, Journal journal) {
        this.rows = rows;
        this.answers = answers;
        this.locks = locks;
        this.journal = journal;
    }

    /**
     * Makes a key and returns it with its text; a repeat of the request gets it again, anybody else never.
     *
     * @param isPerson whether it is the personal key of a user
     * @param repeat how a repeat is recognised; null when it is not
     * @throws ProblemException 409 if the person has a key, 422 if the word for the request was used for another
     */
    @Transactional
    MadeKey create(KeyRequest request, boolean isPerson, Actor actor, @Nullable Repeat repeat) {
        Optional<MadeKey> answer = answered(repeat);
        if (answer.isPresent()) {
            return answer.get();
        }
        if (isPerson) {
            requireNoKey(request.name());
        }
        KeyText random = KeyText.generate();
        String salt = KeyText.generate().hash();
        KeyText text = repeat == null ? random : repeat.text(random.id(), salt);
        ApiKey key = request.key(text, Instant.now());
        locks.hold(lock(key.id()));
        write(new KeyRow(), key, isPerson, null, actor, isPerson ? "user.create" : "key.create");
        if (repeat != null) {
            keep(repeat, key, salt);
        }
        return new MadeKey(KeyView.of(key, text.text()), true);
    }

    /** @throws ProblemException 404 if there is no such key */
    @Transactional
    KeyView get(String id) {
        return KeyView.of(find(id).key(), null);
    }

    /** Returns whether somebody of that name holds a key that may write flags there. */
    @Transactional
    public boolean mayWrite(String name, String project, String environment, Instant now) {
        return rows.named(name).stream()
                .map(KeyRow::key)
                .anyMatch(key -> key.allows(now, project, environment)
                        && key.role() != null
                        && key.role().includes(Role.EDITOR));
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
        KeyRequest admin = new KeyRequest("admin", Set.of(Scope.ADMIN), Role.ADMIN, null, null, null);
        return Optional.ofNullable(create(admin, false, SELF, null).key().key());
    }

    /**
     * Makes rows and topic say the same: the higher version counts, and a key taken back in either is taken back.
     *
     * @param seen keys in the topic, by id
     */
    @Transactional
    public void reconcile(Map<String, ApiKey> seen) {
        seen.values().forEach(this::adopt);
        rows.listAll().stream()
                .map(KeyRow::key)
                .filter(key -> !seen.containsKey(key.id()) || seen.get(key.id()).version() < key.version())
                .forEach(key -> {
                    locks.hold(lock(key.id()));
                    journal.append(Topics.KEYS, key.id(), key, "restated/key/" + key.id() + "@" + key.version());
                });
    }

    /** What the topic knows better; written again, so that it is the last word on the topic too. */
    private void adopt(ApiKey said) {
        locks.hold(lock(said.id()));
        KeyRow row = rows.findById(said.id());
        boolean isRevokedThereOnly = row != null && row.version == said.version() && said.revoked() && !row.revoked;
        if (row == null || row.version < said.version() || isRevokedThereOnly) {
            String reason = "the topic knew more than the database";
            write(row == null ? new KeyRow() : row, said, row != null && row.person, reason, SELF, "key.adopt");
        }
    }

    private Optional<MadeKey> answered(@Nullable Repeat repeat) {
        if (repeat == null) {
            return Optional.empty();
        }
        locks.hold("request/" + repeat.id());
        return answers.findByIdOptional(repeat.id()).map(row -> {
            if (!row.request.equals(repeat.request())) {
                throw IdempotencyKey.reused();
            }
            KeyText text = repeat.text(row.keyId, row.salt);
            return new MadeKey(KeyView.of(find(row.keyId).key(), text.text()), false);
        });
    }

    private void keep(Repeat repeat, ApiKey key, String salt) {
        AnsweredRequestRow row = new AnsweredRequestRow();
        row.id = repeat.id();
        row.request = repeat.request();
        row.keyId = key.id();
        row.salt = salt;
        row.at = key.createdAt();
        answers.keep(row);
    }

    private void requireNoKey(String login) {
        locks.hold("user/" + login);
        if (rows.hasPerson(login)) {
            throw ProblemException.conflict("user-exists", "user " + login + " has a key; revoke it to make another");
        }
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
        KeyView before = row.id == null ? null : KeyView.of(row.key(), null);
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
