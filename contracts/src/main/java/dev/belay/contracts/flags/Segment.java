// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A named set of units of a project: those that a rule holds for, and those on a list. A long list travels as chunks of
 * its own, so that a record stays under 512 kB: a chunk has only {@code chunk} and {@code members}.
 *
 * <p>Topic {@code belay.segments.v1}, keyed by {@code project/segment}, chunks by {@code project/segment/<n>}.
 *
 * @param project name of the project
 * @param segment name of the segment
 * @param version rises with every change, from 1; a chunk counts only with the head's version
 * @param title for people; null when there is none
 * @param unitKind kind of the units on the list
 * @param anyOf rules of which one must hold, each a list of conditions that must all hold; empty in a chunk
 * @param members ids on the list, in the head itself or in this chunk
 * @param chunks how many chunks belong to the head; 0 in a chunk
 * @param chunk index of this chunk, from 0; null in the head
 * @param updatedAt when this version was written
 */
public record Segment(
        String project,
        String segment,
        long version,
        @Nullable String title,
        String unitKind,
        List<List<Condition>> anyOf,
        List<String> members,
        int chunks,
        @Nullable Integer chunk,
        Instant updatedAt) {
    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Segment {
        Require.name(project, "project");
        Require.name(segment, "segment");
        Require.positive(version, "version");
        Require.name(unitKind, "unitKind");
        anyOf = anyOf == null ? List.of() : anyOf.stream().map(List::copyOf).toList();
        members = members == null ? List.of() : List.copyOf(members);
        Require.notNegative(chunks, "chunks");
        Require.that(chunk == null || chunk >= 0, "chunk", "must not be negative", chunk);
        Require.nonNull(updatedAt, "updatedAt");
    }

    /** Returns the key of the record. */
    @JsonIgnore
    public String key() {
        return project + "/" + segment + (chunk == null ? "" : "/" + chunk);
    }
}
