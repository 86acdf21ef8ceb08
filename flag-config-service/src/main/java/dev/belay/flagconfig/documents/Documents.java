// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Json;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.flagconfig.FlagConfig;
import dev.belay.flagconfig.Journal;
import dev.belay.flagconfig.Locks;
import dev.belay.http.ETags;
import dev.belay.http.ProblemException;
import dev.belay.manifest.Document;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Keeps documents: a row, its version, its records and its audit event commit together. */
@ApplicationScoped
class Documents {
    private static final System.Logger LOG = System.getLogger(Documents.class.getName());
    private static final int MAX_RECORD_BYTES = 512_000;
    private static final int TOO_LARGE = 413;
    private static final int PRECONDITION_FAILED = 412;

    private final DocumentRows rows;
    private final DocumentVersionRows versions;
    private final Locks locks;
    private final Journal journal;
    private final List<Inspection> inspections;

    Documents(
            DocumentRows rows,
            DocumentVersionRows versions,
            Locks locks,
            Journal journal,
            @All List<Inspection> inspections) {
        this.rows = rows;
        this.versions = versions;
        this.locks = locks;
        this.journal = journal;
        this.inspections = inspections;
    }

    /**
     * Writes a document; one that says what stands changes nothing.
     *
     * @throws ProblemException 412 if the condition does not hold, 413 if a record would be too large, or what an {@link
     *     Inspection} says
     */
    @Transactional
    <D extends Document, V> Written<V> put(DocumentType<D, V> type, D document, Change change) {
        Address address = type.address(document);
        DocumentRow row = lock(type, address);
        V before = row == null ? null : read(type, row.content);
        boolean stands = stands(type, row);
        require(change, stands ? version(row) : 0);
        if (before != null && stands && isSame(type, document, before)) {
            return new Written<>(before, false, false);
        }
        V after = inspected(type, before, type.value(document, version(row) + 1, before, Instant.now()));
        V seen = stands ? before : null;
        inspections.forEach(inspection -> type.inspectWrite(inspection, seen, after, change));
        write(type, address, row, before, after, change, stands ? "update" : "create");
        return new Written<>(after, !stands, true);
    }

    /**
     * Returns what {@link #put} would leave standing, and writes nothing. What needs approval is not refused.
     *
     * @throws ProblemException as put
     */
    @Transactional
    <D extends Document, V> Written<V> rehearse(DocumentType<D, V> type, D document, Change change) {
        DocumentRow row = lock(type, type.address(document));
        V before = row == null ? null : read(type, row.content);
        boolean stands = stands(type, row);
        require(change, stands ? version(row) : 0);
        if (before != null && stands && isSame(type, document, before)) {
            return new Written<>(before, false, false);
        }
        V after = inspected(type, before, type.value(document, version(row) + 1, before, Instant.now()));
        return new Written<>(after, !stands, true);
    }

    /**
     * Takes a document away; does nothing when it is away.
     *
     * @throws ProblemException 404 if it never was, 412 if the condition does not hold, or what an {@link Inspection} says
     */
    @Transactional
    <D extends Document, V> void remove(DocumentType<D, V> type, Address address, Change change) {
        DocumentRow row = lock(type, address);
        if (row == null) {
            throw ProblemException.notFound(type.word() + " " + address.key());
        }
        if (row.withdrawn) {
            return;
        }
        require(change, row.version);
        V before = read(type, row.content);
        inspections.forEach(inspection -> type.inspectRemoval(inspection, before));
        Instant now = Instant.now();
        Optional<V> archived = type.withdrawn(before, now);
        archived.ifPresent(
                after -> inspections.forEach(inspection -> type.inspectWrite(inspection, before, after, change)));
        if (archived.isPresent()) {
            write(type, address, row, before, archived.get(), change, "archive");
        } else {
            withdraw(type, address, row, before, change, now);
        }
    }

    /** Writes a value made from the one that stands, for instance by folding; the caller holds the lock. */
    @Transactional(Transactional.TxType.MANDATORY)
    <D extends Document, V> void replace(
            DocumentType<D, V> type, Address address, V before, V after, Change change, String action) {
        write(type, address, rows.findById(id(type, address)), before, after, change, action);
    }

