// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.belay.contracts.Unit;
import dev.belay.contracts.flags.Condition;
import org.jspecify.annotations.Nullable;

/** Reads the spec of a segment. */
final class SegmentReader {
    private static final int LONGEST_ID = 200;

    private SegmentReader() {}

    static @Nullable SegmentDocument read(String name, Place place) {
        Fields spec = place.object();
        String project = spec.take("project").name();
        String title = spec.take("title").optionalText();
        String unitKind = spec.take("unitKind").optionalName();
        Place match = spec.take("match");
        Place anyOf = spec.take("anyOf");
        Place members = spec.take("members");
        if (place.isObject() && !match.isGiven() && !anyOf.isGiven() && !members.isGiven()) {
            place.refuse("must hold match, anyOf or members");
        }
        List<List<Condition>> rules = new ArrayList<>();
        if (match.isGiven()) {
            rules.add(conditions(match, name));
        }
        anyOf.items().forEach(item -> rules.add(alternative(item, name)));
        Set<String> ids = new LinkedHashSet<>(members.list(SegmentReader::id));
        return spec.make(() -> new SegmentDocument(
                project, name, title, unitKind == null ? Unit.USER : unitKind, rules, List.copyOf(ids)));
    }

    private static List<Condition> alternative(Place place, String self) {
        if (place.isList()) {
            return conditions(place, self);
        }
        Fields fields = place.object();
        List<Condition> conditions = conditions(fields.take("match"), self);
        List<Condition> made = fields.make(() -> conditions);
        return made == null ? List.of() : made;
    }

    /** A rule without conditions would hold for everyone, which nobody means. */
    private static List<Condition> conditions(Place place, String self) {
        List<Condition> conditions = Conditions.read(place);
        if (!place.isGiven() || (place.isList() && place.items().isEmpty())) {
            place.refuse("must hold at least one condition");
        }
        if (conditions.stream().anyMatch(condition -> self.equals(condition.segment()))) {
            place.refuse("must not name the segment itself", self);
        }
        if (conditions.stream().anyMatch(condition -> condition.flag() != null)) {
            place.refuse("must not name a flag: a segment belongs to no environment");
        }
        return conditions;
    }

    private static @Nullable String id(Place place) {
        String id = place.optionalText();
        if (id != null && id.length() > LONGEST_ID) {
            place.refuse("must have at most " + LONGEST_ID + " characters", id.length());
            return null;
        }
        return id;
    }
}
