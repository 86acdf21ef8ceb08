// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import dev.belay.notifier.decision.DeliveryOutcome;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who was told what, and what went wrong. */
@Path("/api/v1/deliveries")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Deliveries")
public class DeliveryResource {
    private final Deliveries deliveries;
    private final CurrentCaller caller;

    DeliveryResource(Deliveries deliveries, CurrentCaller caller) {
        this.deliveries = deliveries;
        this.caller = caller;
    }

    /** @param after id of the last delivery of the page before */
    @GET
    @Allowed(Role.VIEWER)
    @Operation(summary = "Deliveries, the latest first")
    public Page<Delivery> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("flag") @Nullable String flag,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("status") DeliveryOutcome.@Nullable Status status,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable Long after) {
        Require.that(limit >= 1 && limit <= Page.MAX, "limit", "must lie in 1 to " + Page.MAX, limit);
        Caller by = caller.get();
        List<Delivery> found = deliveries.latest(
                by.project() == null ? project : by.project(),
                by.environment() == null ? environment : by.environment(),
                flag,
                channel,
                status,
                after == null ? Long.MAX_VALUE : after,
                limit);
        String next = found.size() < limit
                ? null
                : Long.toString(found.get(found.size() - 1).id());
        return new Page<>(found, next);
    }

    @GET
    @Path("/{id}")
    @Allowed(Role.VIEWER)
    @Operation(summary = "A delivery with every attempt")
    public Delivery get(@PathParam("id") long id) {
        Caller by = caller.get();
        return deliveries
                .delivery(id)
                .filter(delivery -> by.mayUse(delivery.project(), delivery.environment()))
                .orElseThrow(() -> ProblemException.notFound("delivery " + id));
    }
}
