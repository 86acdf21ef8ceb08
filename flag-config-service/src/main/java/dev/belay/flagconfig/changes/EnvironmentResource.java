// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.CurrentCaller;
import dev.belay.http.ETags;
import dev.belay.http.Page;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Environments, and how they are protected. */
@Path("/api/v1/environments")
@Tag(name = "environments")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
public class EnvironmentResource {
    private final Environments environments;
    private final CurrentCaller caller;

    EnvironmentResource(Environments environments, CurrentCaller caller) {
        this.environments = environments;
        this.caller = caller;
    }

    /**
     * How an environment is to be protected.
     *
     * @param approvals how many others must approve a change of one of its flags, 0 to 10; 0 for none
     */
    public record Agreement(@Nullable Integer approvals) {}

    @GET
    @Operation(summary = "List environments")
    public Page<Environments.Environment> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        return Page.of(environments.list(caller.get(), project), Environments.Environment::key, limit, after);
    }

    @GET
    @Path("{project}/{environment}")
    @Operation(summary = "Read how an environment is protected")
    public Response get(@PathParam("project") String project, @PathParam("environment") String environment) {
        caller.get().requireAccess(project, environment);
        return answer(environments.get(project, environment));
    }

    @PUT
    @Path("{project}/{environment}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allowed(Role.ADMIN)
    @Operation(summary = "Say how many must approve a change of a flag in an environment")
    public Response put(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @QueryParam("reason") @Nullable String reason,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable Agreement body) {
        caller.get().requireAccess(project, environment);
        Require.name(project, "project");
        Require.name(environment, "environment");
        int approvals = Require.nonNull(Require.nonNull(body, "body").approvals(), "approvals");
        return answer(environments.protect(
                project, environment, approvals, caller.get().actor(), reason, ifMatch));
    }

    private static Response answer(Environments.Environment environment) {
        return Response.ok(environment).tag(ETags.of(environment.version())).build();
    }
}
