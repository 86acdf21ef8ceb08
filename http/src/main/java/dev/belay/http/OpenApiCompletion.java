// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.List;
import java.util.stream.Stream;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.RequestBody;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Says in the OpenAPI document what holds for every operation: keys, problems, and documents as bodies. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class OpenApiCompletion implements OASFilter {
    private static final String PROBLEM = "Problem";
    private static final String FIELD_ERROR = "FieldError";
    private static final String DOCUMENT = "Document";
    private static final String BEARER = "bearer";
    private static final String KEY = "key";
    private static final List<String> REFUSALS = List.of("400", "401", "403", "default");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getPaths() == null || api.getPaths().getPathItems() == null) {
            return;
        }
        Components components = api.getComponents() == null ? OASFactory.createComponents() : api.getComponents();
        api.setComponents(components);
        describe(components);
        api.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(KEY, List.of()));
        api.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(BEARER, List.of()));
        api.getPaths().getPathItems().values().stream()
                .flatMap(path -> path.getOperations().values().stream())
                .forEach(OpenApiCompletion::complete);
    }

    private static void describe(Components components) {
        components.addSecurityScheme(
                KEY,
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.HEADER)
                        .name("X-API-Key")
                        .description("a key, bly_…"));
        components.addSecurityScheme(
                BEARER,
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme(BEARER)
                        .description("the same key"));
        components.addSchema(FIELD_ERROR, fieldError());
        components.addSchema(PROBLEM, problem());
        components.addSchema(DOCUMENT, document());
        components.addResponse(
                PROBLEM,
                OASFactory.createAPIResponse()
                        .description("A problem, RFC 9457: its code says which")
                        .content(content(Problem.MEDIA_TYPE, reference(PROBLEM))));
    }

    private static void complete(Operation operation) {
        if (operation.getResponses() == null) {
            operation.setResponses(OASFactory.createAPIResponses());
        }
        REFUSALS.stream()
                .filter(code -> !operation.getResponses().hasAPIResponse(code))
                .forEach(code -> operation
                        .getResponses()
                        .addAPIResponse(code, OASFactory.createAPIResponse().ref("#/components/responses/" + PROBLEM)));
        RequestBody body = operation.getRequestBody();
        if (body != null && body.getContent() != null && isDocument(body.getContent())) {
            body.setRequired(true);
            body.setDescription("A document as people write it, YAML or JSON");
            body.getContent().getMediaTypes().values().forEach(type -> type.setSchema(reference(DOCUMENT)));
        }
    }

    private static boolean isDocument(Content content) {
        return content.getMediaTypes().keySet().stream().anyMatch(type -> type.contains("yaml"));
    }

    private static Schema problem() {
        return object("Why a request was refused", "type", "title", "status", "code", "detail", "errors")
                .addProperty("type", type(Schema.SchemaType.STRING))
                .addProperty("title", type(Schema.SchemaType.STRING).description("the status in words"))
                .addProperty("status", type(Schema.SchemaType.INTEGER))
                .addProperty("code", type(Schema.SchemaType.STRING).description("stable, for programs"))
                .addProperty("detail", type(Schema.SchemaType.STRING).description("for people"))
                .addProperty("errors", type(Schema.SchemaType.ARRAY).items(reference(FIELD_ERROR)));
    }

    private static Schema fieldError() {
        return object("One refused field", "field", "rule")
                .addProperty("field", type(Schema.SchemaType.STRING).description("path of the field"))
                .addProperty("rule", type(Schema.SchemaType.STRING).description("what must hold"))
                .addProperty("value", OASFactory.createSchema().description("what was found"));
    }

    private static Schema document() {
        Schema kind = type(Schema.SchemaType.STRING);
        Stream.of("Flag", "Segment", "Metric", "RolloutTemplate", "Rollout", "Channel")
                .forEach(kind::addEnumeration);
        return object("A document of apiVersion belay.dev/v1", "apiVersion", "kind", "spec")
                .addProperty("apiVersion", type(Schema.SchemaType.STRING).addEnumeration("belay.dev/v1"))
                .addProperty("kind", kind)
                .addProperty(
                        "metadata", type(Schema.SchemaType.OBJECT).addProperty("name", type(Schema.SchemaType.STRING)))
                .addProperty("spec", type(Schema.SchemaType.OBJECT));
    }

    private static Schema object(String description, String... required) {
        return type(Schema.SchemaType.OBJECT).description(description).required(List.of(required));
    }

    private static Schema type(Schema.SchemaType type) {
        return OASFactory.createSchema().addType(type);
    }

    private static Schema reference(String schema) {
        return OASFactory.createSchema().ref("#/components/schemas/" + schema);
    }

    private static Content content(String mediaType, Schema schema) {
        return OASFactory.createContent()
                .addMediaType(mediaType, OASFactory.createMediaType().schema(schema));
    }
}
