// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.importing;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.flagconfig.importing.decision.PosthogFlags;
import dev.belay.http.Allowed;
import dev.belay.http.CurrentCaller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Flags from other products. */
@Path("/api/v1/flags/import")
@Tag(name = "flags")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.EDITOR)
public class ImportResource {
    private final Importing importing;
    private final CurrentCaller caller;

    ImportResource(Importing importing, CurrentCaller caller) {
        this.importing = importing;
        this.caller = caller;
    }

    /** What became of each, in the order in which it was written. */
    public record Report(boolean dryRun, List<Importing.Imported> items) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Import flags of PostHog",
            description =
                    "The body is what PostHog's API or its local evaluation gives. Each flag is written by itself and"
                            + " reported; with propose a change of each is opened; with dryRun nothing is written.")
    public Report posthog(
            @QueryParam("from") @Nullable String from,
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("propose") boolean propose,
            @QueryParam("dryRun") boolean dryRun,
            @Nullable JsonNode body) {
        Require.that("posthog".equals(from), "from", "must be posthog", from);
        FlagRef any = new FlagRef(Require.text(project, "project"), Require.text(environment, "environment"), "any");
        caller.get().requireAccess(any.project(), any.environment());
        List<Importing.Imported> items =
                PosthogFlags.translate(Require.nonNull(body, "body"), any.project(), any.environment()).stream()
                        .map(each -> importing.take(each, caller.get(), reason, new Importing.How(propose, dryRun)))
                        .toList();
        return new Report(dryRun, items);
    }
}
