// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.ETags;
import dev.belay.http.FieldError;
import dev.belay.http.IdempotencyKey;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.RolloutDocument;
import dev.belay.rollouts.decision.Explanation;
import dev.belay.rollouts.decision.Moment;
import dev.belay.rollouts.decision.Report;
import dev.belay.rollouts.decision.RolloutEvent;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
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

/** Rollouts: starting, and why they are where they are. Everybody may look. */
@Path("/api/v1/rollouts")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
@Blocking
@Tag(name = "rollouts")
public class RolloutResource {
    private static final String FLAG = "{project}/{environment}/{flag}";
    private static final String ROLLOUT = FLAG + "/{epoch: \\d+}";
    private static final String MARKDOWN = "text/markdown";

    private final RolloutDesk desk;
    private final RolloutCommands commands;
    private final PlanDesk plans;
    private final Drift drift;
    private final CurrentCaller current;

    RolloutResource(RolloutDesk desk, RolloutCommands commands, PlanDesk plans, Drift drift, CurrentCaller current) {
        this.desk = desk;
        this.commands = commands;
        this.plans = plans;
        this.drift = drift;
        this.current = current;
    }

    @POST
    @Allowed(Role.RELEASER)
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Operation(
            summary = "Start a rollout from a document of kind Rollout",
            description = "With apply=true a document whose rollout was started before changes nothing, whatever became"
                    + " of that rollout; the answer's note says what it ignores. With draft=true it is only written"
                    + " down. With from=STAGE, and a reason, it begins in that stage: refused while a breach stands or"
                    + " the stage was never reached, unless override=true.")
    public Response start(
            String text,
            @QueryParam("apply") @DefaultValue("false") boolean apply,
            @QueryParam("draft") @DefaultValue("false") boolean draft,
            @QueryParam("from") @Nullable String from,
            @QueryParam("override") @DefaultValue("false") boolean override,
            @QueryParam("reason") @Nullable String reason,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
        RolloutDocument document = parse(text);
        FlagRef ref = new FlagRef(project(document), document.environment(), document.flag());
        current.get().requireAccess(ref.project(), ref.environment());
        String why = why(document, from, override, reason);
        String source = Digest.of(Json.write(document));
        String asked = draft || override || from != null ? " " + draft + " " + from + " " + override : "";
        CommandKey command = commands.key(idempotencyKey, "start " + source + asked);
        return commands.respond(desk.known(ref, source, apply, command).orElseGet(() -> {
            PlanDesk.Planned planned = plans.plan(ref, document);
            RolloutEvent.Opening opening = new RolloutEvent.Opening(
                    from == null ? 0 : PlanDesk.stage(planned.plan(), from),
                    draft,
                    false,
                    override,
                    planned.locked(),
                    null,
                    null);
            Actor by = current.get().actor();
            return desk.start(
                    new StartRequest(ref, planned.plan(), document.startAt(), opening, by, why, source, apply),
                    command);
        }));
    }

