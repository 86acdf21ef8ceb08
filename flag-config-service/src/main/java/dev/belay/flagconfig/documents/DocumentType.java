// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topic;
import dev.belay.manifest.Document;
import org.jspecify.annotations.Nullable;

/**
 * How the kinds of documents differ. Without state.
 *
 * @param <D> the document as written
 * @param <V> the value as kept and published
 */
interface DocumentType<D extends Document, V> {
    /** Returns the word for it, for ids, audit and problems. */
    String word();

    Class<D> document();

    Topic<V> topic();

    Address address(D document);

    /** Returns where a published value belongs. */
    Address addressOf(V value);

    /**
     * Returns the whole value that a record stands for; empty when it is only a part of one, or parts are missing.
     *
     * @param seen the records of the topic by key
     */
    default Optional<V> whole(V record, Map<String, V> seen) {
        return Optional.of(record);
    }

    /**
     * Lets {@code inspection} look at a value before it is written, and returns what is written.
     *
     * @param before what stands; null for something new
     */
    default V inspected(Inspection inspection, @Nullable V before, V after) {
        return after;
    }

    /**
     * Lets {@code inspection} refuse the write as a whole, after everything else was found right.
     *
     * @param before what stands; null for something new
     */
    default void inspectWrite(Inspection inspection, @Nullable V before, V after, Change change) {}

    /** Lets {@code inspection} refuse that a value is taken away. */
    default void inspectRemoval(Inspection inspection, V value) {}

    /**
     * Makes the value.
     *
     * @param before what stands; null for something new
     * @throws IllegalArgumentException if the document does not fit what stands
     */
    V value(D document, long version, @Nullable V before, Instant at);

    long version(V value);

    Instant updatedAt(V value);

    /** Returns the value as people write it. */
    JsonNode manifest(V value);

    /** Returns what the value looks like when it is taken away; empty for a tombstone. */
    default Optional<V> withdrawn(V value, Instant at) {
        return Optional.empty();
    }

    /** Returns whether one that was taken away can still be read. */
    default boolean keepsWithdrawn() {
        return false;
    }

    /** Returns whether lists show it. */
    default boolean isPresent(V value) {
        return true;
    }

    /**
     * Returns what is published, by key; an empty value is a tombstone.
     *
     * @param after null when it is taken away
     */
    default Map<String, Optional<V>> records(Address address, @Nullable V before, @Nullable V after) {
        return Map.of(address.key(), Optional.ofNullable(after));
    }

    /** Returns what audit shows. */
    default JsonNode audited(V value) {
        return Json.tree(value);
    }

    /** Returns all kinds. */
    static List<DocumentType<?, ?>> all() {
        return List.of(FlagType.INSTANCE, SegmentType.INSTANCE, MetricType.INSTANCE, TemplateType.INSTANCE);
    }
}
