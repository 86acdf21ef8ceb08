// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.TemplateGuardrail;

/** In what a plan is not what a template says now. What a rollout was asked for by its inputs is no difference. */
public final class TemplateDifference {
    private TemplateDifference() {}

    /** Returns the names of the parts that differ, as templates call them; guardrails and stages one by one. */
    public static List<String> between(Plan plan, RolloutTemplate template) {
        List<String> parts = new ArrayList<>();
        stages(plan, template, parts);
        add(parts, "only", plan.only().equals(template.advance().only()));
        guardrails(plan, template, parts);
        add(parts, "goals", plan.goals().equals(template.goals()));
        add(parts, "watchBy", plan.watchBy().equals(template.watchBy()));
        add(parts, "sensitivity", plan.sensitivity() == template.sensitivity());
        add(parts, "tell", plan.tell().equals(template.tell()));
        return List.copyOf(parts);
    }

    private static void stages(Plan plan, RolloutTemplate template, List<String> parts) {
        plan.stages().stream()
                .filter(stage -> !template.stages().contains(stage))
                .forEach(stage -> parts.add("stages." + stage.name()));
        template.stages().stream()
                .filter(stage ->
                        plan.stages().stream().noneMatch(each -> each.name().equals(stage.name())))
                .forEach(stage -> parts.add("stages." + stage.name()));
    }

    private static void guardrails(Plan plan, RolloutTemplate template, List<String> parts) {
        for (Guardrail guardrail : plan.guardrails()) {
            boolean isSame = template.guardrails().stream().anyMatch(each -> says(each, guardrail));
            add(parts, "guardrails." + guardrail.name(), isSame);
        }
        template.guardrails().stream()
                .map(each -> each.guardrail().name())
                .filter(name ->
                        plan.guardrails().stream().noneMatch(each -> each.name().equals(name)))
                .forEach(name -> parts.add("guardrails." + name));
    }

    /** A metric that was asked for may be any. */
    private static boolean says(TemplateGuardrail template, Guardrail guardrail) {
        Guardrail wanted = template.guardrail();
        String metric = template.input() == null ? wanted.metric() : guardrail.metric();
        return guardrail.equals(new Guardrail(
                wanted.name(),
                metric,
                wanted.limit(),
                wanted.threshold(),
                wanted.within(),
                wanted.of(),
                wanted.then(),
                wanted.scope()));
    }

    private static void add(List<String> parts, String name, boolean isSame) {
        if (!isSame) {
            parts.add(name);
        }
    }
}
