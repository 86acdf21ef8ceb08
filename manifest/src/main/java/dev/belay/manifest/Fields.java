// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** An object of a document, read field by field. A field nobody asked for is unknown, and refused. */
final class Fields {
    private final Place place;
    private final Refusals refusals;
    private final int refusedBefore;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param place an object, or a place without one, whose own refusals nobody reads */
    Fields(Place place, Refusals refusals) {
        this.place = place;
        this.refusals = refusals;
        this.refusedBefore = place.isGiven() ? refusals.count() : -1;
    }

    Place take(String name) {
        known.add(name);
        JsonNode object = place.node();
        return place.child(name, object == null ? null : object.get(name));
    }

    /** Refuses unknown fields, and makes the value unless something in this object was refused. */
    <T> @Nullable T make(Supplier<T> maker) {
        refuseOthers();
        if (refusals.count() != refusedBefore) {
            return null;
        }
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            refusals.add(place.path(), e, Refusals.shown(place.node()));
            return null;
        }
    }

    private void refuseOthers() {
        JsonNode object = place.node();
        if (object != null) {
            object.fieldNames().forEachRemaining(this::refuseUnlessKnown);
        }
    }

    private void refuseUnlessKnown(String name) {
        if (!known.contains(name)) {
            place.child(name, null).refuse("is unknown" + Nearest.hint(name, known), name);
        }
    }
}
