// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.belay.contracts.Json;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.flags.Variant;
import dev.belay.evaluation.Enrolment;
import dev.belay.flagconfig.Locks;
import dev.belay.flagconfig.documents.decision.References;
import dev.belay.http.FieldError;
import dev.belay.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Refuses documents that name what is not there or go round in circles, and keeps what others name. */
@ApplicationScoped
class ReferenceInspection implements Inspection {
    private final DocumentRows rows;
    private final Locks locks;

    ReferenceInspection(DocumentRows rows, Locks locks) {
        this.rows = rows;
        this.locks = locks;
    }

    @Override
    public FlagDefinition onFlag(@Nullable FlagDefinition before, FlagDefinition after) {
        if (References.flagsOf(after).findAny().isPresent()
                || References.segmentsOf(after).findAny().isPresent()) {
            hold(after.project());
            requireNone(References.of(after, name -> flag(after, name), name -> isSegment(after.project(), name)));
        }
        return after;
    }

    /** A variant that another flag waits for stays. */
    @Override
    public void onFlagWrite(@Nullable FlagDefinition before, FlagDefinition after, Change change) {
        if (before == null) {
            return;
        }
        List<String> gone = before.variants().stream()
                .map(Variant::key)
                .filter(key -> after.variant(key).isEmpty())
                .toList();
        if (gone.isEmpty()) {
            return;
        }
        hold(after.project());
        flags(after.project(), after.environment())
                .filter(other -> other.prerequisites().stream()
                        .anyMatch(needed -> needed.flag().equals(after.flag())
                                && needed.variants().stream().anyMatch(gone::contains)))
                .findFirst()
                .ifPresent(other -> {
                    throw inUse(
                            "variant " + String.join(", ", gone) + " of flag " + after.ref(),
                            "flag " + other.ref() + " needs it");
                });
    }

    @Override
    public void onFlagRemoval(FlagDefinition flag) {
        hold(flag.project());
        flags(flag.project(), flag.environment())
                .filter(other -> References.flagsOf(other).anyMatch(flag.flag()::equals))
                .findFirst()
                .ifPresent(other -> {
                    throw inUse("flag " + flag.ref(), "flag " + other.ref() + " needs it");
                });
    }

    @Override
    public void onSegment(Segment after) {
        if (Enrolment.keeps(after.segment())) {
            requireNone(List.of(new References.Broken(
                    "metadata.name",
                    "must not begin with " + Enrolment.JOINED + " or " + Enrolment.LEFT
                            + ": those are kept by early access",
                    after.segment())));
        }
        if (References.segmentsOf(after).findAny().isPresent()) {
            hold(after.project());
            requireNone(References.of(after, name -> segment(after.project(), name)));
        }
    }

    @Override
    public void onSegmentRemoval(Segment segment) {
        hold(segment.project());
        Stream<String> flags = flags(segment.project(), null)
                .filter(flag -> References.segmentsOf(flag).anyMatch(segment.segment()::equals))
                .map(flag -> "flag " + flag.ref());
        Stream<String> segments = rows.present(SegmentType.INSTANCE.word(), segment.project(), null).stream()
                .map(row -> Json.read(row.content, Segment.class))
                .filter(other -> References.segmentsOf(other).anyMatch(segment.segment()::equals))
                .map(other -> "segment " + other.key());
        Stream.concat(flags, segments).findFirst().ifPresent(user -> {
            throw inUse("segment " + segment.key(), user + " names it");
        });
    }

    /** Two writes that together close a circle, or break a name, come one after the other. */
    private void hold(String project) {
        locks.hold("references/" + project);
    }

    private Stream<FlagDefinition> flags(String project, @Nullable String environment) {
        return rows.present(FlagType.INSTANCE.word(), project, environment).stream()
                .map(row -> Json.read(row.content, FlagDefinition.class));
    }

    private Optional<FlagDefinition> flag(FlagDefinition beside, String name) {
        if (name.equals(beside.flag())) {
            return Optional.of(beside);
        }
        String id = FlagType.INSTANCE.word() + "/" + beside.project() + "/" + beside.environment() + "/" + name;
        return rows.present(id).map(row -> Json.read(row.content, FlagDefinition.class));
    }

    /** Lists of early access are kept elsewhere, and are empty until somebody enrols. */
    private boolean isSegment(String project, String name) {
        return Enrolment.keeps(name) || segment(project, name).isPresent();
    }

    private Optional<Segment> segment(String project, String name) {
        return rows.present(SegmentType.INSTANCE.word() + "/" + project + "/" + name)
                .map(row -> Json.read(row.content, Segment.class));
    }

    private static void requireNone(List<References.Broken> broken) {
        if (broken.isEmpty()) {
            return;
        }
        List<FieldError> errors = broken.stream()
                .map(each -> new FieldError(each.field(), each.rule(), each.value()))
                .toList();
        String detail = String.join(
                "\n",
                broken.stream()
                        .map(each -> each.field() + " " + each.rule() + ", was " + each.value())
                        .toList());
        throw ProblemException.unprocessable("invalid-reference", detail, errors);
    }

    private static ProblemException inUse(String what, String why) {
        return ProblemException.conflict("in-use", what + " cannot go: " + why);
    }
}
