// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** An event breaks a rule. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_VALUE = 200;
    private static final String WAS = ", was ";

    private final String field;
    private final String rule;
    private final @Nullable String value;

    /** @param value what the field was, shortened to 200 characters; null or a missing node for nothing */
    public Refusal(String field, String rule, @Nullable Object value) {
        super(field + " " + rule, null, false, false);
        this.field = field;
        this.rule = rule;
        this.value = shortened(value);
    }

    /** @throws Refusal unless the condition holds */
    public static void unless(boolean condition, String field, String rule, @Nullable Object value) {
        if (!condition) {
            throw new Refusal(field, rule, value);
        }
    }

    static <T> T present(@Nullable T value, String field) {
        if (value == null) {
            throw new Refusal(field, "must be known", null);
        }
        return value;
    }

    /** Reads a record's own refusal, {@code <field> <rule>, was <value>}. No rule has such a comma. */
    public static Refusal of(IllegalArgumentException refused) {
        String message = String.valueOf(refused.getMessage());
        int space = message.indexOf(' ');
        int was = message.indexOf(WAS);
        return space < 0 || was < space
                ? new Refusal("event", message, null)
                : new Refusal(
                        message.substring(0, space),
                        message.substring(space + 1, was),
                        message.substring(was + WAS.length()));
    }

    public String field() {
        return field;
    }

    public String rule() {
        return rule;
    }

    @Nullable
    String value() {
        return value;
    }

    private static @Nullable String shortened(@Nullable Object value) {
        if (value == null || (value instanceof JsonNode node && node.isMissingNode())) {
            return null;
        }
        String text = value instanceof JsonNode node && node.isTextual() ? node.textValue() : String.valueOf(value);
        return text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) : text;
    }
}
