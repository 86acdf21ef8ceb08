// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Instant;
import java.util.Optional;

import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import dev.belay.rollback.decision.IncidentDecider;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Rollbacks and holds as people follow them. */
@Path("/api/v1/incidents")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Tag(name = "Incidents")
public class IncidentResource {
    private static final LatestFirst<Incident> LATEST_FIRST = new LatestFirst<>(Incident::openedAt, Incident::id);

    private final ControllerViews views;
    private final IncidentFollower follower;
    private final AuditTrail audit;
    private final CurrentCaller caller;

    IncidentResource(ControllerViews views, IncidentFollower follower, AuditTrail audit, CurrentCaller caller) {
        this.views = views;
        this.follower = follower;
        this.audit = audit;
        this.caller = caller;
    }

    @GET
    @Allowed(Role.VIEWER)
    @Operation(summary = "Incidents, the latest first")
    public Page<Incident> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("flag") @Nullable String flag,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        FlagFilter filter = new FlagFilter(project, environment, flag, caller.get());
        return LATEST_FIRST.page(
                views.incidents().stream().filter(incident -> filter.accepts(incident.ref())), limit, after);
    }

    @POST
    @Path("/{id}/acknowledge")
    @Allowed(Role.OPERATOR)
    @Operation(summary = "Say: I am on it. The first one stays")
    public Incident acknowledge(@PathParam("id") String id) {
        return change(id, "incident.acknowledge", IncidentDecider::onAcknowledged);
    }

    @POST
    @Path("/{id}/resolve")
    @Allowed(Role.OPERATOR)
    @Operation(summary = "Say: it is over")
    public Incident resolve(@PathParam("id") String id) {
        return change(id, "incident.resolve", IncidentDecider::onResolved);
    }

    private interface Decision {
        Optional<Incident> decide(Incident incident, String by, Instant now);
    }

    private Incident change(String id, String action, Decision decision) {
        Caller by = caller.get();
        Incident before = views.incident(id)
                .filter(incident ->
                        by.mayUse(incident.ref().project(), incident.ref().environment()))
                .orElseThrow(() -> ProblemException.notFound("incident " + id));
        Incident after = follower.change(
                        id, incident -> decision.decide(incident, by.actor().name(), Instant.now()))
                .orElse(before);
        if (after.version() > before.version()) {
            audit.onIncident(action, by.actor(), after);
        }
        return after;
    }
}
