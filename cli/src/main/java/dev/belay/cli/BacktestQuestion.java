// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.TemplateGuardrail;
import dev.belay.judging.backtest.BacktestPlan;
import dev.belay.manifest.Document;
import dev.belay.manifest.ManifestError;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.MetricDocument;
import dev.belay.manifest.TemplateDocument;
import org.jspecify.annotations.Nullable;

/** What a recording is to be judged by: a limit, or the guardrails of a template. */
final class BacktestQuestion {
    private static final String CONVERSION = "conversion";
    private static final String PROJECT = "backtest";
    /** Before the name of a metric that the recording has nothing about; no outcome is named so. */
    private static final String ELSEWHERE = "not-recorded:";

    private BacktestQuestion() {}

    /** Returns one guardrail, which rolls back. */
    static BacktestPlan of(Guardrail.Limit limit, double threshold, List<String> dimensions) {
        Guardrail guardrail = new Guardrail(
                CONVERSION, CONVERSION, limit, threshold, null, null, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO);
        return new BacktestPlan(
                List.of(guardrail),
                List.of(metric(CONVERSION, null, limit, BacktestPlan.EVENT)),
                dimensions,
                Sensitivity.BALANCED);
    }

    /**
     * Returns the relative guardrails of a template, all of which have their part of alpha; counters have none. Those of one
     * metric are about the recording: the one that is named, else that of the first that may not fall, else of the first.
     *
     * @param source name of the file, for messages
     * @param text a template, perhaps with its metrics
     * @param named metric, input or guardrail that the recording is about; null for the first
     * @throws IOException if there is no template, or nothing in it that the recording could be about
     */
    static BacktestPlan of(String source, String text, @Nullable String named, List<String> dimensions)
            throws IOException {
        Map<String, MetricDefinition> metrics = new HashMap<>();
        RolloutTemplate template = null;
        for (Document document : documents(source, text)) {
            if (document instanceof MetricDocument metric) {
                metrics.put(metric.name(), metric.toDefinition(1, Instant.EPOCH));
            } else if (document instanceof TemplateDocument found && template == null) {
                template = found.toDefinition(1, Instant.EPOCH);
            } else if (document instanceof TemplateDocument) {
                throw new IOException(source + ": --template must hold one RolloutTemplate, was several");
            }
        }
        if (template == null) {
            throw new IOException(source + ": --template must hold a RolloutTemplate, was without");
        }
        return of(source, template, metrics, named, dimensions);
    }

    private static List<Document> documents(String source, String text) throws IOException {
        try {
            return Manifests.parse(text);
        } catch (ManifestException e) {
            List<String> sentences =
                    e.errors().stream().map(ManifestError::sentence).toList();
            throw new IOException(source + ": " + String.join("; ", sentences), e);
        }
    }

    private static BacktestPlan of(
            String source,
            RolloutTemplate template,
            Map<String, MetricDefinition> metrics,
            @Nullable String named,
            List<String> dimensions)
            throws IOException {
        List<TemplateGuardrail> relative = template.guardrails().stream()
                .filter(each -> each.guardrail().isRelative())
                .toList();
        String about = about(source, relative, metrics, named);
        Map<String, MetricDefinition> used = new LinkedHashMap<>();
        List<Guardrail> guardrails = new ArrayList<>();
        for (TemplateGuardrail each : relative) {
            Guardrail guardrail = each.guardrail();
            String name = guardrail.metric();
            guardrails.add(guardrail);
            String event = name.equals(about) ? BacktestPlan.EVENT : ELSEWHERE + name;
            used.putIfAbsent(name, metric(name, metrics.get(name), guardrail.limit(), event));
        }
        Set<String> watched = new LinkedHashSet<>(template.watchBy());
        watched.addAll(dimensions);
        return new BacktestPlan(guardrails, List.copyOf(used.values()), List.copyOf(watched), template.sensitivity());
    }

    private static String about(
            String source,
            List<TemplateGuardrail> guardrails,
            Map<String, MetricDefinition> metrics,
            @Nullable String named)
            throws IOException {
        List<TemplateGuardrail> possible = guardrails.stream()
                .filter(each -> mayBe(metrics.get(each.guardrail().metric())))
                .filter(each -> named == null || isNamed(each, named))
                .toList();
        return possible.stream()
                .filter(each -> each.guardrail().limit() == Guardrail.Limit.FALLS)
                .findFirst()
                .or(() -> possible.stream().findFirst())
                .map(each -> each.guardrail().metric())
                .orElseThrow(() -> new IOException(source
                        + (named == null
                                ? ": guardrails must compare a conversion or rate with falls or rises, were "
                                : ": --metric must be one of the guardrails, was " + named + " of ")
                        + guardrails.stream()
                                .map(each -> each.guardrail().name())
                                .toList()));
    }

    private static boolean isNamed(TemplateGuardrail each, String named) {
        return named.equals(each.input())
                || named.equals(each.guardrail().metric())
                || named.equals(each.guardrail().name());
    }

    private static boolean mayBe(@Nullable MetricDefinition metric) {
        return metric == null || metric.kind() == MetricKind.CONVERSION || metric.kind() == MetricKind.RATE;
    }

    /** The metric as it is known, else one that counts units; its outcomes are those of the recording, or none at all. */
    private static MetricDefinition metric(
            String name, @Nullable MetricDefinition known, Guardrail.Limit limit, String event) {
        boolean isCounted = mayBe(known);
        return new MetricDefinition(
                known == null ? PROJECT : known.project(),
                name,
                1,
                known == null ? null : known.title(),
                null,
                known == null || !isCounted ? MetricKind.CONVERSION : known.kind(),
                event,
                known == null || !isCounted ? null : known.within(),
                limit == Guardrail.Limit.FALLS ? MetricDefinition.GoodWhen.UP : MetricDefinition.GoodWhen.DOWN,
                null,
                null,
                null,
                "user",
                Instant.EPOCH);
    }
}
