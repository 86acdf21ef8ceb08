// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.http.Allowed;
import dev.belay.http.CurrentCaller;
import dev.belay.http.ProblemException;
import dev.belay.rollouts.decision.RolloutEvent;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What people do to rollouts. Stopping needs less than raising; every command may name the version it was made for. */
@Path("/api/v1/rollouts")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.RELEASER)
@Blocking
@Tag(name = "rollouts")
public class RolloutVerbResource {
    private static final String FLAG = "{project}/{environment}/{flag}";
    private static final String ROLLOUT = FLAG + "/{epoch: \\d+}";

    private final RolloutCommands commands;
    private final RolloutDesk desk;
    private final PlanDesk plans;
    private final CurrentCaller current;

    RolloutVerbResource(RolloutCommands commands, RolloutDesk desk, PlanDesk plans, CurrentCaller current) {
        this.commands = commands;
        this.desk = desk;
        this.plans = plans;
        this.current = current;
    }

    @POST
    @Path(ROLLOUT + "/pause")
    @Allowed(Role.OPERATOR)
    @Operation(summary = "Raise no further; what is served stays, guardrails stay armed")
    public Response pause(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        return commands.instruct("pause", path, body, (order, given) -> new RolloutEvent.Pause(order));
    }

    @POST
    @Path(ROLLOUT + "/resume")
    @Operation(summary = "Raise again when the gates allow it")
    public Response resume(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        return commands.instruct("resume", path, body, (order, given) -> new RolloutEvent.Resume(order));
    }

    @POST
    @Path(ROLLOUT + "/advance")
    @Operation(summary = "Enter the next stage; with override also when its gate is closed, never over a breach")
    public Response advance(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        return commands.instruct(
                "advance", path, body, (order, given) -> new RolloutEvent.Advance(order, given.isOverride()));
    }

    @POST
    @Path(ROLLOUT + "/jump")
    @Operation(
            summary = "Enter a later stage",
            description = "With override also over stages and gates that are left; never over a breach or an approval,"
                    + " and never back: nobody is taken out by a jump.")
    public Response jump(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        return commands.instruct(
                "jump",
                path,
                body,
                (order, given) -> new RolloutEvent.Jump(order, given.requiredStage(), given.isOverride()));
    }

    @POST
    @Path(ROLLOUT + "/pin")
    @Allowed(Role.OPERATOR)
    @Operation(summary = "Go up to a stage and not past it; guardrails stay armed")
    public Response pin(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        return commands.instruct(
                "pin", path, body, (order, given) -> new RolloutEvent.Pin(order, given.requiredStage()));
    }

    @POST
    @Path(ROLLOUT + "/unpin")
    @Operation(summary = "Go past the stage again that it was pinned to")
    public Response unpin(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        return commands.instruct("unpin", path, body, (order, given) -> new RolloutEvent.Pin(order, null));
    }

    @POST
    @Path(ROLLOUT + "/complete")
    @Operation(summary = "Treatment for everyone; before the last stage with override only")
    public Response complete(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        return commands.instruct(
                "complete", path, body, (order, given) -> new RolloutEvent.Complete(order, given.isOverride()));
    }

    @POST
    @Path(ROLLOUT + "/cancel")
    @Allowed(Role.OPERATOR)
    @Operation(summary = "Back to the definition, for no fault of the flag's")
    public Response cancel(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        return commands.instruct("cancel", path, body, (order, given) -> new RolloutEvent.Cancel(order));
    }

    @POST
    @Path(ROLLOUT + "/start")
    @Operation(summary = "Start a draft, or what was approved after a review")
    public Response start(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        commands.visible(path);
        CommandBody.given(body).requiredReason();
        plans.readRollbacks();
        return commands.instruct("start", path, body, (order, given) -> new RolloutEvent.Launch(order));
    }

    @POST
    @Path(ROLLOUT + "/review")
    @Allowed(Role.EDITOR)
    @Operation(summary = "Ask somebody to look at a draft, add guardrails, approve and start it")
    public Response review(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        return commands.instruct(
                "review", path, body, (order, given) -> new RolloutEvent.Review(order, given.requiredReviewer()));
    }

    @POST
    @Path(ROLLOUT + "/approve")
    @Allowed(Role.OPERATOR)
    @Operation(
            summary = "Agree to what has the given hash",
            description = "The hashes stand in approvals of GET …/why. Never by who asked for it or loosened it since.")
    public Response approve(@BeanParam RolloutPath path, @Nullable CommandBody body) {
        Role held = current.get().role();
        Role role = held == null ? Role.VIEWER : held;
        return commands.instruct(
                "approve", path, body, (order, given) -> new RolloutEvent.Approve(order, given.requiredHash(), role));
    }

    @POST
    @Path(ROLLOUT + "/edit")
    @Operation(
            summary = "Edit the plan of a rollout",
            description = "Everything of a draft; of a rollout that was started what nobody is judged or served by:"
                    + " times, users, modes, windows, channels. What is looser than before voids approvals.")
    public Response edit(@BeanParam RolloutPath path, @Nullable EditBody body) {
        FlagRef ref = commands.visible(path);
        EditBody given = body == null ? new EditBody(null, null, null, null, null, null, null, null) : body;
        given.command().requiredReason();
        String what = "rollout " + path.epoch + " of " + ref;
        Plan before = RolloutCommands.found(desk.find(ref, path.epoch), what).plan();
        if (before == null) {
            throw ProblemException.conflict("finished", what + " has no plan");
        }
        Plan after = plans.edited(ref, before, given);
        return commands.instruct(
                "edit " + Digest.of(after.toString()),
                path,
                given.command(),
                (order, command) -> new RolloutEvent.Edit(order, after));
    }

    @POST
    @Path(FLAG + "/restart")
    @Operation(
            summary = "Start again with the plan of the last rollout, in a new epoch",
            description = "from is the stage where it begins, else the first. Refused while a breach stands, unless"
                    + " overridden.")
    public Response restart(@BeanParam FlagPath path, @Nullable CommandBody body) {
        FlagRef ref = commands.visible(path);
        CommandBody given = CommandBody.given(body);
        String reason = given.requiredReason();
        RolloutState latest = RolloutCommands.found(desk.latest(ref), "a rollout of " + ref);
        StoredRollout before = RolloutCommands.found(desk.planned(ref), "a rollout of " + ref + " with a plan");
        Plan plan = Require.nonNull(before.state().plan(), "plan");
        RolloutEvent.Opening opening = new RolloutEvent.Opening(
                given.from() == null ? 0 : PlanDesk.stage(plan, given.from()),
                false,
                true,
                given.isOverride(),
                before.terms().locked(),
                latest.epoch(),
                commands.expected(given.expectedVersion()));
        CommandKey command = commands.key(path.key, "restart " + ref + " " + body);
        Actor by = current.get().actor();
        return commands.respond(desk.known(ref, "", false, command).orElseGet(() -> {
            plans.requireStartable(ref, plan);
            return desk.start(new StartRequest(ref, plan, null, opening, by, reason, before.source(), false), command);
        }));
    }

    @POST
    @Path(FLAG + "/restore")
    @Operation(summary = "Lift a kill: the definition decides again")
    public Response restore(@BeanParam FlagPath path, @Nullable CommandBody body) {
        commands.visible(path);
        CommandBody given = CommandBody.given(body);
        String reason = given.requiredReason();
        Long expected = commands.expected(given.expectedVersion());
        plans.readRollbacks();
        return commands.obey(
                "restore",
                path,
                body,
                now -> new RolloutEvent.Restore(expected, current.get().actor(), reason, now));
    }
}
