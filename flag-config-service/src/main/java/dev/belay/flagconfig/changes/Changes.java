// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.Require;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.flagconfig.FlagConfig;
import dev.belay.flagconfig.Journal;
import dev.belay.flagconfig.Locks;
import dev.belay.flagconfig.changes.decision.ChangeGate;
import dev.belay.flagconfig.changes.decision.Given;
import dev.belay.flagconfig.documents.Change;
import dev.belay.flagconfig.documents.Flags;
import dev.belay.flagconfig.documents.Written;
import dev.belay.flagconfig.documents.decision.Differences;
import dev.belay.flagconfig.keys.Keys;
import dev.belay.http.ETags;
import dev.belay.http.FieldError;
import dev.belay.http.ProblemException;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.Manifests;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Keeps changes of flags until they are made, and makes them. Each step is audited. */
@ApplicationScoped
public class Changes {
    private static final Actor SELF = Actor.service(FlagConfig.SERVICE);
    private static final int ID_RANDOM = 8;

    private final ChangeRows rows;
    private final ApprovalRows approvals;
    private final Environments environments;
    private final Flags flags;
    private final Keys keys;
    private final Locks locks;
    private final Journal journal;

    Changes(
            ChangeRows rows,
            ApprovalRows approvals,
            Environments environments,
            Flags flags,
            Keys keys,
            Locks locks,
            Journal journal) {
        this.rows = rows;
        this.approvals = approvals;
        this.environments = environments;
        this.flags = flags;
        this.keys = keys;
        this.locks = locks;
        this.journal = journal;
    }

    /**
     * Opens a change instead of making it.
     *
     * @param dueAt when it is made by itself; null for when somebody makes it
     * @throws ProblemException 409 {@code no-change} if the flag stands as written, or what the write itself would say but for
     *     missing approval
     */
    @Transactional
    public FlagChange propose(FlagDocument document, Change change, @Nullable Instant dueAt) {
        Instant now = Instant.now();
        Written<FlagDefinition> rehearsed = rehearse(document, change, dueAt, now);
        FlagDefinition after = rehearsed.value();
        ChangeRow row = new ChangeRow();
        row.id = id(now);
        row.flagKey = after.ref().key();
        row.project = after.project();
        row.environment = after.environment();
        row.status = FlagChange.Status.OPEN.name();
        row.version = 1;
        row.reason = change.reason();
        row.authors = Json.write(List.of(change.actor()));
        row.createdAt = now;
        write(row, after, dueAt, now);
        rows.persist(row);
        return audited(row, change.actor(), "propose", change.reason(), null);
    }

    /** @throws ProblemException 404 if there is none */
    @Transactional
    FlagChange get(String id) {
        return view(find(id));
    }

    /** Returns changes above {@code after} in the order of their ids; null for any. */
    @Transactional
    List<FlagChange> list(
            @Nullable String project,
            @Nullable String environment,
            @Nullable String flagKey,
            FlagChange.@Nullable Status status,
            String after,
            int limit) {
        return rows.list(project, environment, flagKey, status, after, limit).stream()
                .map(this::view)
                .toList();
    }

    /**
     * Writes an open change anew, on the flag as it stands now. What was approved before counts no more.
     *
     * @throws ProblemException 409 {@code settled} if it is not open, 412 if the condition does not hold
     */
    @Transactional
    FlagChange edit(String id, FlagDocument document, Change change, @Nullable Instant dueAt) {
        ChangeRow row = open(id);
        ETags.requireMatch(change.ifMatch(), row.version);
        FlagChange before = view(row);
        Instant now = Instant.now();
        Change unconditional = new Change(change.actor(), change.reason(), null, false);
        FlagDefinition after = rehearse(document, unconditional, dueAt, now).value();
        Require.that(after.ref().key().equals(row.flagKey), "document", "must be flag " + row.flagKey, after.ref());
        List<Actor> authors = new ArrayList<>(row.authors());
        if (!authors.contains(change.actor())) {
            authors.add(change.actor());
        }
        row.authors = Json.write(authors);
        row.reason = change.reason() == null ? row.reason : change.reason();
        row.version++;
        write(row, after, dueAt, now);
        return audited(row, change.actor(), "edit", change.reason(), before);
    }