    /** Returns the value that stands, and holds its lock until the transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    <D extends Document, V> Optional<V> hold(DocumentType<D, V> type, Address address) {
        return Optional.ofNullable(lock(type, address)).map(row -> read(type, row.content));
    }

    /** @throws ProblemException 404 if it is not there */
    @Transactional
    <D extends Document, V> V get(DocumentType<D, V> type, Address address) {
        DocumentRow row = rows.findById(id(type, address));
        if (row == null || !stands(type, row)) {
            throw ProblemException.notFound(type.word() + " " + address.key());
        }
        return read(type, row.content);
    }

    /** @throws ProblemException 404 if there never was that version */
    @Transactional
    <D extends Document, V> V get(DocumentType<D, V> type, Address address, long version) {
        DocumentVersionRow row = versions.findById(id(type, address) + "@" + version);
        if (row == null) {
            throw ProblemException.notFound(type.word() + " " + address.key() + "@" + version);
        }
        return read(type, row.content);
    }

    /** Returns the value that stands, also one that was taken away; empty when there never was one. */
    @Transactional
    <D extends Document, V> Optional<V> find(DocumentType<D, V> type, Address address) {
        return rows.findByIdOptional(id(type, address)).map(row -> read(type, row.content));
    }

    /** Returns the versions below {@code before}, newest first. */
    @Transactional
    <D extends Document, V> List<PastVersion<V>> history(
            DocumentType<D, V> type, Address address, long before, int limit) {
        return versions.newest(id(type, address), before, limit).stream()
                .map(row -> new PastVersion<>(
                        row.version, read(type, row.content), row.updatedAt, row.actor(), row.action, row.reason))
                .toList();
    }

    /** Returns what is there; null for any project or environment. */
    @Transactional
    <D extends Document, V> List<V> list(
            DocumentType<D, V> type, @Nullable String project, @Nullable String environment) {
        return rows.present(type.word(), project, environment).stream()
                .map(row -> read(type, row.content))
                .toList();
    }

    /** Returns what is there, and what was taken away and can still be read; null for any project or environment. */
    @Transactional
    <D extends Document, V> List<V> listAll(
            DocumentType<D, V> type, @Nullable String project, @Nullable String environment) {
        return rows.all(type.word(), project, environment).stream()
                .filter(row -> stands(type, row))
                .map(row -> read(type, row.content))
                .toList();
    }

    /** Returns where all documents are that are there. */
    @Transactional
    List<Address> addresses() {
        return rows.list("withdrawn", false).stream()
                .map(row -> new Address(row.project, row.environment, row.name))
                .toList();
    }

    /** Returns where documents of a kind are or were. */
    @Transactional
    List<Address> addresses(DocumentType<?, ?> type) {
        return rows.list("kind", type.word()).stream()
                .map(row -> new Address(row.project, row.environment, row.name))
                .toList();
    }

    /** Publishes again what the topic lacks of a document; does nothing when it lacks nothing. */
    @Transactional
    <V> void restate(DocumentType<?, V> type, Address address, Map<String, V> seen) {
        DocumentRow row = lock(type, address);
        if (row == null) {
            return;
        }
        V value = read(type, row.content);
        Map<String, Optional<V>> records =
                stands(type, row) ? type.records(address, null, value) : type.records(address, value, null);
        records.forEach((key, record) -> {
            long published = seen.containsKey(key) ? type.version(seen.get(key)) : 0;
            if (published < record.map(type::version).orElse(published > 0 ? published + 1 : 0L)) {
                journal.append(type.topic(), key, record.orElse(null), "restated/" + row.id + "@" + row.version);
                LOG.log(System.Logger.Level.WARNING, "published again: {0} {1}", type.word(), key);
            }
        });
    }

    /** Takes over a published value that is newer than the row: readers would not believe an older version again. */
    @Transactional
    <V> void adopt(DocumentType<?, V> type, V published) {
        Address address = type.addressOf(published);
        DocumentRow found = lock(type, address);
        if (version(found) >= type.version(published)) {
            return;
        }
        V before = found == null ? null : read(type, found.content);
        Change change = Change.by(Actor.service(FlagConfig.SERVICE), "the topic had a newer version than the database");
        DocumentRow row = store(type, address, found, published, change, "adopt");
        journal.audit(event(type, address, row, before, published, change, "adopt"));
        LOG.log(System.Logger.Level.WARNING, "taken over from the topic: {0} {1}", type.word(), address.key());
    }

    private @Nullable DocumentRow lock(DocumentType<?, ?> type, Address address) {
        locks.hold(id(type, address));
        return rows.findById(id(type, address));
    }

