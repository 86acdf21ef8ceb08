// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.Operator;
import org.jspecify.annotations.Nullable;

/**
 * Matches conditions and segments against one context. A segment that contains itself adds nobody by that. The property
 * {@code $flag/<key>} is the variant that another flag of the environment serves the context.
 */
final class Conditions {
    private final String project;
    private final SegmentSource segments;
    private final EvaluationContext context;
    private final UnaryOperator<@Nullable String> servedBy;
    private final Set<String> entered = new HashSet<>();

    /** @param servedBy the variant that a flag serves the context; null for none */
    Conditions(
            String project,
            SegmentSource segments,
            EvaluationContext context,
            UnaryOperator<@Nullable String> servedBy) {
        this.project = project;
        this.segments = segments;
        this.context = context;
        this.servedBy = servedBy;
    }

    boolean allHold(List<Condition> conditions) {
        for (Condition condition : conditions) {
            if (!holds(condition)) {
                return false;
            }
        }
        return true;
    }

    boolean inSegment(String name) {
        KnownSegment segment = segments.segment(project, name);
        if (segment == null || !entered.add(name)) {
            return false;
        }
        try {
            return segment.lists(context.unit(segment.unitKind())) || anyHolds(segment.anyOf());
        } finally {
            entered.remove(name);
        }
    }

    private boolean anyHolds(List<List<Condition>> rules) {
        for (List<Condition> rule : rules) {
            if (allHold(rule)) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(Condition condition) {
        String segment = condition.segment();
        if (segment != null) {
            return inSegment(segment) != condition.negated();
        }
        @Nullable String property = condition.property();
        @Nullable Operator operator = condition.operator();
        if (property == null || operator == null) {
            return false;
        }
        var expected = condition.value() == null ? NullNode.getInstance() : condition.value();
        return Comparison.holds(operator, expected, actual(property), context.now());
    }

    private @Nullable JsonNode actual(String property) {
        if (!property.startsWith(Condition.FLAG)) {
            return context.attribute(property);
        }
        String variant = servedBy.apply(property.substring(Condition.FLAG.length()));
        return variant == null ? null : TextNode.valueOf(variant);
    }
}