    /**
     * Approves an open change.
     *
     * @param hash hash of what the caller has seen
     * @throws ProblemException 409 {@code settled} if it is not open, 409 {@code changed} if the hash is another, 403 {@code
     *     own-change} if the caller wrote a part of it
     */
    @Transactional
    FlagChange approve(String id, String hash, Actor actor) {
        ChangeRow row = open(id);
        if (row.authors().contains(actor)) {
            throw new ProblemException(
                    403,
                    "own-change",
                    actor.name() + " wrote a part of change " + id + ": others approve it",
                    List.of());
        }
        if (!row.hash.equals(hash)) {
            FieldError error = new FieldError("hash", "must be that of the change as it is, " + row.hash, hash);
            throw new ProblemException(
                    409, "changed", error.field() + " " + error.rule() + ", was " + hash, List.of(error));
        }
        FlagChange before = view(row);
        Given given = new Given(actor, hash, Instant.now());
        approvals.add(id, given);
        row.version++;
        row.updatedAt = given.at();
        return audited(row, actor, "approve", null, before);
    }

    /**
     * Ends an open change without making it.
     *
     * @param status REJECTED by others, WITHDRAWN by an author
     */
    @Transactional
    FlagChange end(String id, FlagChange.Status status, @Nullable String reason, Actor actor) {
        ChangeRow row = open(id);
        if (status == FlagChange.Status.WITHDRAWN && !row.authors().contains(actor)) {
            throw ProblemException.forbidden(actor.name() + " wrote no part of change " + id + ": reject it instead");
        }
        String word = status.name().toLowerCase(Locale.ROOT);
        String action = status == FlagChange.Status.WITHDRAWN ? "withdraw" : "reject";
        return ended(row, status, word + " by " + actor.name() + (reason == null ? "" : ": " + reason), actor, action);
    }

    /**
     * Makes an open change.
     *
     * @throws ProblemException 409 {@code stale-change} if the flag has another version than it was made for, 403 {@code
     *     approval-needed} if approvals are missing, or what else keeps it from being written
     */
    @Transactional
    public FlagChange apply(String id, Actor actor) {
        ChangeRow row = open(id);
        requireFresh(row);
        make(row, "applied by " + actor.name());
        return ended(row, FlagChange.Status.APPLIED, "applied by " + actor.name(), actor, "apply");
    }

    /** Returns the ids of open changes whose time has come. */
    @Transactional
    List<String> due(Instant now) {
        return rows.due(now);
    }

    /** Makes a change whose time has come; does nothing when somebody else settled it. */
    @Transactional
    void applyDue(String id, Instant now) {
        ChangeRow row = lock(id);
        Instant dueAt = row == null ? null : row.dueAt;
        if (row == null || dueAt == null || !row.isOpen() || dueAt.isAfter(now)) {
            return;
        }
        requireAuthor(row, now);
        requireFresh(row);
        String outcome = "applied at its time, " + Duration.between(dueAt, now).toSeconds() + " s late";
        make(row, outcome);
        ended(row, FlagChange.Status.APPLIED, outcome, SELF, "apply");
    }

    /** Ends a due change that cannot be made. */
    @Transactional
    void fail(String id, String why) {
        ChangeRow row = lock(id);
        if (row != null && row.isOpen()) {
            ended(row, FlagChange.Status.FAILED, "was due at " + row.dueAt + ": " + why, SELF, "fail");
        }
    }

    private Written<FlagDefinition> rehearse(
            FlagDocument document, Change change, @Nullable Instant dueAt, Instant now) {
        Require.that(dueAt == null || dueAt.isAfter(now), "at", "must be in the future", dueAt);
        Written<FlagDefinition> rehearsed = flags.rehearse(document, change);
        if (!rehearsed.isChanged()) {
            throw ProblemException.conflict(
                    "no-change", "flag " + rehearsed.value().ref() + " stands as written");
        }
        return rehearsed;
    }

    private static void write(ChangeRow row, FlagDefinition after, @Nullable Instant dueAt, Instant now) {
        row.base = after.version() - 1;
        row.document = ProtectionInspection.document(after).toString();
        row.dueAt = dueAt;
        row.hash = ProtectionInspection.hash(after.ref(), row.base, dueAt, after);
        row.updatedAt = now;
    }

    private void make(ChangeRow row, String how) {
        FlagDocument document = Manifests.parseOne(row.document, FlagDocument.class);
        String approvedBy = verdict(row).approvals().stream()
                .filter(each -> each.standing() == ChangeGate.Standing.COUNTS)
                .map(each -> each.given().by().name())
                .collect(Collectors.joining(", "));
        String reason = (row.reason == null ? "" : row.reason + " ") + "(change " + row.id + ", " + how
                + (approvedBy.isEmpty() ? "" : ", approved by " + approvedBy) + ")";
        flags.put(document, Change.on(row.base, row.authors().get(0), reason).warranted(row.id));
    }

