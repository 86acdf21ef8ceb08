// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import org.jspecify.annotations.Nullable;

/** Checks values of JSON flags against the flag's JSON Schema, draft 2020-12. Schemas never fetch others. */
final class ValueSchema {
    private static final String OWN_DRAFTS = "classpath:draft/";

    private ValueSchema() {}

    /** Returns the schema, or null when it is none. */
    static @Nullable JsonNode read(Place place) {
        JsonNode node = place.node();
        if (node == null || !place.isObject()) {
            place.refuse("must be an object");
            return null;
        }
        Set<ValidationMessage> wrong =
                factory().getSchema(SchemaLocation.of(SchemaId.V202012)).validate(node);
        if (!wrong.isEmpty()) {
            place.refuse(
                    "must be a JSON Schema: " + wrong.iterator().next().getMessage(), place.isObject() ? node : null);
            return null;
        }
        return node;
    }

    /** Refuses a value once for everything the schema says against it. */
    static void check(Place value, @Nullable JsonNode schema) {
        JsonNode node = value.node();
        if (schema == null || node == null) {
            return;
        }
        try {
            JsonSchema compiled = factory().getSchema(schema);
            compiled.validate(node).forEach(message -> value.refuse("must fit the schema: " + message.getMessage()));
        } catch (JsonSchemaException | IllegalArgumentException e) {
            value.refuse("must fit the schema, which cannot be used: " + e.getMessage());
        } catch (StackOverflowError e) {
            value.refuse("must fit the schema, which leads back to itself");
        }
    }

    private static JsonSchemaFactory factory() {
        return JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.add(iri -> {
                    if (iri.toString().startsWith(OWN_DRAFTS)) {
                        return null;
                    }
                    throw new IllegalArgumentException("schemas elsewhere are not fetched, was " + iri);
                })));
    }
}
