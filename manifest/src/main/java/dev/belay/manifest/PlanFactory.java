// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Require;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.RolloutTemplate.InputType;
import dev.belay.contracts.rollouts.TemplateGuardrail;
import org.jspecify.annotations.Nullable;

/**
 * Copies a template and the metrics it uses into the plan of one rollout. Paths in refusals are those of the rollout's
 * document; what stands in its template is found below {@code spec.template}.
 */
public final class PlanFactory {
    private static final String TEMPLATE = "spec.template";
    private static final String INPUTS = "spec.inputs";

    private final RolloutDocument rollout;
    private final RolloutTemplate template;
    private final Map<String, MetricDefinition> metrics;
    private final Refusals refusals = new Refusals(0);
    private final Map<String, MetricDefinition> used = new LinkedHashMap<>();

    private PlanFactory(RolloutDocument rollout, RolloutTemplate template, Map<String, MetricDefinition> metrics) {
        this.rollout = rollout;
        this.template = filled(template, rollout);
        this.metrics = metrics;
    }

    /** Values that are given stand in the place of their inputs; whatever they make of the template is checked as if written so. */
    private static RolloutTemplate filled(RolloutTemplate template, RolloutDocument rollout) {
        JsonNode source = template.source();
        if (source == null) {
            return template;
        }
        Refusals refusals = new Refusals(0);
        Map<String, String> given = new TreeMap<>();
        template.inputs().forEach((name, input) -> {
            String value = rollout.inputs().get(name);
            InputType type = input.type();
            if (type == null) {
                return;
            }
            String path = INPUTS + "." + name;
            if (value == null && input.value() == null) {
                refusals.add(path, "is required: template " + template.name() + " has no default", null);
            } else if (value != null) {
                InputFiller.refusal(type, value).ifPresent(rule -> refusals.add(path + ".value", rule, value));
                given.put(name, value);
            }
        });
        refuseIfAny(refusals);
        TemplateDocument document = TemplateReader.read(template.name(), new Place(TEMPLATE, source, refusals), given);
        refuseIfAny(refusals);
        return Require.nonNull(document, TEMPLATE).toDefinition(template.version(), template.updatedAt());
    }

    /**
     * Returns the plan.
     *
     * @param rollout what was asked for
     * @param template the template it names
     * @param metrics the project's metrics by name
     * @throws ManifestException if a metric is missing, an input is missing or unknown, or a stage takes somebody out
     */
    public static Plan plan(RolloutDocument rollout, RolloutTemplate template, Map<String, MetricDefinition> metrics) {
        return new PlanFactory(rollout, template, metrics).plan();
    }

    private Plan plan() {
        refuseUnknownInputs();
        List<Guardrail> guardrails = guardrails();
        for (int i = 0; i < template.goals().size(); i++) {
            use(template.goals().get(i), TEMPLATE + ".goals[" + i + "]");
        }
        CumulativeStages.firstThatTakesOut(template.stages())
                .ifPresent(refusal -> refusals.add(
                        TEMPLATE + ".stages[" + refusal.stage() + "].to", refusal.rule(), refusal.value()));
        refuseIfAny(refusals);
        try {
            return build(guardrails);
        } catch (IllegalArgumentException e) {
            refusals.add(TEMPLATE, e, template.name());
            throw new ManifestException(refusals.errors());
        }
    }

    private static void refuseIfAny(Refusals refusals) {
        if (refusals.count() > 0) {
            throw new ManifestException(refusals.errors());
        }
    }

    private Plan build(List<Guardrail> guardrails) {
        return new Plan(
                template.name() + "@" + template.version(),
                template.title(),
                template.owner(),
                rollout.control(),
                rollout.treatments(),
                template.stages(),
                template.advance().only(),
                guardrails,
                template.goals(),
                template.watchBy(),
                template.sensitivity(),
                template.tell(),
                List.copyOf(used.values()),
                Plan.ALPHA,
                Plan.BETA);
    }

    private void refuseUnknownInputs() {
        rollout.inputs().keySet().stream().sorted().forEach(name -> {
            if (!template.inputs().containsKey(name)) {
                String hint = Nearest.hint(name, template.inputs().keySet());
                refusals.add(INPUTS + "." + name, "must be an input of template " + template.name() + hint, name);
            }
        });
    }

    private List<Guardrail> guardrails() {
        List<Guardrail> guardrails = new ArrayList<>();
        for (int i = 0; i < template.guardrails().size(); i++) {
            Guardrail guardrail = guardrail(template.guardrails().get(i), TEMPLATE + ".guardrails[" + i + "].metric");
            if (guardrail != null) {
                guardrails.add(guardrail);
            }
        }
        return guardrails;
    }

    private @Nullable Guardrail guardrail(TemplateGuardrail each, String path) {
        Guardrail guardrail = each.guardrail();
        String input = each.input();
        if (input == null) {
            return use(guardrail.metric(), path) ? guardrail : null;
        }
        String given = rollout.inputs().get(input);
        String metric = given == null ? defaultOf(input) : given;
        if (metric == null) {
            refusals.add(INPUTS + "." + input, "is required: template " + template.name() + " has no default", null);
            return null;
        }
        boolean isKnown = use(metric, given == null ? path : INPUTS + "." + input + ".metric");
        return isKnown ? withMetric(guardrail, metric) : null;
    }

    private @Nullable String defaultOf(String input) {
        RolloutTemplate.Input declared = template.inputs().get(input);
        return declared == null ? null : declared.metric();
    }

    /** Notes that the plan needs a metric; returns whether the project has it. */
    private boolean use(String name, String path) {
        MetricDefinition metric = metrics.get(name);
        if (metric == null) {
            refusals.add(path, "must name a metric of the project" + Nearest.hint(name, metrics.keySet()), name);
            return false;
        }
        used.put(name, metric);
        return true;
    }

    private static Guardrail withMetric(Guardrail guardrail, String metric) {
        return new Guardrail(
                guardrail.name(),
                metric,
                guardrail.limit(),
                guardrail.threshold(),
                guardrail.within(),
                guardrail.of(),
                guardrail.then(),
                guardrail.scope());
    }
}
