// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.ManifestForm;
import org.jspecify.annotations.Nullable;

/** Flags: an edit keeps the fold, and taking one away archives it, since its rollbacks must keep their meaning. */
final class FlagType implements DocumentType<FlagDocument, FlagDefinition> {
    static final FlagType INSTANCE = new FlagType();

    private FlagType() {}

    @Override
    public String word() {
        return "flag";
    }

    @Override
    public Class<FlagDocument> document() {
        return FlagDocument.class;
    }

    @Override
    public Topic<FlagDefinition> topic() {
        return Topics.FLAGS;
    }

    @Override
    public Address address(FlagDocument document) {
        return new Address(document.project(), document.environment(), document.name());
    }

    @Override
    public Address addressOf(FlagDefinition flag) {
        return new Address(flag.project(), flag.environment(), flag.flag());
    }

    @Override
    public FlagDefinition value(FlagDocument document, long version, @Nullable FlagDefinition before, Instant at) {
        return before == null
                ? document.toDefinition(version, at)
                : document.toDefinition(version, before.fold(), before.forced(), at);
    }

    @Override
    public long version(FlagDefinition flag) {
        return flag.version();
    }

    @Override
    public Instant updatedAt(FlagDefinition flag) {
        return flag.updatedAt();
    }

    @Override
    public JsonNode manifest(FlagDefinition flag) {
        return ManifestForm.of(flag);
    }

    @Override
    public Optional<FlagDefinition> withdrawn(FlagDefinition flag, Instant at) {
        return Optional.of(new FlagDefinition(
                flag.project(),
                flag.environment(),
                flag.flag(),
                flag.version() + 1,
                flag.title(),
                flag.owner(),
                flag.tags(),
                flag.type(),
                flag.enabled(),
                true,
                flag.variants(),
                flag.offVariant(),
                flag.defaultRule(),
                flag.rules(),
                flag.prerequisites(),
                flag.optIn(),
                flag.holdout(),
                flag.bucketBy(),
                flag.exposeOn(),
                flag.schema(),
                flag.fold(),
                flag.forced(),
                at));
    }

    @Override
    public FlagDefinition inspected(Inspection inspection, @Nullable FlagDefinition before, FlagDefinition after) {
        if (before != null && !before.archived() && after.archived()) {
            inspection.onFlagRemoval(before);
        }
        return inspection.onFlag(before, after);
    }

    @Override
    public void inspectRemoval(Inspection inspection, FlagDefinition flag) {
        inspection.onFlagRemoval(flag);
    }

    @Override
    public void inspectWrite(
            Inspection inspection, @Nullable FlagDefinition before, FlagDefinition after, Change change) {
        inspection.onFlagWrite(before, after, change);
    }

    @Override
    public boolean keepsWithdrawn() {
        return true;
    }

    @Override
    public boolean isPresent(FlagDefinition flag) {
        return !flag.archived();
    }
}
