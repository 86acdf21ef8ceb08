// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.flagconfig.documents.FlagDesk;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.ETags;
import dev.belay.http.Page;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
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

/** Changes of flags that wait for approval or for their time. */
@Path("/api/v1/changes")
@Tag(name = "changes")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
public class ChangeResource {
    private final Changes changes;
    private final FlagDesk desk;
    private final CurrentCaller caller;

    ChangeResource(Changes changes, FlagDesk desk, CurrentCaller caller) {
        this.changes = changes;
        this.desk = desk;
        this.caller = caller;
    }

    /** What is approved: the hash of the change as it was seen. */
    public record Seen(@Nullable String hash) {}

    /** Why. */
    public record Words(@Nullable String reason) {}

    @GET
    @Operation(summary = "List changes, the oldest first")
    public Page<FlagChange> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("flag") @Nullable String flag,
            @QueryParam("status") FlagChange.@Nullable Status status,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        Require.that(limit >= 1 && limit <= Page.MAX, "limit", "must lie in [1, " + Page.MAX + "]", limit);
        Caller who = caller.get();
        String inProject = project == null ? who.project() : project;
        String inEnvironment = environment == null ? who.environment() : environment;
        if (inProject != null) {
            who.requireAccess(inProject, inEnvironment);
        }
        Require.that(
                flag == null || (inProject != null && inEnvironment != null),
                "flag",
                "needs project and environment",
                flag);
        String key = flag == null ? null : inProject + "/" + inEnvironment + "/" + flag;
        List<FlagChange> found =
                changes.list(inProject, inEnvironment, key, status, after == null ? "" : after, limit + 1);
        return found.size() <= limit
                ? new Page<>(found, null)
                : new Page<>(found.subList(0, limit), found.get(limit - 1).id());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Read a change, with what it does and who approved")
    public Response get(@PathParam("id") String id) {
        return answer(seen(id));
    }

    @PUT
    @Path("{id}")
    @Consumes({MediaType.APPLICATION_JSON, FlagDesk.YAML, "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN})
    @Allowed(Role.EDITOR)
    @Operation(summary = "Write a change anew; approvals given before count no more")
    public Response edit(
            @PathParam("id") String id,
            String document,
            @QueryParam("at") @Nullable Instant at,
            @QueryParam("reason") @Nullable String reason,
            @Context HttpHeaders headers) {
        FlagChange change = seen(id);
        FlagRef flag = new FlagRef(change.project(), change.environment(), change.flag());
        return answer(changes.edit(id, desk.read(flag, document), desk.change(reason, headers), at));
    }

    @POST
    @Path("{id}/approve")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allowed(Role.RELEASER)
    @Operation(summary = "Approve a change as it was seen; never one's own")
    public Response approve(@PathParam("id") String id, @Nullable Seen body) {
        seen(id);
        String hash = Require.text(Require.nonNull(body, "body").hash(), "hash");
        return answer(changes.approve(id, hash, caller.get().actor()));
    }

    @POST
    @Path("{id}/reject")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allowed(Role.RELEASER)
    @Operation(summary = "Reject a change")
    public Response reject(@PathParam("id") String id, @Nullable Words body) {
        seen(id);
        String reason = Require.text(body == null ? null : body.reason(), "reason");
        return answer(
                changes.end(id, FlagChange.Status.REJECTED, reason, caller.get().actor()));
    }

    @POST
    @Path("{id}/withdraw")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allowed(Role.EDITOR)
    @Operation(summary = "Withdraw one's own change")
    public Response withdraw(@PathParam("id") String id, @Nullable Words body) {
        seen(id);
        return answer(changes.end(
                id,
                FlagChange.Status.WITHDRAWN,
                body == null ? null : body.reason(),
                caller.get().actor()));
    }

    @POST
    @Path("{id}/apply")
    @Allowed(Role.EDITOR)
    @Operation(summary = "Make a change that has its approvals, now")
    public Response apply(@PathParam("id") String id, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        ETags.requireMatch(ifMatch, seen(id).version());
        return answer(changes.apply(id, caller.get().actor()));
    }

    private FlagChange seen(String id) {
        FlagChange change = changes.get(id);
        caller.get().requireAccess(change.project(), change.environment());
        return change;
    }

    private static Response answer(FlagChange change) {
        return Response.ok(change).tag(ETags.of(change.version())).build();
    }
}
