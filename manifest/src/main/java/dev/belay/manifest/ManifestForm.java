// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.TargetingRule;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.AdvancePolicy;
import dev.belay.contracts.rollouts.Approval;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.TemplateGuardrail;
import dev.belay.contracts.rollouts.Window;
import org.jspecify.annotations.Nullable;

/** Writes definitions the way people write them: what {@link Manifests} reads back as the same definition. */
public final class ManifestForm {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .stringQuotingChecker(new QuotingChecker())
                    .build())
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();

    private ManifestForm() {}

    /** Returns a document as YAML. */
    public static String yaml(JsonNode document) {
        try {
            return YAML.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always writable", e);
        }
    }

    public static ObjectNode of(FlagDefinition flag) {
        ObjectNode spec = NODES.objectNode();
        spec.put("project", flag.project()).put("environment", flag.environment());
        put(spec, "title", flag.title());
        put(spec, "owner", flag.owner());
        put(spec, "tags", flag.tags());
        spec.put("type", Choices.word(flag.type()));
        spec.put("enabled", flag.enabled()).put("archived", flag.archived());
        ObjectNode variants = spec.putObject("variants");
        flag.variants().forEach(variant -> variants.set(variant.key(), variant.value()));
        flag.variants().stream()
                .filter(variant -> variant.payload() != null)
                .forEach(variant -> withObject(spec, "payloads").set(variant.key(), variant.payload()));
        spec.put("off", flag.offVariant());
        spec.set("default", serve(flag.defaultRule()));
        flag.rules().forEach(rule -> spec.withArray("rules").add(rule(rule)));
        flag.prerequisites().forEach(prerequisite -> {
            ObjectNode node = spec.withArray("prerequisites").addObject().put("flag", prerequisite.flag());
            put(node, "variants", prerequisite.variants());
        });
        if (flag.optIn() != null) {
            spec.putObject("optIn")
                    .put("in", flag.optIn().in())
                    .put("out", flag.optIn().out());
        }
        if (flag.holdout() != null) {
            spec.putObject("holdout")
                    .put("id", flag.holdout().id())
                    .put("percent", Percentages.write(flag.holdout().percent()))
                    .put("serve", flag.holdout().serve());
        }
        spec.put("bucketBy", flag.bucketBy()).put("exposeOn", Choices.word(flag.exposeOn()));
        if (flag.schema() != null) {
            spec.set("schema", flag.schema());
        }
        flag.forced().forEach(forced -> {
            ObjectNode node = spec.withArray("forced").addObject();
            node.put("unit", forced.unit()).put("variant", forced.variant());
            if (forced.until() != null) {
                node.put("until", forced.until().toString());
            }
        });
        return document(Kind.FLAG, flag.flag(), spec);
    }

    /** Writes a segment with the members that are in the given record; a head's chunks are the caller's to add. */
    public static ObjectNode of(Segment segment) {
        ObjectNode spec = NODES.objectNode();
        spec.put("project", segment.project());
        put(spec, "title", segment.title());
        spec.put("unitKind", segment.unitKind());
        segment.anyOf()
                .forEach(conditions -> spec.withArray("anyOf").addObject().set("match", conditions(conditions)));
        if (!segment.members().isEmpty() || segment.anyOf().isEmpty()) {
            segment.members().forEach(spec.putArray("members")::add);
        }
        return document(Kind.SEGMENT, segment.segment(), spec);
    }

    public static ObjectNode of(MetricDefinition metric) {
        ObjectNode spec = NODES.objectNode();
        spec.put("project", metric.project());
        put(spec, "title", metric.title());
        put(spec, "owner", metric.owner());
        spec.put("kind", Choices.word(metric.kind())).put("event", metric.event());
        put(spec, "within", metric.within());
        spec.put("goodWhen", Choices.word(metric.goodWhen()));
        put(spec, "value", metric.value());
        if (metric.cap() != null) {
            spec.put("cap", metric.cap());
        }
        if (metric.quantile() != null) {
            spec.put("quantile", metric.quantile());
        }
        spec.put("unit", metric.unit());
        if (metric.mode() != null) {
            spec.put("mode", Choices.word(metric.mode()));
        }
        return document(Kind.METRIC, metric.name(), spec);
    }

    public static ObjectNode of(RolloutTemplate template) {
        if (template.source() instanceof ObjectNode written) {
            return document(Kind.TEMPLATE, template.name(), written.deepCopy());
        }
        ObjectNode spec = NODES.objectNode();
        spec.put("project", template.project());
        put(spec, "title", template.title());
        put(spec, "owner", template.owner());
        template.inputs()
                .forEach((name, input) -> put(withObject(spec, "inputs").putObject(name), "metric", input.metric()));
        template.stages().forEach(stage -> spec.withArray("stages").add(stage(stage)));
        spec.set("advance", advance(template.advance()));
        template.guardrails().forEach(guardrail -> spec.withArray("guardrails").add(guardrail(guardrail)));
        put(spec, "goals", template.goals());
        put(spec, "watchBy", template.watchBy());
        spec.put("sensitivity", Choices.word(template.sensitivity()));
        put(spec, "tell", template.tell());
        put(spec, "locked", template.locked());
        RolloutTemplate.DefaultFor defaultFor = template.defaultFor();
        if (defaultFor != null) {
            ObjectNode node = spec.putObject("defaultFor").put("project", defaultFor.project());
            put(node, "tags", defaultFor.tags());
        }
        return document(Kind.TEMPLATE, template.name(), spec);
    }

    private static ObjectNode document(Kind kind, String name, ObjectNode spec) {
        ObjectNode document = NODES.objectNode();
        document.put("apiVersion", Manifests.API_VERSION).put("kind", kind.text());
        document.putObject("metadata").put("name", name);
        document.set("spec", spec);
        return document;
    }

    private static JsonNode serve(Serve serve) {
        if (serve.split() == null) {
            return NODES.textNode(serve.variant());
        }
        ObjectNode node = NODES.objectNode();
        ObjectNode split = node.putObject("split");
        serve.split().forEach(part -> split.put(part.variant(), Percentages.write(part.percent())));
        return node;
    }

    private static ObjectNode rule(TargetingRule rule) {
        ObjectNode node = NODES.objectNode();
        put(node, "name", rule.name());
        node.set("when", conditions(rule.when()));
        if (rule.percent() != null) {
            node.put("percent", Percentages.write(rule.percent()));
        }
        node.set("serve", serve(rule.serve()));
        return node;
    }

    private static ArrayNode conditions(List<Condition> conditions) {
        ArrayNode nodes = NODES.arrayNode();
        conditions.forEach(condition -> nodes.add(condition(condition)));
        return nodes;
    }

    private static ObjectNode condition(Condition condition) {
        ObjectNode node = NODES.objectNode();
        put(node, "property", condition.property());
        if (condition.operator() != null) {
            node.put("operator", condition.operator().wire());
        }
        if (condition.value() != null) {
            node.set("value", condition.value());
        }
        put(node, "segment", condition.segment());
        if (condition.negate() != null) {
            node.put("negate", condition.negate());
        }
        return node;
    }

    private static ObjectNode stage(Stage stage) {
        ObjectNode node = NODES.objectNode().put("name", stage.name());
        if (stage.to().percent() == null) {
            node.putObject("to").put("segment", stage.to().segment());
        } else {
            node.put("to", Percentages.write(stage.to().percent()));
        }
        if (stage.control() != null) {
            node.put("control", Percentages.write(stage.control()));
        }
        put(node, "atLeast", stage.atLeast());
        if (stage.minUsers() != null) {
            node.put("minUsers", stage.minUsers());
        }
        node.put("advance", Choices.word(stage.advance()));
        put(node, "askAfter", stage.askAfter());
        if (stage.approval() != null) {
            node.set("approval", approval(stage.approval()));
        }
        return node;
    }

    private static ObjectNode approval(Approval approval) {
        return NODES.objectNode()
                .put("before", Choices.word(approval.before()))
                .put("by", approval.by())
                .put("count", approval.count());
    }

    private static ObjectNode advance(AdvancePolicy advance) {
        ObjectNode node = NODES.objectNode().put("when", Choices.word(advance.when()));
        put(node, "askAfter", advance.askAfter());
        advance.only().forEach(window -> node.withArray("only").add(window(window)));
        return node;
    }

    private static ObjectNode window(Window window) {
        return NODES.objectNode()
                .put("days", Days.write(window.days()))
                .put("from", window.from().toString())
                .put("to", window.to().toString())
                .put("zone", window.zone().getId());
    }

    private static ObjectNode guardrail(TemplateGuardrail each) {
        Guardrail guardrail = each.guardrail();
        ObjectNode node = NODES.objectNode().put("name", guardrail.name());
        if (each.input() == null) {
            node.put("metric", guardrail.metric());
        } else {
            node.putObject("metric").put("input", each.input());
        }
        String limit = Choices.word(guardrail.limit());
        if (guardrail.isRelative()) {
            node.put(limit, Percentages.writeFraction(guardrail.threshold()));
        } else {
            node.put(limit, guardrail.threshold());
        }
        put(node, "within", guardrail.within());
        if (guardrail.of() != null) {
            node.put("of", Choices.word(guardrail.of()));
        }
        return node.put("then", Choices.word(guardrail.then())).put("scope", Choices.word(guardrail.scope()));
    }

    private static ObjectNode withObject(ObjectNode node, String name) {
        return node.get(name) instanceof ObjectNode there ? there : node.putObject(name);
    }

    private static void put(ObjectNode node, String name, @Nullable String text) {
        if (text != null) {
            node.put(name, text);
        }
    }

    private static void put(ObjectNode node, String name, @Nullable Duration duration) {
        if (duration != null) {
            node.put(name, Durations.write(duration));
        }
    }

    private static void put(ObjectNode node, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            texts.forEach(node.putArray(name)::add);
        }
    }

    /** Quotes what older parsers take for a boolean, and what ours would take for a number. */
    private static final class QuotingChecker extends StringQuotingChecker {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteName(String name) {
            return isReservedKeyword(name) || !YamlTrees.isText(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return isReservedKeyword(value) || valueHasQuotableChar(value) || !YamlTrees.isText(value);
        }
    }
}
