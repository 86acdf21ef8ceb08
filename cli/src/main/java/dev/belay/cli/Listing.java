// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code belay get} can show. Columns are titles with JSON pointers, the first that is there. */
enum Listing {
    FLAGS(
            Place.IN_ENVIRONMENT,
            "PROJECT=/spec/project",
            "ENVIRONMENT=/spec/environment",
            "NAME=/metadata/name",
            "TYPE=/spec/type",
            "ENABLED=/spec/enabled",
            "TITLE=/spec/title"),
    SEGMENTS(Place.IN_PROJECT, "PROJECT=/spec/project", "NAME=/metadata/name", "TITLE=/spec/title"),
    METRICS(
            Place.IN_PROJECT,
            "PROJECT=/spec/project",
            "NAME=/metadata/name",
            "KIND=/spec/kind",
            "EVENT=/spec/event",
            "TITLE=/spec/title"),
    TEMPLATES(
            Place.IN_PROJECT, "PROJECT=/spec/project", "NAME=/metadata/name", "TITLE=/spec/title", "OWNER=/spec/owner"),
    CHANNELS(Place.IN_PROJECT, "PROJECT=/project", "NAME=/name", "TYPE=/type", "URL=/url"),
    ROLLOUTS(
            Place.IN_ENVIRONMENT,
            "PROJECT=/project",
            "ENVIRONMENT=/environment",
            "FLAG=/flag",
            "EPOCH=/epoch",
            "STATUS=/status",
            "STAGE=stage",
            "REASON=/reason"),
    EVIDENCE(
            Place.IN_ENVIRONMENT,
            "GUARDRAIL=/guardrail",
            "METRIC=/metric",
            "VARIANT=/variant",
            "CONTROL=/control/exposed",
            "COUNTED=/control/events",
            "TREATMENT=/treatment/exposed",
            "COUNTED=/treatment/events",
            "RATIO=/estimate/ratio"),
    ROLLBACKS(
            Place.ABOUT_FLAGS,
            "AT=/at",
            "PROJECT=/project",
            "ENVIRONMENT=/environment",
            "FLAG=/flag",
            "EPOCH=/epoch",
            "TARGET=/target",
            "REASON=/reason"),
    INCIDENTS(Place.ABOUT_FLAGS, "OPENED=/openedAt", "STATUS=/status", "ID=/id", "REASON=/rollback/reason"),
    DELIVERIES(
            Place.ABOUT_FLAGS,
            "CREATED=/createdAt",
            "FLAG=/flag",
            "CHANNEL=/channel",
            "OCCASION=/occasion",
            "STATUS=/status",
            "ATTEMPTS=/attempts",
            "REASON=/reason"),
    AUDIT(
            Place.ABOUT_FLAGS,
            "AT=/event/at",
            "ACTOR=/event/actor/name",
            "ACTION=/event/action",
            "SUBJECT=/event/subject",
            "REASON=/event/reason"),
    KEYS(Place.ANYWHERE, "ID=/id", "NAME=/name", "SCOPES=/scopes", "ROLE=/role", "REVOKED=/revoked"),
    USERS(Place.ANYWHERE, "LOGIN=/login", "ROLE=/role"),
    PROJECTS(Place.ANYWHERE, "NAME=/name"),
    ENVIRONMENTS(Place.ANYWHERE, "PROJECT=/project", "NAME=/name");

    /** How single ones are found. */
    enum Place {
        /** By project, environment and name. */
        IN_ENVIRONMENT,
        /** By project and name. */
        IN_PROJECT,
        /** As a list, about one flag if one is named. */
        ABOUT_FLAGS,
        /** As a list. */
        ANYWHERE
    }

    private final Place place;
    private final List<String> columns;

    Listing(Place place, String... columns) {
        this.place = place;
        this.columns = List.of(columns);
    }

    /**
     * @param word plural or singular, for instance {@code flag}
     * @throws IllegalArgumentException for another word
     */
    static Listing of(String word) {
        String plural = word.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(listing -> listing.path().equals(plural)
                        || listing.path().equals(plural + "s")
                        || listing.path().equals(plural.replaceAll("y$", "ies")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("KIND must be one of " + words() + ", was " + word));
    }

    static String words() {
        return Arrays.stream(values()).map(Listing::path).collect(Collectors.joining(", "));
    }

    String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    Place place() {
        return place;
    }

    List<String> titles() {
        return columns.stream()
                .map(column -> column.substring(0, column.indexOf('=')))
                .toList();
    }

    List<String> row(JsonNode item) {
        return columns.stream()
                .map(column -> cell(item, column.substring(column.indexOf('=') + 1)))
                .toList();
    }

    private static String cell(JsonNode item, String pointer) {
        if (item.isTextual()) {
            return item.textValue();
        }
        if (pointer.equals("stage")) {
            return Lines.stage(item);
        }
        JsonNode value = item.at(pointer);
        return value.isNull() || value.isMissingNode() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }
}
