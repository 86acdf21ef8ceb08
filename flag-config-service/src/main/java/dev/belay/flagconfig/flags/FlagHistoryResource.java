// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.flags;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.keys.Role;
import dev.belay.flagconfig.documents.Change;
import dev.belay.flagconfig.documents.FlagDesk;
import dev.belay.flagconfig.documents.Flags;
import dev.belay.flagconfig.flags.decision.StaleFlags;
import dev.belay.flagconfig.folding.OpenRollouts;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.FieldError;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import dev.belay.manifest.FlagDocument;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
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

/** What flags were, how they differ, and what is made of one another. */
@Path("/api/v1/flags")
@Tag(name = "flags")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
public class FlagHistoryResource {
    private final Comparing comparing;
    private final FlagWriting writing;
    private final FlagDesk desk;
    private final Flags flags;
    private final OpenRollouts rollouts;
    private final CurrentCaller caller;

    FlagHistoryResource(
            Comparing comparing,
            FlagWriting writing,
            FlagDesk desk,
            Flags flags,
            OpenRollouts rollouts,
            CurrentCaller caller) {
        this.comparing = comparing;
        this.writing = writing;
        this.desk = desk;
        this.flags = flags;
        this.rollouts = rollouts;
        this.caller = caller;
    }

    /**
     * A flag is copied to another place.
     *
     * @param project project it is copied to; null for its own
     * @param environment environment it is copied to; null for its own
     * @param flag its key there; null for its own
     * @param version version that is copied; null for the newest
     * @param only fields of the document's spec that are copied; null or empty for all
     * @param expectedVersion version that must stand there, 0 for none; null for any
     */
    public record Copy(
            @Nullable String project,
            @Nullable String environment,
            @Nullable String flag,
            @Nullable Long version,
            @Nullable List<String> only,
            @Nullable Long expectedVersion,
            @Nullable String reason) {}

    /**
     * A flag is made what it was.
     *
     * @param version what it was
     * @param expectedVersion version that must stand now
     */
    public record Revert(
            @Nullable Long version,
            @Nullable Long expectedVersion,
            @Nullable String reason) {}

    /**
     * A variant for one unit.
     *
     * @param until when that ends; null for never
     */
    public record Force(@Nullable String variant, @Nullable Instant until) {}

    /** A flag that nobody seems to need. */
    public record Stale(
            String project,
            String environment,
            String flag,
            @Nullable String owner,
            Instant updatedAt,
            List<StaleFlags.Reason> reasons) {
        String key() {
            return project + "/" + environment + "/" + flag;
        }
    }

    @GET
    @Path("{project}/{environment}/{flag}/history")
    @Operation(summary = "List the versions of a flag, newest first, and what each changed")
    public Page<Comparing.Version> history(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable Long after) {
        Require.that(limit >= 1 && limit <= Page.MAX, "limit", "must lie in [1, " + Page.MAX + "]", limit);
        FlagRef ref = reachable(project, environment, flag);
        return comparing.history(ref, after == null ? Long.MAX_VALUE : after, limit);
    }

    @GET
    @Path("{project}/{environment}/{flag}/diff")
    @Operation(
            summary = "Compare a flag with another, or with what it was",
            description = "From version (or what stands) of this flag to withVersion (or what stands) of the flag with,"
                    + " project/environment/flag, which is this flag when left out.")
    public Comparing.Diff diff(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("version") @Nullable Long version,
            @QueryParam("with") @Nullable String with,
            @QueryParam("withVersion") @Nullable Long withVersion) {
        FlagRef ref = reachable(project, environment, flag);
        FlagRef other = with == null ? ref : FlagRef.parse(with);
        desk.requireAccess(other);
        return comparing.diff(ref, version, other, withVersion);
    }

    @GET
    @Path("compare")
    @Operation(summary = "Compare all flags of two environments, project/environment each")
    public Page<Comparing.Compared> compare(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("differing") boolean differing,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        String[] left = place(from, "from");
        String[] right = place(to, "to");
        List<Comparing.Compared> found = comparing.environments(left[0], left[1], right[0], right[1]).stream()
                .filter(each -> !differing || each.standing() != Comparing.Standing.SAME)
                .toList();
        return Page.of(found, Comparing.Compared::flag, limit, after);
    }

    @POST
    @Path("{project}/{environment}/{flag}/copy")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allowed(Role.EDITOR)
    @Operation(
            summary = "Copy a flag to another environment or project, or under another key",
            description =
                    "With propose or at a change is opened, and answered with 202; with dryRun nothing is written,"
                            + " and what would change there is answered.")
    public Response copy(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("propose") boolean propose,
            @QueryParam("at") @Nullable Instant at,
            @QueryParam("dryRun") boolean dryRun,
            @Context HttpHeaders headers,
            @Nullable Copy body) {
        FlagRef source = reachable(project, environment, flag);
        Copy copy = Require.nonNull(body, "body");
        FlagRef target =
                reachable(or(copy.project(), project), or(copy.environment(), environment), or(copy.flag(), flag));
        Require.that(!target.equals(source), "environment", "must be another place: revert goes back", target);
        FlagDefinition from = copy.version() == null ? flags.get(source) : flags.get(source, copy.version());
        FlagDefinition stands = flags.find(target).orElse(null);
        List<String> only = copy.only() == null ? List.of() : copy.only();
        FlagDocument document = Rewrite.copied(from, target, stands, only);
        Change change = change(copy.reason(), copy.expectedVersion(), headers).as("copy");
        if (dryRun) {
            FlagDefinition after = flags.rehearse(document, change).value();
            return Response.ok(stands == null ? Comparing.diffOfNew(after) : Comparing.diff(stands, after))
                    .build();
        }
        return writing.write(document, change, new FlagWriting.When(propose, at), headers);
    }

