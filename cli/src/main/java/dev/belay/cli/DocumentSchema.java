// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.belay.contracts.Json;

/** The published JSON Schema of documents, as it is in {@code docs/schema}. */
final class DocumentSchema {
    private static final String FILE = "/belay.dev-v1.schema.json";
    private static final String UNKNOWN_FIELD = "additionalProperties";

    private final JsonSchema schema;

    private DocumentSchema(JsonSchema schema) {
        this.schema = schema;
    }

    static DocumentSchema published() throws IOException {
        SchemaValidatorsConfig settings =
                SchemaValidatorsConfig.builder().pathType(PathType.LEGACY).build();
        return new DocumentSchema(
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(tree(), settings));
    }

    /** Returns the schema itself. */
    static JsonNode tree() throws IOException {
        try (InputStream in = DocumentSchema.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IOException("the schema " + FILE + " is missing from this build");
            }
            return Json.mapper().readTree(in);
        }
    }

    /**
     * Returns what the schema has against a document, a sentence each.
     *
     * @param isRead whether the document could be read: then its fields are known, also those that are newer than the schema
     */
    List<String> refusals(JsonNode document, boolean isRead) {
        Set<ValidationMessage> found = schema.validate(document);
        return found.stream()
                .filter(each -> !isRead || !UNKNOWN_FIELD.equals(each.getType()))
                .map(each -> each.getMessage().replaceFirst("^\\$\\.?", ""))
                .distinct()
                .sorted()
                .toList();
    }
}
