// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollouts.Plan;
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
import dev.belay.rollouts.decision.Refusal;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Rollouts: starting, stopping, and why they are where they are. Everybody may look; stopping needs less than raising. */
@Path("/api/v1/rollouts")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
@Blocking
@Tag(name = "rollouts")
public class RolloutResource {
    private static final String IDEMPOTENCY_KEY = IdempotencyKey.HEADER;
    private static final Pattern VERSION_TAG = Pattern.compile("\"([0-9]{1,18})\"");
    private static final int PRECONDITION_FAILED = 412;
    private static final String STALE = "stale";
    private static final String FLAG = "{project}/{environment}/{flag}";
    private static final String ROLLOUT = FLAG + "/{epoch: \\d+}";

    private final RolloutDesk desk;
    private final PlanDesk plans;
    private final CurrentCaller current;
    private final HttpHeaders headers;

    RolloutResource(RolloutDesk desk, PlanDesk plans, CurrentCaller current, HttpHeaders headers) {
        this.desk = desk;
        this.plans = plans;
        this.current = current;
        this.headers = headers;
    }

    @POST
    @Allowed(Role.RELEASER)
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Operation(
            summary = "Start a rollout from a document of kind Rollout",
            description = "With apply=true a document whose rollout was started before changes nothing, whatever became"
                    + " of that rollout; the answer's note says what it ignores.")
    public Response start(
            String text,
            @QueryParam("apply") @DefaultValue("false") boolean apply,
            @QueryParam("reason") @Nullable String reason,
            @HeaderParam(IDEMPOTENCY_KEY) @Nullable String idempotencyKey) {
        RolloutDocument document = parse(text);
        FlagRef ref = new FlagRef(project(document), document.environment(), document.flag());
        current.get().requireAccess(ref.project(), ref.environment());
        String source = Digest.of(Json.write(document));
        CommandKey command = key(idempotencyKey, "start " + source);
        return respond(desk.known(ref, source, apply, command).orElseGet(() -> {
            Plan plan = plans.plan(ref, document);
            String why = reason == null || reason.isBlank()
                    ? "started from " + document.template().text()
                    : reason;
            Actor by = current.get().actor();
            return desk.start(new StartRequest(ref, plan, document.startAt(), by, why, source, apply), command);
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
        Caller caller = current.get();
        List<RolloutState> visible = desk.latest().stream()
                .filter(rollout -> caller.mayUse(rollout.project(), rollout.environment()))
                .filter(rollout -> project == null || project.equals(rollout.project()))
                .filter(rollout -> environment == null || environment.equals(rollout.environment()))
                .filter(rollout -> status == null
                        || status.equalsIgnoreCase(rollout.status().name()))
                .sorted(Comparator.comparing(rollout -> rollout.ref().key()))
                .toList();
        return Page.of(visible, rollout -> rollout.ref().key(), limit, after);
    }

    @GET
    @Path(FLAG)
    @Operation(summary = "The latest rollout of a flag")
    public Response latest(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag) {
        FlagRef ref = visible(project, environment, flag);
        return withTag(found(desk.latest(ref), "a rollout of " + ref));
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
        FlagRef ref = visible(project, environment, flag);
        return Page.of(desk.history(ref), rollout -> String.format("%010d", rollout.epoch()), limit, after);
    }

    @GET
    @Path(ROLLOUT)
    @Operation(summary = "One rollout of a flag")
    public Response find(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch) {
        FlagRef ref = visible(project, environment, flag);
        return withTag(found(desk.find(ref, epoch), "rollout " + epoch + " of " + ref));
    }

    @GET
    @Path(ROLLOUT + "/why")
    @Operation(summary = "Why a rollout is where it is")
    public Explanation why(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch) {
        FlagRef ref = visible(project, environment, flag);
        return found(desk.explain(ref, epoch), "rollout " + epoch + " of " + ref);
    }

    @POST
    @Path(ROLLOUT + "/pause")
    @Allowed(Role.OPERATOR)
    @Operation(summary = "Raise no further; what is served stays, guardrails stay armed")
    public Response pause(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch,
            @HeaderParam(IDEMPOTENCY_KEY) @Nullable String key,
            @Nullable CommandBody body) {
        return instruct(
                "pause",
                visible(project, environment, flag),
                epoch,
                key,
                body,
                (order, override) -> new RolloutEvent.Pause(order));
    }

    @POST
    @Path(ROLLOUT + "/resume")
    @Allowed(Role.RELEASER)
    @Operation(summary = "Raise again when the gates allow it")
    public Response resume(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch,
            @HeaderParam(IDEMPOTENCY_KEY) @Nullable String key,
            @Nullable CommandBody body) {
        return instruct(
                "resume",
                visible(project, environment, flag),
                epoch,
                key,
                body,
                (order, override) -> new RolloutEvent.Resume(order));
    }

    @POST
    @Path(ROLLOUT + "/advance")
    @Allowed(Role.RELEASER)
    @Operation(summary = "Enter the next stage; with override also when its gate is closed, never over a breach")
    public Response advance(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch,
            @HeaderParam(IDEMPOTENCY_KEY) @Nullable String key,
            @Nullable CommandBody body) {
        return instruct("advance", visible(project, environment, flag), epoch, key, body, RolloutEvent.Advance::new);
    }

    @POST
    @Path(ROLLOUT + "/complete")
    @Allowed(Role.RELEASER)
    @Operation(summary = "Treatment for everyone; before the last stage with override only")
    public Response complete(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch,
            @HeaderParam(IDEMPOTENCY_KEY) @Nullable String key,
            @Nullable CommandBody body) {
        return instruct("complete", visible(project, environment, flag), epoch, key, body, RolloutEvent.Complete::new);
    }

    @POST
    @Path(ROLLOUT + "/cancel")
    @Allowed(Role.OPERATOR)
    @Operation(summary = "Back to the definition, for no fault of the flag's")
    public Response cancel(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @PathParam("epoch") int epoch,
            @HeaderParam(IDEMPOTENCY_KEY) @Nullable String key,
            @Nullable CommandBody body) {
        return instruct(
                "cancel",
                visible(project, environment, flag),
                epoch,
                key,
                body,
                (order, override) -> new RolloutEvent.Cancel(order));
    }

    @POST
    @Path(FLAG + "/restore")
    @Allowed(Role.RELEASER)
    @Operation(summary = "Lift a kill: the definition decides again")
    public Response restore(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @HeaderParam(IDEMPOTENCY_KEY) @Nullable String key,
            @Nullable CommandBody body) {
        FlagRef ref = visible(project, environment, flag);
        String reason = given(body).requiredReason();
        plans.readRollbacks();
        return obey(
                "restore",
                ref,
                key,
                body,
                now -> new RolloutEvent.Restore(current.get().actor(), reason, now));
    }

    private Response instruct(
            String verb,
            FlagRef ref,
            int epoch,
            @Nullable String key,
            @Nullable CommandBody body,
            BiFunction<RolloutEvent.Order, Boolean, RolloutEvent> command) {
        CommandBody given = given(body);
        String reason = given.requiredReason();
        found(desk.find(ref, epoch), "rollout " + epoch + " of " + ref);
        Long expected = given.expectedVersion() == null ? versionToMatch() : given.expectedVersion();
        return obey(
                verb + " " + epoch,
                ref,
                key,
                body,
                now -> command.apply(
                        new RolloutEvent.Order(epoch, expected, current.get().actor(), reason, now),
                        given.isOverride()));
    }

    private Response obey(
            String what,
            FlagRef ref,
            @Nullable String key,
            @Nullable CommandBody body,
            Function<Instant, RolloutEvent> command) {
        CommandKey commandKey = key(key, what + " " + ref + " " + body);
        return respond(desk.command(ref, command, commandKey));
    }

    /** Returns the version that If-Match names; null without a condition. */
    private @Nullable Long versionToMatch() {
        String header = headers.getHeaderString(HttpHeaders.IF_MATCH);
        if (header == null || header.isBlank() || header.equals("*")) {
            return null;
        }
        Matcher tag = VERSION_TAG.matcher(header.trim());
        if (!tag.matches()) {
            throw new ProblemException(
                    PRECONDITION_FAILED, "precondition-failed", "no version has the tag " + header, List.of());
        }
        return Long.valueOf(tag.group(1));
    }

    private Response respond(Answer answer) {
        Refusal refusal = answer.refusal();
        if (refusal != null) {
            boolean isCondition = refusal.code().equals(STALE) && versionToMatch() != null;
            throw isCondition
                    ? new ProblemException(PRECONDITION_FAILED, "precondition-failed", refusal.sentence(), List.of())
                    : new ProblemException(refusal.status(), refusal.code(), refusal.sentence(), List.of());
        }
        RolloutState rollout = answer.rollout();
        if (rollout == null) {
            return Response.noContent().build();
        }
        ObjectNode body = (ObjectNode) Json.tree(rollout);
        if (answer.note() != null) {
            body.put("note", answer.note());
        }
        URI place = URI.create("/api/v1/rollouts/" + rollout.ref().key() + "/" + rollout.epoch());
        return (answer.isNew() ? Response.created(place) : Response.ok())
                .entity(body)
                .tag(ETags.of(rollout.version()))
                .build();
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

    private FlagRef visible(String project, String environment, String flag) {
        FlagRef ref = new FlagRef(project, environment, flag);
        current.get().requireAccess(project, environment);
        return ref;
    }

    private static <T> T found(Optional<T> value, String what) {
        return value.orElseThrow(() -> ProblemException.notFound(what));
    }

    private static CommandBody given(@Nullable CommandBody body) {
        return body == null ? new CommandBody(null, null, null) : body;
    }

    private @Nullable CommandKey key(@Nullable String idempotencyKey, String request) {
        return IdempotencyKey.of(idempotencyKey, current.get())
                .map(key -> new CommandKey(key.id(), Digest.of(request)))
                .orElse(null);
    }
}
