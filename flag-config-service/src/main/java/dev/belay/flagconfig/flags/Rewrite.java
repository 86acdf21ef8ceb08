// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.flags;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.ManifestForm;
import dev.belay.manifest.Manifests;
import org.jspecify.annotations.Nullable;

/** Makes the document of a flag out of another. Pure. What comes out is checked as if a person had written it. */
public final class Rewrite {
    private static final String SPEC = "spec";
    private static final String FORCED = "forced";

    /** What can be copied by itself. */
    private static final List<String> FIELDS = List.of(
            "title",
            "owner",
            "tags",
            "type",
            "enabled",
            "archived",
            "variants",
            "payloads",
            "off",
            "default",
            "rules",
            "prerequisites",
            "optIn",
            "holdout",
            "bucketBy",
            "exposeOn",
            "schema");

    /** What belongs to a place, and not to what a flag does there. */
    private static final Set<String> OF_PLACE = Set.of("project", "environment", FORCED);

    private Rewrite() {}

    /** Returns the flag as it stands, as a document. */
    public static FlagDocument same(FlagDefinition flag) {
        return parsed(ManifestForm.of(flag));
    }

    /** Returns the flag, put away. */
    public static FlagDocument archived(FlagDefinition flag) {
        ObjectNode tree = ManifestForm.of(flag);
        spec(tree).put("archived", true);
        return parsed(tree);
    }

    /** Returns an earlier version of a flag; what is forced on units stays as it is now. */
    public static FlagDocument reverted(FlagDefinition past) {
        ObjectNode tree = ManifestForm.of(past);
        spec(tree).remove(FORCED);
        return parsed(tree);
    }

    /**
     * Returns a flag, at another place; what is forced on units there stays.
     *
     * @param target where it will be
     * @param stands what is there now; null for nothing
     * @param only fields of the document's spec that are copied, for instance {@code rules}; empty for all
     * @throws IllegalArgumentException if a field is none, or a part is to be copied to where nothing stands
     */
    public static FlagDocument copied(
            FlagDefinition source, FlagRef target, @Nullable FlagDefinition stands, Collection<String> only) {
        ObjectNode from = ManifestForm.of(source);
        if (only.isEmpty()) {
            spec(from).put("project", target.project()).put("environment", target.environment());
            spec(from).remove(FORCED);
            from.withObject("/metadata").put("name", target.flag());
            return parsed(from);
        }
        ObjectNode to = ManifestForm.of(Require.nonNull(stands, "flag " + target + ", a part of which is copied,"));
        for (String field : only) {
            Require.that(FIELDS.contains(field), "only", "must name fields of a flag, " + FIELDS, field);
            JsonNode value = spec(from).get(field);
            if (value == null) {
                spec(to).remove(field);
            } else {
                spec(to).set(field, value);
            }
        }
        return parsed(to);
    }

    /** Returns the flag, with {@code variant} forced on a unit in place of what was. */
    public static FlagDocument forcing(FlagDefinition flag, String unit, String variant, @Nullable Instant until) {
        ObjectNode tree = ManifestForm.of(flag);
        ArrayNode forced = others(tree, unit);
        ObjectNode node = forced.addObject().put("unit", unit).put("variant", variant);
        if (until != null) {
            node.put("until", until.toString());
        }
        spec(tree).set(FORCED, forced);
        return parsed(tree);
    }

    /** Returns the flag, with nothing forced on a unit. */
    public static FlagDocument freeing(FlagDefinition flag, String unit) {
        ObjectNode tree = ManifestForm.of(flag);
        spec(tree).set(FORCED, others(tree, unit));
        return parsed(tree);
    }

    /** Returns what a flag does, without the place where it does it: what flags of different places are compared by. */
    public static JsonNode withoutPlace(FlagDefinition flag) {
        ObjectNode tree = ManifestForm.of(flag);
        tree.remove("metadata");
        spec(tree).remove(OF_PLACE);
        return tree;
    }

    private static ArrayNode others(ObjectNode tree, String unit) {
        ArrayNode others = JsonNodeFactory.instance.arrayNode();
        spec(tree).path(FORCED).forEach(each -> {
            if (!each.path("unit").asText().equals(unit)) {
                others.add(each);
            }
        });
        return others;
    }

    private static ObjectNode spec(ObjectNode tree) {
        return (ObjectNode) tree.get(SPEC);
    }

    private static FlagDocument parsed(ObjectNode tree) {
        return Manifests.parseOne(tree.toString(), FlagDocument.class);
    }
}
