// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.Segment;
import org.jspecify.annotations.Nullable;

/**
 * A segment as written; the components mean what they mean in {@link Segment}.
 *
 * @param members the whole list, each id once
 */
public record SegmentDocument(
        String project,
        String name,
        @Nullable String title,
        String unitKind,
        List<List<Condition>> anyOf,
        List<String> members)
        implements Document {
    public SegmentDocument {
        anyOf = anyOf.stream().map(List::copyOf).toList();
        members = List.copyOf(members);
    }

    @Override
    public Kind kind() {
        return Kind.SEGMENT;
    }

    /** Returns the head with the whole list in it; who publishes it cuts a long list into chunks. */
    public Segment toDefinition(long version, Instant at) {
        return new Segment(project, name, version, title, unitKind, anyOf, members, 0, null, at);
    }
}
