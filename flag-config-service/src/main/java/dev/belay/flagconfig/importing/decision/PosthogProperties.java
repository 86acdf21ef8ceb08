// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.importing.decision;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.flags.Condition;
import org.jspecify.annotations.Nullable;

/** Conditions of PostHog's flags and cohorts, as conditions here. Names of operators are the same. Pure. */
final class PosthogProperties {
    /** How segments made of cohorts are called. */
    static final String COHORT = "cohort-";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Map<String, String> OPPOSITES = Map.ofEntries(
            Map.entry("exact", "is_not"),
            Map.entry("is_set", "is_not_set"),
            Map.entry("icontains", "not_icontains"),
            Map.entry("starts_with", "not_starts_with"),
            Map.entry("ends_with", "not_ends_with"),
            Map.entry("icontains_multi", "not_icontains_multi"),
            Map.entry("regex", "not_regex"),
            Map.entry("between", "not_between"));

    /** What there is to say while reading. */
    interface Remarks {
        void refuse(String field, String rule, @Nullable Object value);
    }

    private final Remarks remarks;
    private final Set<String> cohorts = new HashSet<>();

    PosthogProperties(Remarks remarks) {
        this.remarks = remarks;
    }

    /** Returns the ids of the cohorts that were named. */
    Set<String> cohorts() {
        return cohorts;
    }

    /** Reads a list of properties that must all hold. */
    ArrayNode conditions(JsonNode properties, String path) {
        ArrayNode conditions = NODES.arrayNode();
        for (int i = 0; i < properties.size(); i++) {
            ObjectNode condition = condition(properties.get(i), path + "[" + i + "]");
            if (!condition.isEmpty()) {
                conditions.add(condition);
            }
        }
        return conditions;
    }

    private ObjectNode condition(JsonNode property, String path) {
        String type = property.path("type").asText("person");
        return switch (type) {
            case "cohort" -> ofCohort(property);
            case "flag" -> ofFlag(property, path);
            case "person", "person_metadata", "group" -> ofProperty(property, path);
            default -> {
                remarks.refuse(path + ".type", "must be person, group, cohort or flag", type);
                yield NODES.objectNode();
            }
        };
    }

    private ObjectNode ofCohort(JsonNode property) {
        String id = property.path("value").asText();
        cohorts.add(id);
        boolean isNot = property.path("operator").asText().equals("not_in")
                != property.path("negation").asBoolean();
        ObjectNode condition = NODES.objectNode().put("segment", COHORT + id);
        return isNot ? condition.put("negate", true) : condition;
    }

    /** A flag is on with whatever variant but off, which is how {@link PosthogFlags} names what it serves to nobody else. */
    private ObjectNode ofFlag(JsonNode property, String path) {
        JsonNode value = property.path("value");
        String key = property.path("key").asText();
        if (key.isEmpty() || key.chars().allMatch(Character::isDigit)) {
            remarks.refuse(path + ".key", "must be the key of a flag: ids have no meaning here", key);
        }
        ObjectNode condition = NODES.objectNode().put("property", Condition.FLAG + key);
        boolean isNegated = property.path("negation").asBoolean();
        if (value.isBoolean()) {
            boolean isOff = !value.booleanValue() != isNegated;
            return condition.put("operator", isOff ? "exact" : "is_not").put("value", PosthogFlags.OFF);
        }
        condition.put("operator", isNegated ? "is_not" : "exact");
        return condition.set("value", TextNode.valueOf(value.asText()));
    }

    private ObjectNode ofProperty(JsonNode property, String path) {
        String operator = property.path("operator").asText("exact");
        if (property.path("negation").asBoolean()) {
            String opposite = OPPOSITES.get(operator);
            if (opposite == null) {
                remarks.refuse(path + ".negation", "must be false for " + operator, true);
            } else {
                operator = opposite;
            }
        }
        ObjectNode condition = NODES.objectNode()
                .put("property", property.path("key").asText())
                .put("operator", operator);
        boolean isAboutPresence = List.of("is_set", "is_not_set").contains(operator);
        if (!isAboutPresence && property.hasNonNull("value")) {
            condition.set("value", property.get("value"));
        }
        return condition;
    }
}
