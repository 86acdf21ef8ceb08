// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollbacks;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * What a rollback takes out. Its text is {@code all}, {@code kill}, {@code variant:<key>} or {@code
 * segment:<attribute>=<value>}.
 *
 * @param kind what is taken out
 * @param name key of the variant or attribute of the segment; null for all and kill
 * @param value value of the segment's attribute; null for the others
 */
public record RollbackTarget(
        Kind kind, @Nullable String name, @Nullable String value) {
    /** What is taken out. */
    public enum Kind {
        /** The rollout: the definition alone decides. */
        ALL,
        /** The flag: the off variant for everyone. */
        KILL,
        /** One treatment. */
        VARIANT,
        /** The units whose attribute has a value. */
        SEGMENT
    }

    private static final String VARIANT_PREFIX = "variant:";
    private static final String SEGMENT_PREFIX = "segment:";

    public static final RollbackTarget ALL = new RollbackTarget(Kind.ALL, null, null);
    public static final RollbackTarget KILL = new RollbackTarget(Kind.KILL, null, null);

    /** @throws IllegalArgumentException if a part is missing or superfluous */
    public RollbackTarget {
        Require.nonNull(kind, "target.kind");
        boolean named = kind == Kind.VARIANT || kind == Kind.SEGMENT;
        Require.that((name != null) == named, "target.name", "belongs to variant and segment", name);
        Require.that((value != null) == (kind == Kind.SEGMENT), "target.value", "belongs to segment", value);
        Require.that(
                name == null || (!name.isBlank() && name.indexOf('=') < 0), "target.name", "must have no '='", name);
    }

    public static RollbackTarget variant(String key) {
        return new RollbackTarget(Kind.VARIANT, Require.name(key, "target.name"), null);
    }

    public static RollbackTarget segment(String attribute, String value) {
        return new RollbackTarget(Kind.SEGMENT, attribute, value);
    }

    /** @throws IllegalArgumentException if the text has none of the four forms */
    @JsonCreator
    public static RollbackTarget parse(String text) {
        if (text.equals("all")) {
            return ALL;
        }
        if (text.equals("kill")) {
            return KILL;
        }
        if (text.startsWith(VARIANT_PREFIX)) {
            return variant(text.substring(VARIANT_PREFIX.length()));
        }
        int equals = text.indexOf('=');
        Require.that(
                text.startsWith(SEGMENT_PREFIX) && equals > 0,
                "target",
                "must be all, kill, variant:<key> or segment:<attribute>=<value>",
                text);
        return segment(text.substring(SEGMENT_PREFIX.length(), equals), text.substring(equals + 1));
    }

    /** Returns the text of the four forms. */
    @JsonValue
    public String text() {
        return switch (kind) {
            case ALL -> "all";
            case KILL -> "kill";
            case VARIANT -> VARIANT_PREFIX + name;
            case SEGMENT -> SEGMENT_PREFIX + name + "=" + value;
        };
    }

    @Override
    public String toString() {
        return text();
    }
}
