// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.manifest.ManifestForm;
import dev.belay.manifest.TemplateDocument;
import org.jspecify.annotations.Nullable;

/** Templates: every version stays readable, the topic has the newest. */
final class TemplateType implements DocumentType<TemplateDocument, RolloutTemplate> {
    static final TemplateType INSTANCE = new TemplateType();

    private TemplateType() {}

    @Override
    public String word() {
        return "template";
    }

    @Override
    public Class<TemplateDocument> document() {
        return TemplateDocument.class;
    }

    @Override
    public Topic<RolloutTemplate> topic() {
        return Topics.TEMPLATES;
    }

    @Override
    public Address address(TemplateDocument document) {
        return new Address(document.project(), null, document.name());
    }

    @Override
    public Address addressOf(RolloutTemplate template) {
        return new Address(template.project(), null, template.name());
    }

    @Override
    public RolloutTemplate value(
            TemplateDocument document, long version, @Nullable RolloutTemplate before, Instant at) {
        return document.toDefinition(version, at);
    }

    @Override
    public long version(RolloutTemplate template) {
        return template.version();
    }

    @Override
    public Instant updatedAt(RolloutTemplate template) {
        return template.updatedAt();
    }

    @Override
    public JsonNode manifest(RolloutTemplate template) {
        return ManifestForm.of(template);
    }
}
