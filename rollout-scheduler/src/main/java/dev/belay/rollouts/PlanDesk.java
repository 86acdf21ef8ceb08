// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.http.FieldError;
import dev.belay.http.ProblemException;
import dev.belay.kafka.KafkaSettings;
import dev.belay.manifest.ManifestError;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.NotYetSupported;
import dev.belay.manifest.PlanFactory;
import dev.belay.manifest.RolloutDocument;
import dev.belay.manifest.TemplateReference;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Turns what a person wrote into the plan of a rollout: everything it names must be there, everything it asks supported. */
@ApplicationScoped
class PlanDesk {
    private static final String METRIC_MISSING = "must name a metric";

    private final Facts facts;
    private final FactViews views;
    private final SchedulerConfig config;

    PlanDesk(Facts facts, FactViews views, SchedulerConfig config) {
        this.facts = facts;
        this.views = views;
        this.config = config;
    }

    /**
     * A plan that may be started.
     *
     * @param plan the plan
     * @param locked parts of it that its template locks
     */
    record Planned(Plan plan, List<String> locked) {}

    /**
     * Returns the plan, waiting a moment for a flag, template or metric that was written just before.
     *
     * @throws ProblemException 422 with every refused field; 503 while rollbacks cannot be read
     */
    Planned plan(FlagRef ref, RolloutDocument document) {
        Draft draft = facts.await(
                        () -> Optional.of(draft(ref, document)).filter(each -> !each.mayStillCome()), config.patience())
                .orElseGet(() -> draft(ref, document));
        Plan plan = draft.orRefuse();
        requireSupported(plan);
        readRollbacks();
        return new Planned(plan, draft.locked());
    }

    /**
     * Checks that a plan that was copied before can still be started.
     *
     * @throws ProblemException 422 with every refused field; 503 while rollbacks cannot be read
     */
    void requireStartable(FlagRef ref, Plan plan) {
        List<FieldError> errors = new ArrayList<>(flagErrors(ref, plan.control(), plan.treatments()));
        facts.flag(ref).ifPresent(flag -> requireSameUnits(flag, plan, errors));
        new Draft(plan, errors, List.of(), false).orRefuse();
        requireSupported(plan);
        readRollbacks();
    }

    /**
     * Returns the index of a stage.
     *
     * @throws ProblemException 422 if the plan has no such stage
     */
    static int stage(Plan plan, String name) {
        List<String> names = plan.stages().stream().map(Stage::name).toList();
        if (!names.contains(name)) {
            FieldError error = new FieldError("from", "must be a stage of the plan: " + String.join(", ", names), name);
            throw ProblemException.unprocessable("unknown-stage", sentences(List.of(error)), List.of(error));
        }
        return names.indexOf(name);
    }

