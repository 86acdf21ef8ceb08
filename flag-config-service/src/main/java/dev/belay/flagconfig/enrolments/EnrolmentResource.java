// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.enrolments;

import java.util.Comparator;
import java.util.List;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import dev.belay.flagconfig.documents.Flags;
import dev.belay.http.Allowed;
import dev.belay.http.AllowedScopes;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Early access, for the servers of an application: which features offer it, and what a unit chose. */
@Path("/api/v1/flags")
@Tag(name = "early access")
@Produces(MediaType.APPLICATION_JSON)
@AllowedScopes(Scope.SERVER)
@Allowed(Role.VIEWER)
public class EnrolmentResource {
    private final Enrolments enrolments;
    private final Flags flags;
    private final CurrentCaller caller;

    EnrolmentResource(Enrolments enrolments, Flags flags, CurrentCaller caller) {
        this.enrolments = enrolments;
        this.flags = flags;
        this.caller = caller;
    }

    /**
     * What a unit chooses.
     *
     * @param joined true for in, false for out
     */
    public record Wish(@Nullable Boolean joined) {}

    /**
     * A feature that offers early access.
     *
     * @param joined what the unit chose; null when it chose nothing, or none was named
     */
    public record Feature(
            String project,
            String environment,
            String flag,
            @Nullable String title,
            @Nullable Boolean joined) {
        String key() {
            return project + "/" + environment + "/" + flag;
        }
    }

    @GET
    @Path("early-access")
    @Operation(summary = "List the features that offer early access, with what a unit chose")
    public Page<Feature> features(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("unit") @Nullable String unit,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        Caller who = caller.get();
        List<Feature> features = flags.list(project, environment).stream()
                .filter(flag -> flag.optIn() != null && who.mayUse(flag.project(), flag.environment()))
                .map(flag -> new Feature(
                        flag.project(),
                        flag.environment(),
                        flag.flag(),
                        flag.title(),
                        unit == null
                                ? null
                                : enrolments
                                        .find(flag.ref(), unit)
                                        .map(Enrolments.Choice::joined)
                                        .orElse(null)))
                .sorted(Comparator.comparing(Feature::key))
                .toList();
        return Page.of(features, Feature::key, limit, after);
    }

    @GET
    @Path("{project}/{environment}/{flag}/enrolments")
    @Operation(summary = "List who chose what")
    public Page<Enrolments.Choice> list(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        Require.that(limit >= 1 && limit <= Page.MAX, "limit", "must lie in [1, " + Page.MAX + "]", limit);
        FlagRef ref = reachable(project, environment, flag);
        List<Enrolments.Choice> found = enrolments.list(ref, after == null ? "" : after, limit + 1);
        return found.size() <= limit
                ? new Page<>(found, null)
                : new Page<>(found.subList(0, limit), found.get(limit - 1).unit());
    }

    @GET
    @Path("{project}/{environment}/{flag}/enrolments/{unit}")
    @Operation(summary = "Read what a unit chose")
    public Enrolments.Choice get(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("unit") String unit) {
        FlagRef ref = reachable(project, environment, flag);
        return enrolments
                .find(ref, unit)
                .orElseThrow(() -> ProblemException.notFound("a choice of " + unit + " for flag " + ref));
    }

    @PUT
    @Path("{project}/{environment}/{flag}/enrolments/{unit}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Say that a unit wants a feature early, or not at all until everyone has it")
    public Enrolments.Choice put(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("unit") String unit,
            @Nullable Wish body) {
        FlagRef ref = writable(project, environment, flag);
        boolean joined = Require.nonNull(Require.nonNull(body, "body").joined(), "joined");
        return enrolments.choose(ref, unit, joined, caller.get().actor());
    }

    @DELETE
    @Path("{project}/{environment}/{flag}/enrolments/{unit}")
    @Operation(summary = "Forget what a unit chose")
    public Response delete(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("unit") String unit) {
        enrolments.forget(
                writable(project, environment, flag), unit, caller.get().actor());
        return Response.noContent().build();
    }

    private FlagRef reachable(String project, String environment, String flag) {
        FlagRef ref = new FlagRef(project, environment, flag);
        caller.get().requireAccess(project, environment);
        return ref;
    }

    /** A person who may only look does not choose for others; an application's server does. */
    private FlagRef writable(String project, String environment, String flag) {
        Caller who = caller.get();
        if (!who.has(Role.EDITOR) && !who.scopes().contains(Scope.SERVER)) {
            throw ProblemException.forbidden("the role editor or the scope server is needed");
        }
        return reachable(project, environment, flag);
    }
}
