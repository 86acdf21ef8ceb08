// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.ofrep;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.belay.contracts.Json;

/** The schemas of the OFREP 0.3.0 document, which lies beside its licence in the resources. */
final class OfrepSchemas {
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonNode components = components();

    /** Returns what the schema of that name has against the body. */
    Set<ValidationMessage> complaints(String schema, String body) {
        ObjectNode root = Json.mapper().createObjectNode().put("$ref", "#/components/schemas/" + schema);
        root.set("components", components);
        try {
            return FACTORY.getSchema(root).validate(Json.mapper().readTree(body));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + body, e);
        }
    }

    private static JsonNode components() {
        try (InputStream file = OfrepSchemas.class.getResourceAsStream("/ofrep/openapi.yaml")) {
            JsonNode components =
                    new ObjectMapper(new YAMLFactory()).readTree(file).path("components");
            // Of the types of values, exactly one must match. As written none can: the type for "no value" forbids
            // none, so
            // it matches them all, and every integer is a float.
            ObjectNode success = (ObjectNode) components
                    .path("schemas")
                    .path("evaluationSuccess")
                    .path("allOf")
                    .get(1);
            success.set("anyOf", success.remove("oneOf"));
            return components;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
