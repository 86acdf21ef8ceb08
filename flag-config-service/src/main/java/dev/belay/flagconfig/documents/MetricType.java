// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.manifest.ManifestForm;
import dev.belay.manifest.MetricDocument;
import org.jspecify.annotations.Nullable;

/** Metrics: a plan keeps copies, so an edit never reaches a running rollout. */
final class MetricType implements DocumentType<MetricDocument, MetricDefinition> {
    static final MetricType INSTANCE = new MetricType();

    private MetricType() {}

    @Override
    public String word() {
        return "metric";
    }

    @Override
    public Class<MetricDocument> document() {
        return MetricDocument.class;
    }

    @Override
    public Topic<MetricDefinition> topic() {
        return Topics.METRICS;
    }

    @Override
    public Address address(MetricDocument document) {
        return new Address(document.project(), null, document.name());
    }

    @Override
    public Address addressOf(MetricDefinition metric) {
        return new Address(metric.project(), null, metric.name());
    }

    @Override
    public MetricDefinition value(
            MetricDocument document, long version, @Nullable MetricDefinition before, Instant at) {
        return document.toDefinition(version, at);
    }

    @Override
    public long version(MetricDefinition metric) {
        return metric.version();
    }

    @Override
    public Instant updatedAt(MetricDefinition metric) {
        return metric.updatedAt();
    }

    @Override
    public JsonNode manifest(MetricDefinition metric) {
        return ManifestForm.of(metric);
    }
}
