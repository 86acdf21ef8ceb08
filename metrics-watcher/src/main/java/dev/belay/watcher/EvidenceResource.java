// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.http.Allowed;
import dev.belay.http.CurrentCaller;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.ComparedPlan;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
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

/** Evidence as the watcher last said it. */
@Path("/api/v1/evidence")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "evidence")
@Allowed(Role.VIEWER)
public class EvidenceResource {
    private static final int LONGEST_SECONDS = 300;
    private static final Duration READ_WITHIN = Duration.ofSeconds(30);

    private final Watcher watcher;
    private final CurrentCaller caller;

    @Inject
    EvidenceResource(Watcher watcher, CurrentCaller caller) {
        this.watcher = watcher;
        this.caller = caller;
    }

    @GET
    @Path("/{project}/{environment}/{flag}")
    @Operation(summary = "The latest evidence of each guardrail of the flag's newest rollout")
    public Page<Evidence> list(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag) {
        FlagRef ref = new FlagRef(project, environment, flag);
        caller.get().requireAccess(project, environment);
        return new Page<>(watcher.shelf().of(ref), null);
    }

    @GET
    @Path("/report")
    @Operation(summary = "Where harm is found among all flags, with at most a share of false findings")
    public EvidenceReport report(
            @QueryParam("project") @Nullable String project,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("level") @DefaultValue("0.05") String level) {
        String named = Require.name(project, "project");
        String in = Require.name(environment, "environment");
        caller.get().requireAccess(named, in);
        return EvidenceReport.of(watcher.shelf().of(named, in), number(level));
    }

    private static double number(String level) {
        try {
            return Double.parseDouble(level);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("level must be a number in (0, 1), was " + level, e);
        }
    }

    @GET
    @Path("/{project}/{environment}/{flag}/blocks")
    @Blocking
    @Operation(summary = "The blocks a guardrail was judged by, as belay judge reads them")
    public Page<BlockLine> blocks(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("flag") String flag,
            @QueryParam("guardrail") @Nullable String guardrail,
            @QueryParam("variant") @Nullable String variant,
            @QueryParam("segment") @Nullable String segment,
            @QueryParam("epoch") @Nullable Integer epoch) {
        FlagRef ref = new FlagRef(project, environment, flag);
        caller.get().requireAccess(project, environment);
        Attribution.Known known = watcher.newest(ref);
        ComparedPlan plan = known == null ? null : known.plan();
        if (known == null || plan == null) {
            throw ProblemException.notFound("a rollout of " + ref.key());
        }
        Guardrail asked = plan.plan().guardrails().stream()
                .filter(each -> guardrail == null || each.name().equals(guardrail))
                .filter(each -> hasLines(each, plan.plan().metric(each.metric()).orElseThrow()))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("a guardrail with blocks, named " + guardrail));
        String treatment = variant == null ? plan.plan().treatments().get(0) : variant;
        List<Block> blocks = new BlockLog(watcher.kafka())
                .of(ref, epoch == null ? known.epoch() : epoch, Instant.now().plus(READ_WITHIN));
        return new Page<>(BlockLine.of(blocks, asked.metric(), treatment, segment), null);
    }

    /** Blocks of means and quantiles have histograms, which the lines have no place for. */
    private static boolean hasLines(Guardrail guardrail, MetricDefinition metric) {
        return ComparedPlan.isCompared(guardrail, metric) && !ComparedPlan.isValued(metric);
    }

    /**
     * What a drain answers.
     *
     * @param drainedAt when everything was said
     */
    public record Drained(Instant drainedAt) {}

    @POST
    @Path("/drain")
    @Blocking
    @Allowed(Role.OPERATOR)
    @Operation(summary = "Waits until everything appended so far is attributed, tallied, judged and said")
    public Drained drain(@QueryParam("seconds") @DefaultValue("120") int seconds)
            throws InterruptedException, ExecutionException {
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new IllegalArgumentException("seconds must lie in [1, " + LONGEST_SECONDS + "], was " + seconds);
        }
        if (!new Drain(watcher, Instant.now().plus(Duration.ofSeconds(seconds))).await()) {
            throw ProblemException.unavailable(
                    "not-drained", "there is still something to judge after " + seconds + " s");
        }
        return new Drained(Instant.now());
    }
}
