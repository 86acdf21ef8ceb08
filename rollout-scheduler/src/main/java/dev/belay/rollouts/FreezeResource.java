// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.net.URI;
import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.Page;
import dev.belay.rollouts.decision.Freeze;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Times in which nothing is raised: whoever may stop may declare one, whoever may raise may lift it. */
@Path("/api/v1/rollouts/freezes")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
@Blocking
@Tag(name = "rollouts")
public class FreezeResource {
    private final Freezes freezes;
    private final CurrentCaller current;

    FreezeResource(Freezes freezes, CurrentCaller current) {
        this.freezes = freezes;
        this.current = current;
    }

    @GET
    @Operation(summary = "Freezes that hold now or later, the first first")
    public Page<Freeze> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        Caller caller = current.get();
        List<Freeze> visible = freezes.ahead().stream()
                .filter(freeze -> caller.mayUse(freeze.project(), freeze.environment()))
                .filter(freeze -> project == null || project.equals(freeze.project()))
                .toList();
        return Page.of(
                visible, freeze -> String.format("%020d/%s", freeze.from().toEpochMilli(), freeze.id()), limit, after);
    }

    @POST
    @Allowed(Role.OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Raise and start nothing for a time, in a project or one of its environments")
    public Response declare(@Nullable FreezeBody body) {
        FreezeBody given = body == null ? new FreezeBody(null, null, null, null, null) : body;
        String project = Require.name(given.project(), "project");
        requireAccess(project, given.environment());
        Freeze freeze = freezes.declare(
                project,
                given.environment() == null ? null : Require.name(given.environment(), "environment"),
                given.from(),
                Require.nonNull(given.until(), "until"),
                Require.text(given.reason(), "reason"),
                current.get().actor());
        return Response.created(URI.create("/api/v1/rollouts/freezes/" + freeze.id()))
                .entity(freeze)
                .build();
    }

    @DELETE
    @Path("{id}")
    @Allowed(Role.RELEASER)
    @Operation(summary = "End a freeze before its time")
    public Response lift(@PathParam("id") String id, @QueryParam("reason") @Nullable String reason) {
        String why = Require.text(reason, "reason");
        Freeze freeze = freezes.declared(id);
        requireAccess(freeze.project(), freeze.environment());
        freezes.lift(id, current.get().actor(), why);
        return Response.noContent().build();
    }

    /** Whoever is limited to an environment freezes no other. */
    private void requireAccess(String project, @Nullable String environment) {
        // The whole of a project is no environment of it.
        current.get().requireAccess(project, environment == null ? "" : environment);
    }
}