    @GET
    @Operation(summary = "The latest rollout of each flag")
    public Page<RolloutState> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("status") @Nullable String status,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        List<RolloutState> visible = visible(project, environment).stream()
                .filter(rollout -> status == null
                        || status.equalsIgnoreCase(rollout.status().name()))
                .toList();
        return Page.of(visible, rollout -> rollout.ref().key(), limit, after);
    }

    @GET
    @Path("drift")
    @Operation(summary = "Open rollouts whose plan is not what the newest version of their template says")
    public Page<Drift.Difference> drift(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        return Page.of(drift.of(visible(project, environment)), Drift.Difference::rollout, limit, after);
    }

    @GET
    @Path(FLAG)
    @Operation(summary = "The latest rollout of a flag")
    public Response latest(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag) {
        FlagRef ref = commands.visible(project, environment, flag);
        return withTag(RolloutCommands.found(desk.latest(ref), "a rollout of " + ref));
    }

    @GET
    @Path(FLAG + "/history")
    @Operation(summary = "Every rollout of a flag, oldest first")
    public Page<RolloutState> history(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        FlagRef ref = commands.visible(project, environment, flag);
        return Page.of(desk.history(ref), rollout -> String.format("%010d", rollout.epoch()), limit, after);
    }

    @GET
    @Path(FLAG + "/timeline")
    @Operation(summary = "Everything that happened to the rollouts of a flag, in order")
    public Page<ObjectNode> timeline(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("limit") @DefaultValue("1000") int limit,
            @QueryParam("after") @Nullable String after) {
        FlagRef ref = commands.visible(project, environment, flag);
        return numbered(desk.timeline(ref, null), limit, after);
    }

    @GET
    @Path(ROLLOUT)
    @Operation(summary = "One rollout of a flag")
    public Response find(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch) {
        FlagRef ref = commands.visible(project, environment, flag);
        return withTag(RolloutCommands.found(desk.find(ref, epoch), "rollout " + epoch + " of " + ref));
    }

    @GET
    @Path(ROLLOUT + "/why")
    @Operation(
            summary = "Why a rollout is where it is: gate by gate, what is missing, what proof costs, who must agree")
    public Explanation why(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch) {
        FlagRef ref = commands.visible(project, environment, flag);
        return RolloutCommands.found(desk.explain(ref, epoch), "rollout " + epoch + " of " + ref);
    }

    @GET
    @Path(ROLLOUT + "/timeline")
    @Operation(summary = "Everything that happened to a rollout, in order, with who, why and the numbers")
    public Page<ObjectNode> timeline(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch,
            @QueryParam("limit") @DefaultValue("1000") int limit,
            @QueryParam("after") @Nullable String after) {
        FlagRef ref = commands.visible(project, environment, flag);
        RolloutCommands.found(desk.find(ref, epoch), "rollout " + epoch + " of " + ref);
        return numbered(desk.timeline(ref, epoch), limit, after);
    }

    @GET
    @Path(ROLLOUT + "/report")
    @Produces({MediaType.APPLICATION_JSON, MARKDOWN})
    @Operation(summary = "Did it work? How far it came, how long that took, who was exposed, what was found")
    public Response report(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch,
            @Context HttpHeaders headers) {
        FlagRef ref = commands.visible(project, environment, flag);
        Report report = RolloutCommands.found(desk.report(ref, epoch), "rollout " + epoch + " of " + ref);
        boolean wantsMarkdown = headers.getAcceptableMediaTypes().stream()
                .findFirst()
                .filter(first -> first.getSubtype().equals("markdown"))
                .isPresent();
        return wantsMarkdown
                ? Response.ok(report.markdown(), MARKDOWN + ";charset=utf-8").build()
                : Response.ok(Json.write(report), MediaType.APPLICATION_JSON).build();
    }

    private List<RolloutState> visible(@Nullable String project, @Nullable String environment) {
        Caller caller = current.get();
        return desk.latest().stream()
                .filter(rollout -> caller.mayUse(rollout.project(), rollout.environment()))
                .filter(rollout -> project == null || project.equals(rollout.project()))
                .filter(rollout -> environment == null || environment.equals(rollout.environment()))
                .sorted(Comparator.comparing(rollout -> rollout.ref().key()))
                .toList();
    }

    private static Page<ObjectNode> numbered(List<Moment> moments, int limit, @Nullable String after) {
        List<ObjectNode> items = IntStream.range(0, moments.size())
                .mapToObj(i -> ((ObjectNode) Json.tree(moments.get(i))).put("number", i + 1))
                .toList();
        return Page.of(items, item -> String.format("%010d", item.path("number").asInt()), limit, after);
    }

    private static String why(
            RolloutDocument document, @Nullable String from, boolean override, @Nullable String reason) {
        if (reason != null && !reason.isBlank()) {
            return reason;
        }
        if (from != null || override) {
            throw ProblemException.badRequest(
                    "invalid",
                    "a start in a later stage, or over what stands against it, needs a reason",
                    List.of(new FieldError("reason", "must not be blank", reason)));
        }
        return "started from " + document.template().text();
    }

    private static Response withTag(RolloutState rollout) {
        return Response.ok(rollout).tag(ETags.of(rollout.version())).build();
    }

    private static RolloutDocument parse(String text) {
        try {
            return Manifests.parseOne(text, RolloutDocument.class);
        } catch (ManifestException e) {
            throw ProblemException.badRequest("invalid", String.valueOf(e.getMessage()), PlanDesk.fields(e.errors()));
        }
    }

    private String project(RolloutDocument document) {
        String named = document.project() == null ? current.get().project() : document.project();
        if (named == null) {
            FieldError missing = new FieldError("spec.project", "is required: the key is not limited to one", null);
            throw ProblemException.badRequest("invalid", PlanDesk.sentences(List.of(missing)), List.of(missing));
        }
        return named;
    }
}
