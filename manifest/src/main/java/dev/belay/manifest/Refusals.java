// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one document. */
final class Refusals {
    private static final int LONGEST_VALUE = 120;

    private final int document;
    private final List<ManifestError> errors = new ArrayList<>();

    Refusals(int document) {
        this.document = document;
    }

    void add(String path, String rule, @Nullable Object value) {
        errors.add(new ManifestError(path, rule, value, document));
    }

    /** Adds the refusal of one of the contracts' records or of a name, {@code <field> <rule>, was <value>}. */
    void add(String path, IllegalArgumentException refusal, @Nullable Object value) {
        String message = String.valueOf(refusal.getMessage());
        int end = message.lastIndexOf(", was ");
        add(path, withoutField(path, end < 0 ? message : message.substring(0, end)), value);
    }

    /** The record's name of the field, {@code template} or {@code spec.template}, stands in the path already. */
    private static String withoutField(String path, String sentence) {
        int space = sentence.indexOf(' ');
        String field = space < 0 ? "" : sentence.substring(0, space);
        boolean isNamed = path.equals(field) || (!field.isEmpty() && path.endsWith("." + field));
        return isNamed ? sentence.substring(space + 1) : sentence;
    }

    int count() {
        return errors.size();
    }

    List<ManifestError> errors() {
        return errors;
    }

    /** Returns the value as errors show it: scalars as they are, anything else as text that is not too long. */
    static @Nullable Object shown(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNumber() ? node.numberValue() : shortened(node.isTextual() ? node.textValue() : node.toString());
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
    }
}
