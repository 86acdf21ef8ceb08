// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.ForcedVariant;
import dev.belay.contracts.flags.Holdout;
import dev.belay.contracts.flags.OptIn;
import dev.belay.contracts.flags.Prerequisite;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.TargetingRule;
import dev.belay.contracts.flags.Variant;
import org.jspecify.annotations.Nullable;

/**
 * A flag as written; the components mean what they mean in {@link FlagDefinition}.
 *
 * @param forced null when the document does not say: what is forced stays so
 */
public record FlagDocument(
        String project,
        String environment,
        String name,
        @Nullable String title,
        @Nullable String owner,
        List<String> tags,
        FlagType type,
        boolean enabled,
        boolean archived,
        List<Variant> variants,
        String offVariant,
        Serve defaultRule,
        List<TargetingRule> rules,
        List<Prerequisite> prerequisites,
        @Nullable OptIn optIn,
        @Nullable Holdout holdout,
        String bucketBy,
        FlagDefinition.ExposeOn exposeOn,
        @Nullable JsonNode schema,
        @Nullable List<ForcedVariant> forced)
        implements Document {
    public FlagDocument {
        tags = List.copyOf(tags);
        variants = List.copyOf(variants);
        rules = List.copyOf(rules);
        prerequisites = List.copyOf(prerequisites);
        forced = forced == null ? null : List.copyOf(forced);
    }

    @Override
    public Kind kind() {
        return Kind.FLAG;
    }

    /** Returns the definition of a flag that was not there before. */
    public FlagDefinition toDefinition(long version, Instant at) {
        return toDefinition(version, null, List.of(), at);
    }

    /**
     * Returns the definition, with what this document does not say taken from before: the fold, and what is forced. Where those
     * name a variant that is gone, off stands in the fold, and nothing is forced.
     *
     * @param fold the fold that stands; null for none
     * @param forcedBefore what is forced
     */
    public FlagDefinition toDefinition(
            long version, @Nullable Fold fold, List<ForcedVariant> forcedBefore, Instant at) {
        return new FlagDefinition(
                project,
                environment,
                name,
                version,
                title,
                owner,
                tags,
                type,
                enabled,
                archived,
                variants,
                offVariant,
                defaultRule,
                rules,
                prerequisites,
                optIn,
                holdout,
                bucketBy,
                exposeOn,
                schema,
                kept(fold),
                forced == null ? kept(forcedBefore) : forced,
                at);
    }

    private @Nullable Fold kept(@Nullable Fold fold) {
        if (fold == null) {
            return null;
        }
        return keys().containsAll(fold.before().variants()) ? fold : new Fold(fold.epoch(), Serve.one(offVariant));
    }

    private List<ForcedVariant> kept(List<ForcedVariant> all) {
        Set<String> keys = keys();
        return all.stream().filter(each -> keys.contains(each.variant())).toList();
    }

    private Set<String> keys() {
        return variants.stream().map(Variant::key).collect(Collectors.toSet());
    }
}
