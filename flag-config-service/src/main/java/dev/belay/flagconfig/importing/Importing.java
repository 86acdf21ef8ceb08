// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.importing;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.flagconfig.changes.Changes;
import dev.belay.flagconfig.changes.FlagChange;
import dev.belay.flagconfig.documents.Change;
import dev.belay.flagconfig.documents.Flags;
import dev.belay.flagconfig.documents.Segments;
import dev.belay.flagconfig.documents.Written;
import dev.belay.flagconfig.importing.decision.Translation;
import dev.belay.http.Caller;
import dev.belay.http.FieldError;
import dev.belay.http.Problem;
import dev.belay.http.ProblemException;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.SegmentDocument;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Writes what was translated, one by one: one that cannot be had does not keep the others away. */
@ApplicationScoped
class Importing {
    private final Flags flags;
    private final Segments segments;
    private final Changes changes;

    Importing(Flags flags, Segments segments, Changes changes) {
        this.flags = flags;
        this.segments = segments;
        this.changes = changes;
    }

    /** What became of something. */
    public enum Outcome {
        CREATED,
        UPDATED,
        UNCHANGED,
        /** A change was opened. */
        PROPOSED,
        REFUSED
    }

    /**
     * What became of one thing.
     *
     * @param notes what is different here
     * @param errors why it was refused; empty otherwise
     * @param change the change that was opened; null for none
     * @param document as it is here; null when there is none
     */
    public record Imported(
            String kind,
            String name,
            Outcome outcome,
            List<String> notes,
            List<FieldError> errors,
            @Nullable String change,
            @Nullable JsonNode document) {}

    /** How it is written. */
    record How(boolean propose, boolean dryRun) {}

    Imported take(Translation translation, Caller who, @Nullable String reason, How how) {
        JsonNode document = translation.document();
        if (document == null) {
            List<FieldError> errors = translation.refusals().stream()
                    .map(each -> new FieldError(each.field(), each.rule(), each.value()))
                    .toList();
            return refused(translation, errors);
        }
        Change change = new Change(who.actor(), reason, null, false).as("import");
        try {
            return translation.kind().equals("Segment")
                    ? segment(translation, document, change, who, how)
                    : flag(translation, document, change, how);
        } catch (ManifestException e) {
            return refused(
                    translation,
                    e.errors().stream()
                            .map(error -> new FieldError(error.path(), error.rule(), error.value()))
                            .toList());
        } catch (ProblemException e) {
            Problem problem = e.problem();
            List<FieldError> errors = problem.errors().isEmpty()
                    ? List.of(new FieldError(translation.name(), problem.detail(), problem.code()))
                    : problem.errors();
            return refused(translation, errors);
        }
    }

    private Imported flag(Translation translation, JsonNode tree, Change change, How how) {
        FlagDocument document = Manifests.parseOne(tree.toString(), FlagDocument.class);
        if (how.dryRun()) {
            return written(translation, flags.rehearse(document, change));
        }
        if (how.propose()) {
            Written<FlagDefinition> rehearsed = flags.rehearse(document, change);
            if (!rehearsed.isChanged()) {
                return written(translation, rehearsed);
            }
            FlagChange opened = changes.propose(document, change, null);
            return new Imported(
                    translation.kind(),
                    translation.name(),
                    Outcome.PROPOSED,
                    translation.notes(),
                    List.of(),
                    opened.id(),
                    tree);
        }
        return written(translation, flags.put(document, change));
    }

    /** A segment belongs to the whole project, so a key limited to an environment does not write it. */
    private Imported segment(Translation translation, JsonNode tree, Change change, Caller who, How how) {
        if (who.environment() != null) {
            throw ProblemException.forbidden("key " + who.keyId() + " is limited to environment " + who.environment()
                    + ", and a segment belongs to the whole project");
        }
        SegmentDocument document = Manifests.parseOne(tree.toString(), SegmentDocument.class);
        boolean isFilled = document.anyOf().isEmpty() && segments.has(document.project(), document.name());
        if (isFilled) {
            return outcome(translation, Outcome.UNCHANGED);
        }
        return written(
                translation, how.dryRun() ? segments.rehearse(document, change) : segments.put(document, change));
    }

    private static Imported written(Translation translation, Written<?> written) {
        Outcome changed = written.isNew() ? Outcome.CREATED : Outcome.UPDATED;
        return outcome(translation, written.isChanged() ? changed : Outcome.UNCHANGED);
    }

    private static Imported outcome(Translation translation, Outcome outcome) {
        return new Imported(
                translation.kind(),
                translation.name(),
                outcome,
                translation.notes(),
                List.of(),
                null,
                translation.document());
    }

    private static Imported refused(Translation translation, List<FieldError> errors) {
        return new Imported(
                translation.kind(),
                translation.name(),
                Outcome.REFUSED,
                translation.notes(),
                errors,
                null,
                translation.document());
    }
}
