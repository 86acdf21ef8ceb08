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

/** Flags. */
@Path("/api/v1/flags")
@Tag(name = "flags")
@Allowed(Role.VIEWER)
public class FlagResource {
    private final DocumentDesk desk;

    FlagResource(DocumentDesk desk) {
        this.desk = desk;
    }

    @PUT
    @Path("{project}/{environment}/{flag}")
    @Consumes({MediaType.APPLICATION_JSON, DocumentDesk.YAML, "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    @Produces({MediaType.APPLICATION_JSON, DocumentDesk.YAML})
    @Allowed(Role.EDITOR)
    @Operation(summary = "Write a flag; what stands already changes nothing")
    public Response put(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            String document,
            @QueryParam("reason") @Nullable String reason,
            @Context HttpHeaders headers) {
        return desk.put(FlagType.INSTANCE, new Address(project, environment, flag), document, reason, headers);
    }

    @GET
    @Path("{project}/{environment}/{flag}")
    @Produces({MediaType.APPLICATION_JSON, DocumentDesk.YAML})
    @Operation(summary = "Read a flag")
    public Response get(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @Context HttpHeaders headers) {
        return desk.get(FlagType.INSTANCE, new Address(project, environment, flag), null, headers);
    }

    @DELETE
    @Path("{project}/{environment}/{flag}")
    @Allowed(Role.EDITOR)
    @Operation(summary = "Archive a flag")
    public Response delete(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("reason") @Nullable String reason,
            @Context HttpHeaders headers) {
        return desk.delete(FlagType.INSTANCE, new Address(project, environment, flag), reason, headers);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "List flags")
    public Page<JsonNode> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        return desk.list(FlagType.INSTANCE, project, environment, limit, after);
    }
}
