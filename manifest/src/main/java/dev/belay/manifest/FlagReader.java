// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Require;
import dev.belay.contracts.Unit;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.flags.ForcedVariant;
import dev.belay.contracts.flags.Holdout;
import dev.belay.contracts.flags.OptIn;
import dev.belay.contracts.flags.Prerequisite;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.TargetingRule;
import dev.belay.contracts.flags.Variant;
import dev.belay.contracts.flags.Weighted;
import org.jspecify.annotations.Nullable;

/** Reads the spec of a flag. */
final class FlagReader {
    private static final double SPLIT_TOLERANCE = 1e-6;
    private static final double ALL = 100;

    /** Variant by its key: places that name a variant choose from these. */
    private final Map<String, String> variantKeys = new LinkedHashMap<>();

    private FlagReader() {}

    static @Nullable FlagDocument read(String name, Place spec) {
        return new FlagReader().flag(name, spec.object());
    }

    private @Nullable FlagDocument flag(String name, Fields spec) {
        String project = spec.take("project").name();
        String environment = spec.take("environment").name();
        String title = spec.take("title").optionalText();
        String owner = spec.take("owner").optionalText();
        List<String> tags = spec.take("tags").list(Place::optionalText);
        FlagType type = spec.take("type").oneOf(Choices.of(FlagType.class));
        boolean enabled = spec.take("enabled").flag(true);
        boolean archived = spec.take("archived").flag(false);
        Place payloads = spec.take("payloads");
        JsonNode schema = schema(spec.take("schema"), type, payloads);
        List<Variant> variants = withPayloads(variants(spec.take("variants"), type, schema), payloads, schema);
        String off = variantKey(spec.take("off"));
        Serve serve = serve(spec.take("default"));
        List<TargetingRule> rules = rules(spec.take("rules"));
        List<Prerequisite> prerequisites = spec.take("prerequisites").list(place -> prerequisite(place, name));
        OptIn optIn = optIn(spec.take("optIn"));
        Holdout holdout = holdout(spec.take("holdout"));
        Place forcedPlace = spec.take("forced");
        List<ForcedVariant> forced = forced(forcedPlace);
        String bucketBy = spec.take("bucketBy").optionalName();
        FlagDefinition.ExposeOn exposeOn =
                spec.take("exposeOn").optionalOneOf(Choices.of(FlagDefinition.ExposeOn.class));
        return spec.make(() -> new FlagDocument(
                project,
                environment,
                name,
                title,
                owner,
                tags,
                Require.nonNull(type, "type"),
                enabled,
                archived,
                variants,
                off,
                Require.nonNull(serve, "default"),
                rules,
                prerequisites,
                optIn,
                holdout,
                bucketBy == null ? Unit.USER : bucketBy,
                exposeOn == null ? FlagDefinition.ExposeOn.EVALUATION : exposeOn,
                schema,
                forcedPlace.isGiven() ? forced : null));
    }

    private static @Nullable JsonNode schema(Place place, @Nullable FlagType type, Place payloads) {
        if (!place.isGiven()) {
            return null;
        }
        if (type != null && type != FlagType.JSON && !payloads.isGiven()) {
            place.refuse("belongs to type json", Choices.word(type));
            return null;
        }
        return ValueSchema.read(place);
    }

    private List<Variant> variants(Place place, @Nullable FlagType type, @Nullable JsonNode schema) {
        Map<String, Place> entries = place.entries();
        if (entries.isEmpty() && (!place.isGiven() || place.isObject())) {
            place.refuse(place.isGiven() ? "must not be empty" : "is required");
        }
        List<Variant> variants = new ArrayList<>();
        entries.forEach((key, value) -> {
            variantKeys.put(key, key);
            Variant variant = variant(key, value, type);
            if (variant != null) {
                variants.add(variant);
                ValueSchema.check(value, type == FlagType.JSON ? schema : null);
            }
        });
        return variants;
    }

    /** A schema is for the values of a JSON flag, and for the payloads of every other. */
    private List<Variant> withPayloads(List<Variant> variants, Place place, @Nullable JsonNode schema) {
        Map<String, Place> entries = place.entries();
        entries.forEach((key, payload) -> {
            if (!payload.isGiven()) {
                payload.refuse("is required");
            } else if (isVariant(payload, key) && schema != null) {
                ValueSchema.check(payload, schema);
            }
        });
        return variants.stream()
                .map(variant -> {
                    Place payload = entries.get(variant.key());
                    return payload == null ? variant : new Variant(variant.key(), variant.value(), payload.node());
                })
                .toList();
    }

    private List<ForcedVariant> forced(Place place) {
        Set<String> units = new HashSet<>();
        return place.list(item -> {
            Fields fields = item.object();
            Place unitPlace = fields.take("unit");
            String unit = unitPlace.text();
            if (unitPlace.isText() && !units.add(unit)) {
                unitPlace.refuse("must be named once");
            }
            String variant = variantKey(fields.take("variant"));
            Instant until = fields.take("until").written("must be a time like 2026-01-31T12:00:00Z", Instant::parse);
            return fields.make(() -> new ForcedVariant(unit, variant, until));
        });
    }