    private static void require(Change change, long current) {
        ETags.requireMatch(change.ifMatch(), current);
        if (change.mustBeNew() && current > 0) {
            throw new ProblemException(
                    PRECONDITION_FAILED, "precondition-failed", "it exists, in version " + current, List.of());
        }
    }

    private static <D extends Document, V> boolean isSame(DocumentType<D, V> type, D document, V before) {
        V written = type.value(document, type.version(before), before, type.updatedAt(before));
        return read(type, Json.write(written)).equals(before);
    }

    private <V> void write(
            DocumentType<?, V> type,
            Address address,
            @Nullable DocumentRow found,
            @Nullable V before,
            V after,
            Change change,
            String action) {
        Map<String, Optional<V>> records = type.records(address, before, after);
        requireSmall(records);
        boolean stood = stands(type, found);
        String done = change.action() == null ? action : change.action();
        DocumentRow row = store(type, address, found, after, change, done);
        publish(type, row, records);
        journal.audit(event(type, address, row, stood ? before : null, after, change, done));
    }

    private <D extends Document, V> V inspected(DocumentType<D, V> type, @Nullable V before, V written) {
        V after = written;
        for (Inspection inspection : inspections) {
            after = type.inspected(inspection, before, after);
        }
        return after;
    }

    private <V> DocumentRow store(
            DocumentType<?, V> type,
            Address address,
            @Nullable DocumentRow found,
            V value,
            Change change,
            String action) {
        DocumentRow row = found == null ? row(type, address) : found;
        row.version = type.version(value);
        row.updatedAt = type.updatedAt(value);
        row.content = Json.write(value);
        row.withdrawn = !type.isPresent(value);
        rows.persist(row);
        versions.persist(versionOf(row, change, action));
        return row;
    }

    private <V> void withdraw(
            DocumentType<?, V> type, Address address, DocumentRow row, V before, Change change, Instant now) {
        row.version++;
        row.updatedAt = now;
        row.withdrawn = true;
        publish(type, row, type.records(address, before, null));
        journal.audit(event(type, address, row, before, null, change, "delete"));
    }

    private <V> void publish(DocumentType<?, V> type, DocumentRow row, Map<String, Optional<V>> records) {
        records.forEach((key, value) ->
                journal.append(type.topic(), key, value.orElse(null), type.word() + "/" + key + "@" + row.version));
    }

    private static <V> AuditEvent event(
            DocumentType<?, V> type,
            Address address,
            DocumentRow row,
            @Nullable V before,
            @Nullable V after,
            Change change,
            String action) {
        return new AuditEvent(
                FlagConfig.SERVICE + "/" + row.id + "@" + row.version,
                FlagConfig.SERVICE,
                change.actor(),
                type.word() + "." + action,
                address.key(),
                address.project(),
                change.reason(),
                before == null ? null : type.audited(before),
                after == null ? null : type.audited(after),
                row.updatedAt);
    }

    private static <V> void requireSmall(Map<String, Optional<V>> records) {
        records.forEach((key, value) -> value.ifPresent(record -> {
            int bytes = Json.write(record).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_RECORD_BYTES) {
                throw new ProblemException(
                        TOO_LARGE,
                        "too-large",
                        "a record must have at most " + MAX_RECORD_BYTES + " bytes, " + key + " has " + bytes,
                        List.of());
            }
        }));
    }

    private static DocumentRow row(DocumentType<?, ?> type, Address address) {
        DocumentRow row = new DocumentRow();
        row.id = id(type, address);
        row.kind = type.word();
        row.project = address.project();
        row.environment = address.environment();
        row.name = address.name();
        return row;
    }

    private static DocumentVersionRow versionOf(DocumentRow row, Change change, String action) {
        DocumentVersionRow version = new DocumentVersionRow();
        version.id = row.id + "@" + row.version;
        version.documentId = row.id;
        version.version = row.version;
        version.content = row.content;
        version.updatedAt = row.updatedAt;
        version.actorKind = change.actor().kind().name();
        version.actorName = change.actor().name();
        version.action = action;
        version.reason = change.reason();
        return version;
    }

    private static String id(DocumentType<?, ?> type, Address address) {
        return type.word() + "/" + address.key();
    }

    private static boolean stands(DocumentType<?, ?> type, @Nullable DocumentRow row) {
        return row != null && (!row.withdrawn || type.keepsWithdrawn());
    }

    private static long version(@Nullable DocumentRow row) {
        return row == null ? 0 : row.version;
    }

    private static <V> V read(DocumentType<?, V> type, String content) {
        return Json.read(content, type.topic().type());
    }
}
