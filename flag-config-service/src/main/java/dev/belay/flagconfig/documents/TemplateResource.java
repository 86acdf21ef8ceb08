// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Page;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Rollout templates. */
@Path("/api/v1/templates")
@Tag(name = "templates")
@Allowed(Role.VIEWER)
public class TemplateResource {
    private final DocumentDesk desk;

    TemplateResource(DocumentDesk desk) {
        this.desk = desk;
    }

    @PUT
    @Path("{project}/{name}")
    @Consumes({MediaType.APPLICATION_JSON, DocumentDesk.YAML, "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    @Produces({MediaType.APPLICATION_JSON, DocumentDesk.YAML})
    @Allowed(Role.EDITOR)
    @Operation(summary = "Write a template; what stands already changes nothing")
    public Response put(
            @PathParam("project") String project,
            @PathParam("name") String name,
            String document,
            @QueryParam("reason") @Nullable String reason,
            @Context HttpHeaders headers) {
        return desk.put(TemplateType.INSTANCE, new Address(project, null, name), document, reason, headers);
    }

    /** @param version one of its versions; null for the newest */
    @GET
    @Path("{project}/{name}")
    @Produces({MediaType.APPLICATION_JSON, DocumentDesk.YAML})
    @Operation(summary = "Read a template")
    public Response get(
            @PathParam("project") String project,
            @PathParam("name") String name,
            @QueryParam("version") @Nullable Long version,
            @Context HttpHeaders headers) {
        return desk.get(TemplateType.INSTANCE, new Address(project, null, name), version, headers);
    }

    @DELETE
    @Path("{project}/{name}")
    @Allowed(Role.EDITOR)
    @Operation(summary = "Delete a template")
    public Response delete(
            @PathParam("project") String project,
            @PathParam("name") String name,
            @QueryParam("reason") @Nullable String reason,
            @Context HttpHeaders headers) {
        return desk.delete(TemplateType.INSTANCE, new Address(project, null, name), reason, headers);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "List templates")
    public Page<JsonNode> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        return desk.list(TemplateType.INSTANCE, project, null, limit, after);
    }
}
