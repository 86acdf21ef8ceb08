// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.belay.contracts.Json;
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
import jakarta.ws.rs.core.StreamingOutput;
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
        AuditFilter filter = filter(project, subject);
        List<AuditEntry> found = trail.newest(filter, after == null ? Long.MAX_VALUE : after, limit + 1);
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        return new Page<>(
                found.subList(0, limit), Long.toString(found.get(limit - 1).seq()));
    }

    /** @param after number of the last row that is known; 0 for all */
    @GET
    @Path("export")
    @Produces("application/x-ndjson")
    @Operation(summary = "Export all audit events with their places in the chain, oldest first, one a line")
    public StreamingOutput export(
            @QueryParam("project") @Nullable String project,
            @QueryParam("subject") @Nullable String subject,
            @QueryParam("after") @DefaultValue("0") long after) {
        AuditFilter filter = filter(project, subject);
        return out -> {
            List<AuditEntry> batch = trail.oldest(filter, after, Page.MAX);
            while (!batch.isEmpty()) {
                for (AuditEntry entry : batch) {
                    out.write((Json.write(entry) + "\n").getBytes(StandardCharsets.UTF_8));
                }
                batch = trail.oldest(filter, batch.get(batch.size() - 1).seq(), Page.MAX);
            }
        };
    }

    private AuditFilter filter(@Nullable String project, @Nullable String subject) {
        Caller who = caller.get();
        String allowed = project == null ? who.project() : project;
        if (allowed != null) {
            who.requireAccess(allowed, null);
        }
        return new AuditFilter(allowed, subject, who.environment());
    }

    @GET
    @Path("check")
    @Operation(summary = "Compute the chain again")
    public AuditTrail.Check check() {
        return trail.check();
    }
}
