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

/** Segments. */
@Path("/api/v1/segments")
@Tag(name = "segments")
@Allowed(Role.VIEWER)
public class SegmentResource {
    private final DocumentDesk desk;

    SegmentResource(DocumentDesk desk) {
        this.desk = desk;
    }

    @PUT
    @Path("{project}/{segment}")
    @Consumes({MediaType.APPLICATION_JSON, DocumentDesk.YAML, "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    @Produces({MediaType.APPLICATION_JSON, DocumentDesk.YAML})
    @Allowed(Role.EDITOR)
    @Operation(summary = "Write a segment; what stands already changes nothing")
    public Response put(
            @PathParam("project") String project,
            @PathParam("segment") String segment,
            String document,
            @QueryParam("reason") @Nullable String reason,
            @Context HttpHeaders headers) {
        return desk.put(SegmentType.INSTANCE, new Address(project, null, segment), document, reason, headers);
    }

    @GET
    @Path("{project}/{segment}")
    @Produces({MediaType.APPLICATION_JSON, DocumentDesk.YAML})
    @Operation(summary = "Read a segment")
    public Response get(
            @PathParam("project") String project, @PathParam("segment") String segment, @Context HttpHeaders headers) {
        return desk.get(SegmentType.INSTANCE, new Address(project, null, segment), null, headers);
    }

    @DELETE
    @Path("{project}/{segment}")
    @Allowed(Role.EDITOR)
    @Operation(summary = "Delete a segment")
    public Response delete(
            @PathParam("project") String project,
            @PathParam("segment") String segment,
            @QueryParam("reason") @Nullable String reason,
            @Context HttpHeaders headers) {
        return desk.delete(SegmentType.INSTANCE, new Address(project, null, segment), reason, headers);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "List segments")
    public Page<JsonNode> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        return desk.list(SegmentType.INSTANCE, project, null, limit, after);
    }
}
