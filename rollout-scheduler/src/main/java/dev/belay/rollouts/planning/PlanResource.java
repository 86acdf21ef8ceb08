// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.planning;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.http.Allowed;
import dev.belay.http.CurrentCaller;
import dev.belay.http.FieldError;
import dev.belay.http.ProblemException;
import dev.belay.judging.planning.Forecast;
import dev.belay.judging.planning.StagePlanner;
import dev.belay.judging.planning.Traffic;
import dev.belay.kafka.KafkaSettings;
import dev.belay.manifest.Document;
import dev.belay.manifest.ManifestError;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.MetricDocument;
import dev.belay.manifest.PlanFactory;
import dev.belay.manifest.RolloutDocument;
import dev.belay.manifest.TemplateDocument;
import dev.belay.manifest.TemplateReference;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a rollout would cost, before it is started. Everybody may ask; nothing is kept. */
@Path("/api/v1/rollouts/plan")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
@Blocking
@Tag(name = "rollouts")
public class PlanResource {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Stands for what a template says nothing of. */
    private static final String ANY = "any";

    private final CurrentCaller current;

    PlanResource(CurrentCaller current) {
        this.current = current;
    }

    /**
     * What a plan costs.
     *
     * @param template the template, {@code name@version}
     * @param trafficFrom {@code given}, {@code evidence}, both, or {@code nothing}
     * @param traffic the traffic it rests on
     * @param stages one per stage
     * @param warnings what will not go as the plan says
     * @param suggestions guardrails that the plan lacks and the traffic would allow
     */
    public record Answer(
            @Nullable String template,
            String trafficFrom,
            Traffic traffic,
            List<Forecast.StageForecast> stages,
            List<String> warnings,
            List<Forecast.Suggestion> suggestions) {}

    @POST
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Operation(
            summary = "Plan a rollout: units and hours per stage and guardrail, and what can never be judged",
            description =
                    "Takes a Rollout or a RolloutTemplate, with the templates and metrics that are not applied yet, or"
                            + " {manifest, traffic: {unitsPerHour: {rest: 700}, metrics: {conversion: {rate: 0.1}}}}. Traffic that is"
                            + " not given is read off the latest evidence of the flag and its project.")
    public String plan(String text) {
        try {
            PlanRequest request = PlanRequest.of(text);
            return Json.write(answer(request));
        } catch (ManifestException e) {
            List<FieldError> fields =
                    e.errors().stream().map(PlanResource::field).toList();
            throw ProblemException.unprocessable(
                    "invalid-rollout", "the rollout cannot be planned: " + e.getMessage(), fields);
        }
    }

    private static ProblemException refused(String field, String rule, @Nullable Object value) {
        return ProblemException.unprocessable(
                "invalid-rollout",
                "the rollout cannot be planned: " + field + " " + rule + ", was " + value,
                List.of(new FieldError(field, rule, value)));
    }

    private static FieldError field(ManifestError error) {
        return new FieldError(error.path(), error.rule(), error.value());
    }

    private Answer answer(PlanRequest request) {
        RolloutDocument rollout = null;
        TemplateDocument only = null;
        Map<String, TemplateDocument> templates = new HashMap<>();
        List<MetricDocument> metrics = new ArrayList<>();
        for (Document document : request.documents()) {
            if (document instanceof RolloutDocument found) {
                requireFirst(rollout, "Rollout");
                rollout = found;
            } else if (document instanceof TemplateDocument found) {
                templates.put(found.name(), found);
                only = found;
            } else if (document instanceof MetricDocument found) {
                metrics.add(found);
            }
        }
        RolloutDocument asked = rollout == null ? anyOf(only, templates.size()) : rollout;
        String project = project(asked);
        FlagRef flag = rollout == null ? null : new FlagRef(project, rollout.environment(), rollout.flag());
        current.get().requireAccess(project, flag == null ? null : flag.environment());
        RecordedFacts facts = facts(project);
        Map<String, MetricDefinition> known = new HashMap<>();
        facts.metrics().forEach(each -> known.put(each.name(), each));
        metrics.stream()
                .filter(each -> each.project().equals(project))
                .forEach(each -> known.put(each.name(), each.toDefinition(1, Instant.EPOCH)));
        Plan plan = PlanFactory.plan(asked, template(asked, templates, facts), known);
        return answer(plan, request.traffic(), facts, flag, known);
    }

    private static Answer answer(
            Plan plan,
            Traffic given,
            RecordedFacts facts,
            @Nullable FlagRef flag,
            Map<String, MetricDefinition> metrics) {
        RolloutState latest = flag == null ? null : facts.rollout(flag.key());
        Traffic seen = RecentTraffic.of(facts.evidence(), flag, latest);
        Traffic traffic = seen.with(given);
        Forecast forecast = StagePlanner.of(plan, traffic, metrics.values());
        return new Answer(
                plan.template(),
                from(given, seen),
                traffic,
                forecast.stages(),
                forecast.warnings(),
                forecast.suggestions());
    }

    private static String from(Traffic given, Traffic seen) {
        boolean isGiven = !given.equals(Traffic.UNKNOWN);
        boolean isSeen = !seen.equals(Traffic.UNKNOWN);
        if (isGiven) {
            return isSeen ? "given and evidence" : "given";
        }
        return isSeen ? "evidence" : "nothing";
    }

    private static void requireFirst(@Nullable Object before, String kind) {
        if (before != null) {
            throw refused("manifest", "must hold one " + kind, "several");
        }
    }

    private String project(RolloutDocument document) {
        String named = document.project() == null ? current.get().project() : document.project();
        if (named == null) {
            throw refused("spec.project", "is required with a key of all projects", null);
        }
        return named;
    }

    /** A rollout of a flag that nobody has named, with one treatment. */
    private static RolloutDocument anyOf(@Nullable TemplateDocument template, int templates) {
        if (template == null || templates != 1) {
            throw refused("manifest", "must hold one Rollout or one RolloutTemplate", templates);
        }
        return new RolloutDocument(
                template.project(),
                null,
                ANY,
                ANY,
                new TemplateReference(template.name(), null),
                "control",
                List.of("treatment"),
                Map.of(),
                null);
    }

    private static RolloutTemplate template(
            RolloutDocument asked, Map<String, TemplateDocument> given, RecordedFacts facts) {
        String name = asked.template().name();
        TemplateDocument written = given.get(name);
        RolloutTemplate found =
                written == null ? facts.template(asked.template()) : written.toDefinition(1, Instant.EPOCH);
        if (found == null) {
            throw refused(
                    "spec.template",
                    "must name a template of the project",
                    asked.template().text());
        }
        return found;
    }

    private static RecordedFacts facts(String project) {
        try {
            return RecordedFacts.read(KafkaSettings.configured(), project, PATIENCE);
        } catch (TimeoutException e) {
            throw new ProblemException(
                    503, "traffic-unread", "what was seen lately cannot be read now; try again", List.of());
        }
    }
}
