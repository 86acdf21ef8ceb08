// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.manifest.ManifestForm;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Everything that people wrote, as they would write it again. */
@Path("/api/v1/projects/export")
@Tag(name = "projects")
@Allowed(Role.VIEWER)
public class ExportResource {
    private final Exporting exporting;
    private final CurrentCaller caller;

    ExportResource(Exporting exporting, CurrentCaller caller) {
        this.exporting = exporting;
        this.caller = caller;
    }

    @GET
    @Produces({DocumentDesk.YAML, MediaType.APPLICATION_JSON})
    @Operation(
            summary = "Export all segments, metrics, flags and templates",
            description =
                    "In an order in which they can be written again, the same for the same content: segments after"
                            + " those they name, then metrics, flags (archived ones too) and templates, each by project and name.")
    public Response export(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @Context HttpHeaders headers) {
        Caller who = caller.get();
        List<JsonNode> documents = exporting.documents(project, environment).stream()
                .filter(tree -> who.mayUse(
                        tree.at("/spec/project").asText(),
                        tree.at("/spec/environment").asText(null)))
                .toList();
        boolean wantsJson = headers.getAcceptableMediaTypes().stream()
                .findFirst()
                .filter(first -> first.isCompatible(MediaType.APPLICATION_JSON_TYPE) && !first.isWildcardType())
                .isPresent();
        String yaml = documents.stream().map(ManifestForm::yaml).collect(Collectors.joining("---\n"));
        return Response.ok(wantsJson ? Json.write(documents) : yaml)
                .type(wantsJson ? MediaType.APPLICATION_JSON : DocumentDesk.YAML)
                .build();
    }
}
