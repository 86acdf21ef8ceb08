// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit;

import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.Page;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who changed what. */
@Path("/api/v1/audit")
@Tag(name = "audit")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
public class AuditResource {
    private final AuditTrail trail;
    private final CurrentCaller caller;

    AuditResource(AuditTrail trail, CurrentCaller caller) {
        this.trail = trail;
        this.caller = caller;
    }

    /** @param after next of the page before: a row number */
    @GET
    @Operation(summary = "List audit events, newest first")
    public Page<AuditEntry> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("subject") @Nullable String subject,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable Long after) {
        Require.that(limit >= 1 && limit <= Page.MAX, "limit", "must lie in [1, " + Page.MAX + "]", limit);
        Caller who = caller.get();
        String allowed = project == null ? who.project() : project;
        if (allowed != null) {
            who.requireAccess(allowed, null);
        }
        AuditFilter filter = new AuditFilter(allowed, subject, who.environment());
        List<AuditEntry> found = trail.newest(filter, after == null ? Long.MAX_VALUE : after, limit + 1);
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        return new Page<>(
                found.subList(0, limit), Long.toString(found.get(limit - 1).seq()));
    }

    @GET
    @Path("check")
    @Operation(summary = "Compute the chain again")
    public AuditTrail.Check check() {
        return trail.check();
    }
}
