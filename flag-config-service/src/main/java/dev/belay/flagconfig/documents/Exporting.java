// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Segment;
import dev.belay.flagconfig.documents.decision.SegmentOrder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Reads all documents in the order in which they can be written again. */
@ApplicationScoped
class Exporting {
    private final Documents documents;

    Exporting(Documents documents) {
        this.documents = documents;
    }

    /** Returns what is there, as people write it; null for any project or environment. */
    @Transactional
    List<JsonNode> documents(@Nullable String project, @Nullable String environment) {
        List<JsonNode> trees = new ArrayList<>();
        List<Segment> segments = SegmentOrder.of(documents.list(SegmentType.INSTANCE, project, null));
        segments.forEach(segment -> trees.add(SegmentType.INSTANCE.manifest(segment)));
        add(trees, MetricType.INSTANCE, documents.list(MetricType.INSTANCE, project, null));
        List<FlagDefinition> flags = documents.listAll(FlagType.INSTANCE, project, environment);
        add(trees, FlagType.INSTANCE, flags);
        add(trees, TemplateType.INSTANCE, documents.list(TemplateType.INSTANCE, project, null));
        return trees;
    }

    private static <V> void add(List<JsonNode> trees, DocumentType<?, V> type, List<V> values) {
        values.stream()
                .sorted(Comparator.comparing(value -> type.addressOf(value).key()))
                .map(type::manifest)
                .forEach(trees::add);
    }
}