    /** Who may no longer write flags does not do so by a change made earlier. */
    private void requireAuthor(ChangeRow row, Instant now) {
        String author = row.authors().get(0).name();
        if (!keys.mayWrite(author, row.project, row.environment, now)) {
            throw ProblemException.forbidden(
                    "its author " + author + " may no longer write flags of " + row.project + "/" + row.environment);
        }
    }

    private void requireFresh(ChangeRow row) {
        long current = flags.hold(FlagRef.parse(row.flagKey))
                .map(FlagDefinition::version)
                .orElse(0L);
        if (current != row.base) {
            FieldError error = new FieldError("base", "must be the version of the flag, " + current, row.base);
            throw new ProblemException(
                    409,
                    "stale-change",
                    "change " + row.id + " was made for version " + row.base + " of flag " + row.flagKey
                            + ", which has version " + current + ": write the change anew",
                    List.of(error));
        }
    }

    private FlagChange ended(ChangeRow row, FlagChange.Status status, String outcome, Actor actor, String action) {
        FlagChange before = view(row);
        row.status = status.name();
        row.outcome = outcome;
        row.version++;
        row.updatedAt = Instant.now();
        return audited(row, actor, action, outcome, before);
    }

    private FlagChange audited(
            ChangeRow row, Actor actor, String action, @Nullable String reason, @Nullable FlagChange before) {
        FlagChange after = view(row);
        journal.audit(new AuditEvent(
                FlagConfig.SERVICE + "/change/" + row.id + "@" + row.version,
                FlagConfig.SERVICE,
                actor,
                "flag-change." + action,
                row.flagKey,
                row.project,
                reason,
                before == null ? null : summary(before),
                summary(after),
                row.updatedAt));
        return after;
    }

    /** The document itself is in the audit event of the flag once it is written, and the differences are here. */
    private static JsonNode summary(FlagChange change) {
        ObjectNode tree = (ObjectNode) Json.tree(change);
        tree.remove(Set.of("document"));
        return tree;
    }

    private FlagChange view(ChangeRow row) {
        Optional<FlagDefinition> stands = flags.find(FlagRef.parse(row.flagKey));
        JsonNode now = stands.map(ProtectionInspection::document).orElse(null);
        JsonNode document = Json.read(row.document, JsonNode.class);
        ChangeGate.Verdict verdict = verdict(row);
        return new FlagChange(
                row.id,
                row.project,
                row.environment,
                FlagRef.parse(row.flagKey).flag(),
                FlagChange.Status.valueOf(row.status),
                row.version,
                row.base,
                row.isOpen() && stands.map(FlagDefinition::version).orElse(0L) != row.base,
                row.hash,
                row.dueAt,
                row.authors(),
                row.reason,
                document,
                row.isOpen() ? Differences.between(now, document) : List.of(),
                verdict.needed(),
                row.isOpen() ? verdict.missing() : 0,
                verdict.approvals().stream().map(FlagChange.Approval::of).toList(),
                row.createdAt,
                row.updatedAt,
                row.outcome);
    }

    private ChangeGate.Verdict verdict(ChangeRow row) {
        return ChangeGate.judge(
                environments.protection(row.project, row.environment),
                row.hash,
                Set.copyOf(row.authors()),
                approvals.of(row.id),
                Instant.now());
    }

    private ChangeRow open(String id) {
        ChangeRow row = lock(id);
        if (row == null) {
            throw ProblemException.notFound("change " + id);
        }
        if (!row.isOpen()) {
            throw ProblemException.conflict("settled", "change " + id + " is not open any more: " + row.outcome);
        }
        return row;
    }

    private @Nullable ChangeRow lock(String id) {
        locks.hold("change/" + id);
        return rows.findById(id);
    }

    private ChangeRow find(String id) {
        ChangeRow row = rows.findById(id);
        if (row == null) {
            throw ProblemException.notFound("change " + id);
        }
        return row;
    }

    private static String id(Instant now) {
        return "%014d-%s"
                .formatted(now.toEpochMilli(), UUID.randomUUID().toString().substring(0, ID_RANDOM));
    }
}
