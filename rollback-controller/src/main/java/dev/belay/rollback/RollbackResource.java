// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.FieldError;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Take a rollout back, kill a flag, see what was taken out. Whoever may operate may stop: there is no approval. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Rollbacks")
public class RollbackResource {
    private static final LatestFirst<Rollback> LATEST_FIRST = new LatestFirst<>(Rollback::at, Rollback::recordKey);

    private final ControllerViews views;
    private final Rollbacks rollbacks;
    private final CurrentCaller caller;

    RollbackResource(ControllerViews views, Rollbacks rollbacks, CurrentCaller caller) {
        this.views = views;
        this.rollbacks = rollbacks;
        this.caller = caller;
    }

    @POST
    @Path("/rollbacks")
    @Allowed(Role.OPERATOR)
    @Operation(
            summary =
                    "Take a rollout, a variant or a segment back; 201 when it is durable, 200 when it was out already")
    public Response rollBack(RollbackRequest request) {
        RollbackTarget target = request.target() == null ? RollbackTarget.ALL : request.target();
        Require.that(
                target.kind() != RollbackTarget.Kind.KILL, "target", "must not be kill: POST /api/v1/kills", target);
        return takeOut(request, target);
    }

    @POST
    @Path("/kills")
    @Allowed(Role.OPERATOR)
    @Operation(summary = "Serve the off variant to everyone; 201 when it is durable, 200 when it was killed already")
    public Response kill(RollbackRequest request) {
        Require.that(
                request.target() == null || request.target().equals(RollbackTarget.KILL),
                "target",
                "must be absent",
                request.target());
        return takeOut(request, RollbackTarget.KILL);
    }

    @GET
    @Path("/rollbacks")
    @Allowed(Role.VIEWER)
    @Operation(summary = "What was taken out, the latest first")
    public Page<Rollback> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("flag") @Nullable String flag,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        FlagFilter filter = new FlagFilter(project, environment, flag, caller.get());
        return LATEST_FIRST.page(
                views.rollbacks().stream().filter(rollback -> filter.accepts(rollback.ref())), limit, after);
    }

    private Response takeOut(RollbackRequest request, RollbackTarget target) {
        FlagRef flag = request.ref();
        String reason = request.why();
        Caller by = caller.get();
        by.requireAccess(flag.project(), flag.environment());
        requireKnowledge();
        Rollback rollback = new Rollback(
                flag.project(),
                flag.environment(),
                flag.flag(),
                epoch(request, flag),
                target,
                reason,
                null,
                by.actor(),
                Instant.now());
        Rollbacks.Recorded recorded = rollbacks.record(rollback);
        return Response.status(recorded.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(recorded.rollback())
                .build();
    }

    private int epoch(RollbackRequest request, FlagRef flag) {
        int current = views.currentEpoch(flag);
        Integer asked = request.epoch();
        if (asked == null) {
            return current;
        }
        if (asked < 0 || asked > current) {
            String rule = "must lie in 0 to " + current + ", the present epoch";
            throw ProblemException.unprocessable(
                    "unknown-epoch", "epoch " + rule + ", was " + asked, List.of(new FieldError("epoch", rule, asked)));
        }
        return asked;
    }

    /** Without knowing the present epoch a rollback might be of an older one, and would stop nothing. */
    private void requireKnowledge() {
        if (!views.areCaughtUp()) {
            throw ProblemException.unavailable("not-ready", "the present epochs are still being read; try again");
        }
    }
}
