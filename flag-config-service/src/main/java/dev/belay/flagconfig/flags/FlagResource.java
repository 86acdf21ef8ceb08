// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.flags;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.keys.Role;
import dev.belay.flagconfig.documents.FlagDesk;
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
    private final FlagDesk desk;
    private final FlagWriting writing;

    FlagResource(FlagDesk desk, FlagWriting writing) {
        this.desk = desk;
        this.writing = writing;
    }

    @PUT
    @Path("{project}/{environment}/{flag}")
    @Consumes({MediaType.APPLICATION_JSON, FlagDesk.YAML, "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    @Produces({MediaType.APPLICATION_JSON, FlagDesk.YAML})
    @Allowed(Role.EDITOR)
    @Operation(
            summary = "Write a flag; what stands already changes nothing",
            description = "With propose or at a change is opened, and answered with 202.")
    public Response put(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            String document,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("propose") boolean propose,
            @QueryParam("at") @Nullable Instant at,
            @Context HttpHeaders headers) {
        FlagRef ref = new FlagRef(project, environment, flag);
        FlagWriting.When when = new FlagWriting.When(propose, at);
        return writing.write(desk.read(ref, document), desk.change(reason, headers), when, headers);
    }

    /** @param version one of its versions; null for the newest */
    @GET
    @Path("{project}/{environment}/{flag}")
    @Produces({MediaType.APPLICATION_JSON, FlagDesk.YAML})
    @Operation(summary = "Read a flag")
    public Response get(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("version") @Nullable Long version,
            @Context HttpHeaders headers) {
        return desk.get(new FlagRef(project, environment, flag), version, headers);
    }

    @DELETE
    @Path("{project}/{environment}/{flag}")
    @Allowed(Role.EDITOR)
    @Operation(
            summary = "Archive a flag",
            description = "With propose or at a change is opened, and answered with 202.")
    public Response delete(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("propose") boolean propose,
            @QueryParam("at") @Nullable Instant at,
            @Context HttpHeaders headers) {
        FlagRef ref = new FlagRef(project, environment, flag);
        FlagWriting.When when = new FlagWriting.When(propose, at);
        if (!when.isLater()) {
            return desk.delete(ref, reason, headers);
        }
        desk.requireAccess(ref);
        return writing.edit(ref, Rewrite::archived, desk.change(reason, headers), when, headers);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "List flags")
    public Page<JsonNode> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        return desk.list(project, environment, limit, after);
    }
}