    /**
     * Returns a plan as an edit asks for it. Metrics it lacks are copied from the project.
     *
     * @throws ProblemException 422 with every refused field
     */
    Plan edited(FlagRef ref, Plan before, EditBody edit) {
        List<Guardrail> guardrails = edit.guardrails() == null ? before.guardrails() : edit.guardrails();
        Map<String, MetricDefinition> used = new LinkedHashMap<>();
        before.metrics().forEach(metric -> used.put(metric.name(), metric));
        Map<String, MetricDefinition> known = facts.metrics(ref.project());
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < guardrails.size(); i++) {
            String name = guardrails.get(i).metric();
            MetricDefinition metric = used.getOrDefault(name, known.get(name));
            if (metric == null) {
                errors.add(new FieldError("guardrails[" + i + "].metric", METRIC_MISSING + " of the project", name));
            } else {
                used.put(name, metric);
            }
        }
        refuseIf(errors);
        Plan after = new Plan(
                before.template(),
                before.title(),
                before.owner(),
                before.control(),
                before.treatments(),
                edit.stages() == null ? before.stages() : edit.stages(),
                edit.only() == null ? before.only() : edit.only(),
                guardrails,
                before.goals(),
                edit.watchBy() == null ? before.watchBy() : edit.watchBy(),
                edit.sensitivity() == null ? before.sensitivity() : edit.sensitivity(),
                edit.tell() == null ? before.tell() : edit.tell(),
                List.copyOf(used.values()),
                before.alpha(),
                before.beta());
        facts.flag(ref).ifPresent(flag -> requireSameUnits(flag, after, errors));
        refuseIf(errors);
        requireSupported(after);
        return after;
    }

    private static void refuseIf(List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ProblemException.unprocessable(
                    "invalid-rollout", "the rollout cannot be edited: " + sentences(errors), errors);
        }
    }

    /** What can be said now. */
    private record Draft(@Nullable Plan plan, List<FieldError> errors, List<String> locked, boolean mayStillCome) {
        Plan orRefuse() {
            if (plan == null || !errors.isEmpty()) {
                throw ProblemException.unprocessable(
                        "invalid-rollout", "the rollout cannot be started: " + sentences(errors), errors);
            }
            return plan;
        }
    }

    private Draft draft(FlagRef ref, RolloutDocument document) {
        List<FieldError> flagErrors = flagErrors(ref, document.control(), document.treatments());
        Optional<RolloutTemplate> template = template(ref, document.template());
        Optional<FieldError> templateError = templateError(ref.project(), document.template(), template);
        if (templateError.isPresent() || template.isEmpty()) {
            List<FieldError> errors =
                    Stream.concat(flagErrors.stream(), templateError.stream()).toList();
            return new Draft(
                    null, errors, List.of(), !flagErrors.isEmpty() || mayStillCome(ref.project(), document.template()));
        }
        try {
            Plan plan = PlanFactory.plan(document, template.get(), facts.metrics(ref.project()));
            List<FieldError> errors = new ArrayList<>(flagErrors);
            facts.flag(ref).ifPresent(flag -> requireSameUnits(flag, plan, errors));
            return new Draft(plan, errors, template.get().locked(), !flagErrors.isEmpty());
        } catch (ManifestException e) {
            Stream<FieldError> errors = Stream.concat(flagErrors.stream(), fields(e.errors()).stream());
            boolean isMetricMissing =
                    e.errors().stream().anyMatch(error -> error.rule().startsWith(METRIC_MISSING));
            return new Draft(null, errors.toList(), List.of(), !flagErrors.isEmpty() || isMetricMissing);
        }
    }

    private List<FieldError> flagErrors(FlagRef ref, String control, List<String> treatments) {
        Optional<FlagDefinition> found = facts.flag(ref);
        if (found.isEmpty() || found.get().archived()) {
            String rule = "must name a flag of " + ref.project() + "/" + ref.environment();
            return List.of(new FieldError("spec.flag", rule, ref.flag()));
        }
        FlagDefinition flag = found.get();
        List<FieldError> errors = new ArrayList<>();
        if (!flag.enabled()) {
            errors.add(new FieldError("spec.flag", "must be enabled", ref.flag()));
        }
        requireVariant(flag, "spec.control", control, errors);
        treatments.forEach(each -> requireVariant(flag, "spec.treatments", each, errors));
        return errors;
    }

    private static void requireVariant(FlagDefinition flag, String field, String key, List<FieldError> errors) {
        if (flag.variant(key).isEmpty()) {
            errors.add(new FieldError(field, "must be a variant of flag " + flag.flag(), key));
        }
    }

    /** Outcomes of other units than those that are exposed would never be joined to anything. */
    private static void requireSameUnits(FlagDefinition flag, Plan plan, List<FieldError> errors) {
        for (int i = 0; i < plan.guardrails().size(); i++) {
            String unit = plan.metric(plan.guardrails().get(i).metric())
                    .map(MetricDefinition::unit)
                    .orElse(flag.bucketBy());
            if (!unit.equals(flag.bucketBy())) {
                String rule = "must count units of kind " + flag.bucketBy() + ", as flag " + flag.flag() + " does";
                errors.add(new FieldError("spec.template.guardrails[" + i + "].metric", rule, unit));
            }
        }
    }

    /** A version before the newest was there already, or never comes. */
    private boolean mayStillCome(String project, TemplateReference wanted) {
        Optional<RolloutTemplate> newest = facts.template(project, wanted.name());
        return newest.isEmpty()
                || (wanted.version() != null && wanted.version() > newest.get().version());
    }

    private Optional<RolloutTemplate> template(FlagRef ref, TemplateReference wanted) {
        String project = ref.project();
        if (wanted.version() != null) {
            return facts.template(project, wanted.name(), wanted.version());
        }
        Optional<RolloutTemplate> named = facts.template(project, wanted.name());
        return named.isEmpty() && wanted.equals(TemplateReference.DEFAULT) ? defaultFor(ref) : named;
    }

    /**
     * Returns the template for the flag's tags, or else the project's.
     *
     * @throws ProblemException 422 if there are several
     */
    private Optional<RolloutTemplate> defaultFor(FlagRef ref) {
        List<String> tags = facts.flag(ref).map(FlagDefinition::tags).orElse(List.of());
        List<RolloutTemplate> all = facts.defaultTemplates(ref.project());
        List<RolloutTemplate> tagged = all.stream()
                .filter(each -> each.defaultFor() != null
                        && each.defaultFor().tags().stream().anyMatch(tags::contains))
                .toList();
        List<RolloutTemplate> found = tagged.isEmpty()
                ? all.stream()
                        .filter(each ->
                                each.defaultFor() != null && each.defaultFor().project())
                        .toList()
                : tagged;
        if (found.size() > 1) {
            String names = found.stream().map(RolloutTemplate::name).collect(Collectors.joining(", "));
            FieldError error = new FieldError(
                    "spec.template", "must be named: several are the default for " + ref + ": " + names, null);
            throw ProblemException.unprocessable("invalid-rollout", sentences(List.of(error)), List.of(error));
        }
        return found.stream().findFirst();
    }

    /** Versions from before each had a record of its own cannot be copied any more. */
    private Optional<FieldError> templateError(
            String project, TemplateReference wanted, Optional<RolloutTemplate> found) {
        if (found.isPresent()) {
            return Optional.empty();
        }
        String rule = facts.template(project, wanted.name())
                .map(newest -> "must be the newest version, " + wanted.name() + "@" + newest.version()
                        + ", or one that is kept")
                .orElse("must name a template of the project");
        return Optional.of(new FieldError("spec.template", rule, wanted.text()));
    }

    private static void requireSupported(Plan plan) {
        List<FieldError> errors = fields(NotYetSupported.fieldsOf(plan));
        if (!errors.isEmpty()) {
            throw ProblemException.unprocessable(
                    "not-yet-supported",
                    "a running rollout could not honour parts of the plan yet: " + sentences(errors),
                    errors);
        }
    }

    static List<FieldError> fields(List<ManifestError> errors) {
        return errors.stream()
                .map(error -> new FieldError(error.path(), error.rule(), error.value()))
                .toList();
    }

    static String sentences(List<FieldError> errors) {
        return errors.stream()
                .map(error -> error.field() + " " + error.rule() + ", was " + error.value())
                .collect(Collectors.joining("; "));
    }

    /**
     * Reads what was taken out to its present end: a new epoch would lift a kill it does not know of.
     *
     * @throws ProblemException 503 while it cannot be read
     */
    void readRollbacks() {
        try {
            views.readRollbacks(KafkaSettings.configured(), config.patience());
        } catch (TimeoutException e) {
            throw new ProblemException(
                    503, "rollbacks-unread", "what was taken out cannot be read now; try again", List.of());
        }
    }
}