    @POST
    @Path("{project}/{environment}/{flag}/revert")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allowed(Role.EDITOR)
    @Operation(
            summary = "Make a flag what it was in an earlier version",
            description = "With propose or at a change is opened, and answered with 202.")
    public Response revert(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("propose") boolean propose,
            @QueryParam("at") @Nullable Instant at,
            @Context HttpHeaders headers,
            @Nullable Revert body) {
        FlagRef ref = reachable(project, environment, flag);
        Revert revert = Require.nonNull(body, "body");
        long version = Require.positive(Require.nonNull(revert.version(), "version"), "version");
        if (headers.getHeaderString(HttpHeaders.IF_MATCH) == null) {
            Require.positive(Require.nonNull(revert.expectedVersion(), "expectedVersion"), "expectedVersion");
        }
        FlagDefinition past = flags.get(ref, version);
        Change change =
                change(revert.reason(), revert.expectedVersion(), headers).as("revert");
        return writing.write(Rewrite.reverted(past), change, new FlagWriting.When(propose, at), headers);
    }

    @GET
    @Path("stale")
    @Operation(summary = "List flags that give everyone the same answer and have not changed for a while")
    public Page<Stale> stale(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("days") @DefaultValue("30") int days,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        Require.notNegative(days, "days");
        Caller who = caller.get();
        Instant now = Instant.now();
        List<Stale> found = flags.list(project, environment).stream()
                .filter(flag -> who.mayUse(flag.project(), flag.environment()))
                .map(flag -> stale(flag, Duration.ofDays(days), now))
                .filter(stale -> !stale.reasons().isEmpty())
                .sorted(Comparator.comparing(Stale::key))
                .toList();
        return Page.of(found, Stale::key, limit, after);
    }

    @PUT
    @Path("{project}/{environment}/{flag}/forced/{unit}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allowed(Role.EDITOR)
    @Operation(summary = "Force a variant on one unit, for instance to test in production")
    public Response force(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("unit") String unit,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("propose") boolean propose,
            @QueryParam("at") @Nullable Instant at,
            @Context HttpHeaders headers,
            @Nullable Force body) {
        Force force = Require.nonNull(body, "body");
        String variant = Require.text(force.variant(), "variant");
        return writing.edit(
                reachable(project, environment, flag),
                stands -> Rewrite.forcing(stands, unit, variant, force.until()),
                desk.change(reason, headers).as("force"),
                new FlagWriting.When(propose, at),
                headers);
    }

    @DELETE
    @Path("{project}/{environment}/{flag}/forced/{unit}")
    @Allowed(Role.EDITOR)
    @Operation(summary = "Force nothing on a unit any more")
    public Response free(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("unit") String unit,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("propose") boolean propose,
            @QueryParam("at") @Nullable Instant at,
            @Context HttpHeaders headers) {
        return writing.edit(
                reachable(project, environment, flag),
                stands -> Rewrite.freeing(stands, unit),
                desk.change(reason, headers).as("free"),
                new FlagWriting.When(propose, at),
                headers);
    }

    private Stale stale(FlagDefinition flag, Duration idle, Instant now) {
        return new Stale(
                flag.project(),
                flag.environment(),
                flag.flag(),
                flag.owner(),
                flag.updatedAt(),
                StaleFlags.of(flag, rollouts.has(flag.ref()), idle, now));
    }

    private FlagRef reachable(String project, String environment, String flag) {
        FlagRef ref = new FlagRef(project, environment, flag);
        desk.requireAccess(ref);
        return ref;
    }

    /** Returns who writes on which version: the body's, or the header's. */
    private Change change(@Nullable String reason, @Nullable Long expected, HttpHeaders headers) {
        Change change = desk.change(reason, headers);
        if (expected == null) {
            return change;
        }
        Require.notNegative(expected, "expectedVersion");
        if (change.ifMatch() != null && !change.ifMatch().equals("\"" + expected + "\"")) {
            FieldError error =
                    new FieldError("expectedVersion", "must be that of If-Match, " + change.ifMatch(), expected);
            throw ProblemException.badRequest(
                    "invalid", error.field() + " " + error.rule() + ", was " + expected, List.of(error));
        }
        return Change.on(expected, change.actor(), reason);
    }

    private String[] place(@Nullable String text, String field) {
        String[] parts = Require.text(text, field).split("/", -1);
        Require.that(parts.length == 2, field, "must have the form project/environment", text);
        Require.name(parts[0], field);
        Require.name(parts[1], field);
        caller.get().requireAccess(parts[0], parts[1]);
        return parts;
    }

    private static String or(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
