// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.flags.Segment;
import dev.belay.manifest.ManifestForm;
import dev.belay.manifest.SegmentDocument;
import org.jspecify.annotations.Nullable;

/** Segments: kept whole, published in chunks when the list is long. */
final class SegmentType implements DocumentType<SegmentDocument, Segment> {
    static final SegmentType INSTANCE = new SegmentType();

    private static final int MEMBERS_IN_AUDIT = 100;

    private SegmentType() {}

    @Override
    public String word() {
        return "segment";
    }

    @Override
    public Class<SegmentDocument> document() {
        return SegmentDocument.class;
    }

    @Override
    public Topic<Segment> topic() {
        return Topics.SEGMENTS;
    }

    @Override
    public Address address(SegmentDocument document) {
        return new Address(document.project(), null, document.name());
    }

    @Override
    public Address addressOf(Segment segment) {
        return new Address(segment.project(), null, segment.segment());
    }

    @Override
    public Optional<Segment> whole(Segment segment, Map<String, Segment> seen) {
        return SegmentChunks.join(segment, seen);
    }

    @Override
    public Segment inspected(Inspection inspection, @Nullable Segment before, Segment after) {
        inspection.onSegment(after);
        return after;
    }

    @Override
    public void inspectRemoval(Inspection inspection, Segment segment) {
        inspection.onSegmentRemoval(segment);
    }

    @Override
    public Segment value(SegmentDocument document, long version, @Nullable Segment before, Instant at) {
        return document.toDefinition(version, at);
    }

    @Override
    public long version(Segment segment) {
        return segment.version();
    }

    @Override
    public Instant updatedAt(Segment segment) {
        return segment.updatedAt();
    }

    @Override
    public JsonNode manifest(Segment segment) {
        return ManifestForm.of(segment);
    }

    /** Chunks come before their head, so that a reader of one partition has them when it sees the head. */
    @Override
    public Map<String, Optional<Segment>> records(Address address, @Nullable Segment before, @Nullable Segment after) {
        Map<String, Optional<Segment>> records = new LinkedHashMap<>();
        List<Segment> old = before == null ? List.of() : SegmentChunks.cut(before);
        old.forEach(record -> records.put(record.key(), Optional.empty()));
        if (after != null) {
            SegmentChunks.cut(after).forEach(record -> records.put(record.key(), Optional.of(record)));
        }
        return records;
    }

    @Override
    public JsonNode audited(Segment segment) {
        ObjectNode tree = (ObjectNode) Json.tree(segment);
        if (segment.members().size() > MEMBERS_IN_AUDIT) {
            tree.put("members", segment.members().size() + " members");
        }
        return tree;
    }
}
