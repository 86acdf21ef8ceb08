// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.enrolments;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.Unit;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Segment;
import dev.belay.evaluation.Enrolment;
import dev.belay.flagconfig.Comparison;
import dev.belay.flagconfig.FlagConfig;
import dev.belay.flagconfig.Journal;
import dev.belay.flagconfig.Locks;
import dev.belay.flagconfig.documents.Flags;
import dev.belay.flagconfig.documents.SegmentChunks;
import dev.belay.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps who chose what, and publishes it as two segments per flag. Each choice publishes the flag's lists again, so this is for
 * some ten thousand units per flag, and not for millions.
 */
@ApplicationScoped
class Enrolments implements Comparison {
    private final EnrolmentRows rows;
    private final EnrolmentListRows lists;
    private final Flags flags;
    private final Locks locks;
    private final Journal journal;

    Enrolments(EnrolmentRows rows, EnrolmentListRows lists, Flags flags, Locks locks, Journal journal) {
        this.rows = rows;
        this.lists = lists;
        this.flags = flags;
        this.locks = locks;
        this.journal = journal;
    }

    /**
     * What a unit chose.
     *
     * @param unit id of the unit, of the kind the flag hashes
     * @param joined true for in, false for out
     */
    public record Choice(String unit, boolean joined, Instant at) {
        static Choice of(EnrolmentRow row) {
            return new Choice(row.unit, row.joined, row.at);
        }
    }

    /** Returns what a unit chose; empty when it chose nothing. */
    @Transactional
    Optional<Choice> find(FlagRef flag, String unit) {
        return rows.findByIdOptional(id(flag, unit)).map(Choice::of);
    }

    /** Returns choices above {@code after} in the order of the units. */
    @Transactional
    List<Choice> list(FlagRef flag, String after, int limit) {
        return rows.after(flag.key(), after, limit).stream().map(Choice::of).toList();
    }

    /**
     * Keeps what a unit chose; the same again changes nothing.
     *
     * @throws ProblemException 404 if there is no such flag, 409 {@code no-early-access} if it offers none
     */
    @Transactional
    Choice choose(FlagRef ref, String unit, boolean joined, Actor actor) {
        new Unit(Unit.USER, unit);
        FlagDefinition flag = held(ref);
        if (flag.optIn() == null) {
            throw ProblemException.conflict(
                    "no-early-access", "flag " + ref + " offers no early access: it has no optIn");
        }
        EnrolmentRow found = rows.findById(id(ref, unit));
        if (found != null && found.joined == joined) {
            return Choice.of(found);
        }
        Choice before = found == null ? null : Choice.of(found);
        EnrolmentRow row = found == null ? new EnrolmentRow() : found;
        row.id = id(ref, unit);
        row.flagKey = ref.key();
        row.unit = unit;
        row.joined = joined;
        row.at = Instant.now();
        rows.persistAndFlush(row);
        publish(flag, "enrolment." + (joined ? "join" : "leave"), actor, before, Choice.of(row), row.at);
        return Choice.of(row);
    }

    /** Forgets what a unit chose; does nothing when it chose nothing. */
    @Transactional
    void forget(FlagRef ref, String unit, Actor actor) {
        FlagDefinition flag = held(ref);
        EnrolmentRow row = rows.findById(id(ref, unit));
        if (row != null) {
            Choice before = Choice.of(row);
            rows.delete(row);
            rows.flush();
            publish(flag, "enrolment.forget", actor, before, null, Instant.now());
        }
    }

    /** The database counts: lists the topic lacks, or knows in another version, are published again. */
    @Override
    @Transactional
    public void compare(TopicReader topics) {
        Map<String, Segment> seen = topics.read(Topics.SEGMENTS, Segment::version);
        lists.listAll().forEach(list -> {
            FlagRef ref = FlagRef.parse(list.flagKey);
            Segment head = seen.get(ref.project() + "/" + Enrolment.joined(ref));
            if (head == null || head.version() != list.version) {
                locks.hold("enrolment/" + ref);
                list.version = Math.max(list.version, head == null ? 0 : head.version()) + 1;
                flags.find(ref).ifPresent(flag -> publish(flag, list.version, Instant.now()));
            }
        });
    }

    private FlagDefinition held(FlagRef ref) {
        FlagDefinition flag = flags.find(ref)
                .filter(found -> !found.archived())
                .orElseThrow(() -> ProblemException.notFound("flag " + ref));
        locks.hold("enrolment/" + ref);
        return flag;
    }

    private void publish(
            FlagDefinition flag,
            String action,
            Actor actor,
            @Nullable Choice before,
            @Nullable Choice after,
            Instant at) {
        EnrolmentListRow found = lists.findById(flag.ref().key());
        EnrolmentListRow list = found == null ? new EnrolmentListRow() : found;
        list.flagKey = flag.ref().key();
        list.version++;
        lists.persist(list);
        publish(flag, list.version, at);
        journal.audit(new AuditEvent(
                FlagConfig.SERVICE + "/enrolment/" + list.flagKey + "@" + list.version,
                FlagConfig.SERVICE,
                actor,
                action,
                list.flagKey,
                flag.project(),
                null,
                tree(before),
                tree(after),
                at));
    }

    private void publish(FlagDefinition flag, long version, Instant at) {
        publish(flag, Enrolment.joined(flag.ref()), "Opted in to ", true, version, at);
        publish(flag, Enrolment.left(flag.ref()), "Opted out of ", false, version, at);
    }

    private void publish(FlagDefinition flag, String name, String title, boolean joined, long version, Instant at) {
        Segment list = new Segment(
                flag.project(),
                name,
                version,
                title + flag.ref(),
                flag.bucketBy(),
                List.of(),
                rows.units(flag.ref().key(), joined),
                0,
                null,
                at);
        SegmentChunks.cut(list)
                .forEach(record -> journal.append(
                        Topics.SEGMENTS, record.key(), record, "enrolment/" + record.key() + "@" + version));
    }

    private static @Nullable JsonNode tree(@Nullable Choice choice) {
        return choice == null ? null : Json.tree(choice);
    }

    private static String id(FlagRef flag, String unit) {
        return flag.key() + "#" + unit;
    }
}