    private static @Nullable Variant variant(String key, Place value, @Nullable FlagType type) {
        JsonNode node = value.node();
        try {
            Require.name(key, value.path());
        } catch (IllegalArgumentException e) {
            value.refuse("must have a name of letters, digits, '.', '-' or '_' as its key", key);
            return null;
        }
        if (node == null) {
            value.refuse("is required");
            return null;
        }
        if (type != null && !type.accepts(node)) {
            value.refuse("must be of the flag's type " + Choices.word(type));
            return null;
        }
        return new Variant(key, node);
    }

    private String variantKey(Place place) {
        String key = variantKeys.isEmpty() ? place.text() : place.oneOf(variantKeys);
        return key == null ? "" : key;
    }

    private @Nullable Serve serve(Place place) {
        if (!place.isObject()) {
            String key = variantKey(place);
            return key.isEmpty() ? null : Serve.one(key);
        }
        Fields fields = place.object();
        Place split = fields.take("split");
        List<Weighted> parts = split(split);
        return fields.make(() -> Serve.split(parts));
    }

    private List<Weighted> split(Place place) {
        List<Weighted> parts = new ArrayList<>();
        Map<String, Place> entries = place.entries();
        entries.forEach((key, value) -> {
            Double percent = value.isGiven() ? value.optionalPercent() : null;
            if (!value.isGiven()) {
                value.refuse("is required");
            } else if (percent != null && isShare(value, percent) && isVariant(value, key)) {
                parts.add(new Weighted(key, percent));
            }
        });
        double sum = parts.stream().mapToDouble(Weighted::percent).sum();
        if (entries.isEmpty() && (!place.isGiven() || place.isObject())) {
            place.refuse("must name variants and their percentages");
        } else if (parts.size() == entries.size() && Math.abs(sum - ALL) > SPLIT_TOLERANCE) {
            place.refuse("must add up to 100%", Percentages.write(sum));
        }
        return parts;
    }

    private boolean isVariant(Place place, String key) {
        if (variantKeys.isEmpty() || variantKeys.containsKey(key)) {
            return true;
        }
        place.refuse("must name one of the variants " + String.join(", ", variantKeys.keySet()), key);
        return false;
    }

    private List<TargetingRule> rules(Place place) {
        Set<String> names = new HashSet<>();
        return place.list(item -> rule(item, names));
    }

    private @Nullable TargetingRule rule(Place place, Set<String> names) {
        Fields fields = place.object();
        Place namePlace = fields.take("name");
        String name = namePlace.optionalText();
        if (name != null && !names.add(name)) {
            namePlace.refuse("must be unique among the rules");
        }
        List<Condition> when = Conditions.read(fields.take("when"));
        Place percentPlace = fields.take("percent");
        Double percent = percentPlace.optionalPercent();
        if (percent != null) {
            isShare(percentPlace, percent);
        }
        Serve serve = serve(fields.take("serve"));
        return fields.make(() -> new TargetingRule(name, when, percent, Require.nonNull(serve, "serve")));
    }

    private static boolean isShare(Place place, double percent) {
        if (percent >= 0 && percent <= ALL) {
            return true;
        }
        place.refuse("must lie between 0% and 100%");
        return false;
    }

    private static @Nullable Prerequisite prerequisite(Place place, String self) {
        Fields fields = place.object();
        Place flagPlace = fields.take("flag");
        String flag = flagPlace.name();
        if (flag.equals(self) && flagPlace.isGiven()) {
            flagPlace.refuse("must be another flag");
        }
        Place variantsPlace = fields.take("variants");
        List<String> variants = variantsPlace.list(Place::optionalName);
        if (!variantsPlace.isGiven()
                || (variantsPlace.isList() && variantsPlace.items().isEmpty())) {
            variantsPlace.refuse("must name at least one variant");
        }
        return fields.make(() -> new Prerequisite(flag, variants));
    }

    private @Nullable OptIn optIn(Place place) {
        if (!place.isGiven()) {
            return null;
        }
        Fields fields = place.object();
        String in = variantKey(fields.take("in"));
        String out = variantKey(fields.take("out"));
        return fields.make(() -> new OptIn(in, out));
    }

    private @Nullable Holdout holdout(Place place) {
        if (!place.isGiven()) {
            return null;
        }
        Fields fields = place.object();
        String id = fields.take("id").name();
        Place percentPlace = fields.take("percent");
        Double percent = percentPlace.optionalPercent();
        if (!percentPlace.isGiven()) {
            percentPlace.refuse("is required");
        } else if (percent != null) {
            isShare(percentPlace, percent);
        }
        String serve = variantKey(fields.take("serve"));
        return fields.make(() -> new Holdout(id, percent == null ? 0 : percent, serve));
    }
}
