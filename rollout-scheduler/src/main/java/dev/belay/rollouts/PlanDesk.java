// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutTemplate;
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
     * Returns the plan, waiting a moment for a flag, template or metric that was written just before.
     *
     * @throws ProblemException 422 with every refused field; 503 while rollbacks cannot be read
     */
    Plan plan(FlagRef ref, RolloutDocument document) {
        Draft draft = facts.await(
                        () -> Optional.of(draft(ref, document)).filter(each -> !each.mayStillCome()), config.patience())
                .orElseGet(() -> draft(ref, document));
        Plan plan = draft.orRefuse();
        requireSupported(plan);
        readRollbacks();
        return plan;
    }

    /** What can be said now. */
    private record Draft(@Nullable Plan plan, List<FieldError> errors, boolean mayStillCome) {
        Plan orRefuse() {
            if (plan == null || !errors.isEmpty()) {
                throw ProblemException.unprocessable(
                        "invalid-rollout", "the rollout cannot be started: " + sentences(errors), errors);
            }
            return plan;
        }
    }

    private Draft draft(FlagRef ref, RolloutDocument document) {
        List<FieldError> flagErrors = flagErrors(ref, document);
        Optional<RolloutTemplate> template =
                facts.template(ref.project(), document.template().name());
        Optional<FieldError> templateError = templateError(document.template(), template);
        if (templateError.isPresent() || template.isEmpty()) {
            List<FieldError> errors =
                    Stream.concat(flagErrors.stream(), templateError.stream()).toList();
            return new Draft(null, errors, !flagErrors.isEmpty() || isAhead(document.template(), template));
        }
        try {
            Plan plan = PlanFactory.plan(document, template.get(), facts.metrics(ref.project()));
            List<FieldError> errors = new ArrayList<>(flagErrors);
            facts.flag(ref).ifPresent(flag -> requireSameUnits(flag, plan, errors));
            return new Draft(plan, errors, !flagErrors.isEmpty());
        } catch (ManifestException e) {
            Stream<FieldError> errors = Stream.concat(flagErrors.stream(), fields(e.errors()).stream());
            boolean isMetricMissing =
                    e.errors().stream().anyMatch(error -> error.rule().startsWith(METRIC_MISSING));
            return new Draft(null, errors.toList(), !flagErrors.isEmpty() || isMetricMissing);
        }
    }

    private List<FieldError> flagErrors(FlagRef ref, RolloutDocument document) {
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
        requireVariant(flag, "spec.control", document.control(), errors);
        document.treatments().forEach(each -> requireVariant(flag, "spec.treatments", each, errors));
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

    /** Of a template the newest version is kept: an older one cannot be copied any more. */
    private static Optional<FieldError> templateError(TemplateReference wanted, Optional<RolloutTemplate> found) {
        if (found.isEmpty()) {
            return Optional.of(new FieldError("spec.template", "must name a template of the project", wanted.text()));
        }
        long newest = found.get().version();
        boolean isNewest = wanted.version() == null || wanted.version() == newest;
        String rule = "must be the newest version, " + wanted.name() + "@" + newest;
        return isNewest ? Optional.empty() : Optional.of(new FieldError("spec.template", rule, wanted.text()));
    }

    private static boolean isAhead(TemplateReference wanted, Optional<RolloutTemplate> found) {
        return found.isEmpty()
                || (wanted.version() != null && wanted.version() > found.get().version());
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
