// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A flag as people wrote it, in one environment. A rollout refines its default rule and nothing else.
 *
 * <p>Topic {@code belay.flags.v1}, keyed by {@code project/environment/flag}; the highest version wins.
 *
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param version rises with every change, from 1
 * @param title for people; null when there is none
 * @param owner team or person mentioned in alerts; null when there is none
 * @param tags for search and routing
 * @param type type of all values
 * @param enabled false serves the off variant to everyone
 * @param archived whether the flag is put away: it is served as unknown
 * @param variants answers, at least one, unique keys
 * @param offVariant variant of a flag that is disabled, killed, or whose prerequisites fail
 * @param defaultRule for everyone no rule decides for
 * @param rules tried in order
 * @param prerequisites that must all hold
 * @param optIn early access; null when there is none
 * @param holdout null when there is none
 * @param bucketBy kind of unit that is hashed, for instance {@code user}
 * @param exposeOn what counts as an exposure besides a single evaluation
 * @param schema JSON Schema that values of type JSON, and payloads of variants of other types, satisfy; null for any
 * @param fold the last completed rollout; null when there was none
 * @param forced units that get a variant whatever rules and rollout say, each once
 * @param updatedAt when this version was written
 */
public record FlagDefinition(
        String project,
        String environment,
        String flag,
        long version,
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
        ExposeOn exposeOn,
        @Nullable JsonNode schema,
        @Nullable Fold fold,
        List<ForcedVariant> forced,
        Instant updatedAt) {

    /** What counts as an exposure besides a single evaluation. */
    public enum ExposeOn {
        @JsonProperty("evaluation")
        EVALUATION,
        /** A bulk evaluation too. */
        @JsonProperty("bulk")
        BULK
    }

    /** @throws IllegalArgumentException if a part is missing, a value has the wrong type or a variant is unknown */
    public FlagDefinition {
        new FlagRef(project, environment, flag);
        Require.positive(version, "version");
        tags = tags == null ? List.of() : List.copyOf(tags);
        Require.nonNull(type, "type");
        variants = List.copyOf(Require.notEmpty(variants, "variants"));
        rules = rules == null ? List.of() : List.copyOf(rules);
        prerequisites = prerequisites == null ? List.of() : List.copyOf(prerequisites);
        Require.nonNull(defaultRule, "defaultRule");
        Require.name(bucketBy, "bucketBy");
        exposeOn = exposeOn == null ? ExposeOn.EVALUATION : exposeOn;
        forced = forced == null ? List.of() : List.copyOf(forced);
        Require.nonNull(updatedAt, "updatedAt");
        requireTypes(type, variants);
        requireKnown(variants, offVariant, defaultRule, rules, optIn, holdout, fold);
        requireForced(variants, forced);
    }

    /** A flag that forces nothing on anybody. */
    public FlagDefinition(
            String project,
            String environment,
            String flag,
            long version,
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
            ExposeOn exposeOn,
            @Nullable JsonNode schema,
            @Nullable Fold fold,
            Instant updatedAt) {
        this(
                project,
                environment,
                flag,
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
                fold,
                List.of(),
                updatedAt);
    }

    public FlagRef ref() {
        return new FlagRef(project, environment, flag);
    }

    /** Returns the epoch of the last completed rollout, 0 when there was none. */
    @JsonIgnore
    public int foldedEpoch() {
        return fold == null ? 0 : fold.epoch();
    }

    /** Returns the variant with that key, if the flag has it. */
    public Optional<Variant> variant(String key) {
        return variants.stream().filter(variant -> variant.key().equals(key)).findFirst();
    }

    private static void requireTypes(FlagType type, List<Variant> variants) {
        Set<String> seen = new HashSet<>();
        for (Variant variant : variants) {
            Require.that(seen.add(variant.key()), "variants", "must have unique keys", variant.key());
            String field = "variants." + variant.key() + ".value";
            Require.that(type.accepts(variant.value()), field, "must be of the flag's type " + type, variant.value());
        }
    }

    private static void requireKnown(
            List<Variant> variants,
            String off,
            Serve defaultRule,
            List<TargetingRule> rules,
            @Nullable OptIn optIn,
            @Nullable Holdout holdout,
            @Nullable Fold fold) {
        Set<String> known = new HashSet<>();
        variants.forEach(variant -> known.add(variant.key()));
        requireOneOf(known, Stream.of(off), "offVariant");
        requireOneOf(known, defaultRule.variants().stream(), "defaultRule");
        requireOneOf(known, rules.stream().flatMap(rule -> rule.serve().variants().stream()), "rules");
        if (optIn != null) {
            requireOneOf(known, Stream.of(optIn.in(), optIn.out()), "optIn");
        }
        if (holdout != null) {
            requireOneOf(known, Stream.of(holdout.serve()), "holdout.serve");
        }
        if (fold != null) {
            requireOneOf(known, fold.before().variants().stream(), "fold.before");
        }
    }

    private static void requireForced(List<Variant> variants, List<ForcedVariant> forced) {
        Set<String> known = new HashSet<>();
        variants.forEach(variant -> known.add(variant.key()));
        Set<String> units = new HashSet<>();
        for (ForcedVariant each : forced) {
            Require.that(units.add(each.unit()), "forced", "must name each unit once", each.unit());
            requireOneOf(known, Stream.of(each.variant()), "forced");
        }
    }

    private static void requireOneOf(Set<String> known, Stream<String> named, String field) {
        named.forEach(key ->
                Require.that(key != null && known.contains(key), field, "must name one of the variants " + known, key));
    }
}
