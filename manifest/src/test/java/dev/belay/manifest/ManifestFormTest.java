// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.flags.Segment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ManifestFormTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @Test
    void writesWhatIsReadBackAsTheSame() {
        List<Document> documents =
                Manifests.parse(Samples.resource("design.yaml") + "---\n" + Samples.resource("everything.yaml"));

        for (Document document : documents) {
            ObjectNode form = form(document);
            if (form != null) {
                assertThat(Manifests.parse(ManifestForm.yaml(form))).containsExactly(document);
                assertThat(Manifests.parse(form.toString())).containsExactly(document);
            }
        }
    }

    @Test
    void writesYamlAsAPersonWould() {
        MetricDocument metric = (MetricDocument)
                Manifests.parse(Samples.resource("design.yaml")).get(1);

        assertThat(ManifestForm.yaml(ManifestForm.of(metric.toDefinition(1, NOON))))
                .isEqualTo("""
                apiVersion: belay.dev/v1
                kind: Metric
                metadata:
                  name: checkout-conversion
                spec:
                  project: shop
                  kind: conversion
                  event: purchase
                  within: 1d
                  goodWhen: up
                  unit: user
                """);
    }

    @ParameterizedTest
    @CsvSource({"conversion, matured", "rate, clustered"})
    void keepsHowOutcomesCount(String kind, String mode) {
        MetricDocument metric =
                (MetricDocument) Manifests.parse("""
                apiVersion: belay.dev/v1
                kind: Metric
                metadata: { name: signups }
                spec: { project: shop, kind: %s, event: signup, within: 1h, goodWhen: up, mode: %s }
                """.formatted(kind, mode)).get(0);

        assertThat(ManifestForm.yaml(ManifestForm.of(metric.toDefinition(1, NOON))))
                .endsWith("  unit: user\n  mode: " + mode + "\n");
    }

    @Test
    void quotesWhatOtherParsersTakeForABoolean() {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("on", "off");

        assertThat(ManifestForm.yaml(node)).isEqualTo("\"on\": \"off\"\n");
    }

    @Property
    void keepsEveryTextAsItIs(@ForAll String text) {
        String printable = text.codePoints()
                .filter(point -> point == '\n' || (point >= ' ' && point < 0x7f) || (point >= 0xa0 && point < 0xd800))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("key", printable).put("k" + printable, "v");

        assertThat(Manifests.trees(ManifestForm.yaml(node))).containsExactly(node);
    }

    @Property
    void keepsNumbersWrittenAsText(@ForAll double number, @ForAll long whole) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("a", Double.toString(number))
                .put("b", "+" + whole)
                .put("c", "0x" + Long.toHexString(whole))
                .put("d", "0o" + Long.toOctalString(whole))
                .put("e", whole);

        assertThat(Manifests.trees(ManifestForm.yaml(node)).get(0).toString()).isEqualTo(node.toString());
    }

    @Property
    void readsEveryDurationItWrites(@ForAll @LongRange(min = 0, max = 999_999_999) long millis) {
        Duration duration = Duration.ofMillis(millis);

        assertThat(Durations.parse(Durations.write(duration))).isEqualTo(duration);
        assertThat(Durations.write(Duration.ofDays(millis))).endsWith(millis == 0 ? "s" : "d");
    }

    @Property
    void readsEveryPercentageItWrites(@ForAll @IntRange(min = 0, max = 1_000_000) int millionths) {
        double percent = millionths / 1e4;
        double fraction = millionths / 1e6;

        assertThat(Percentages.parse(Percentages.write(percent))).isEqualTo(percent);
        assertThat(Percentages.parseFraction(Percentages.writeFraction(fraction)))
                .isEqualTo(fraction);
    }

    @Property
    void readsAllDaysItWrites(@ForAll @IntRange(min = 1, max = 127) int set) {
        List<DayOfWeek> days = Arrays.stream(DayOfWeek.values())
                .filter(day -> (set & (1 << day.ordinal())) != 0)
                .toList();

        assertThat(Days.parse(Days.write(days))).isEqualTo(days);
    }

    private static ObjectNode form(Document document) {
        if (document instanceof FlagDocument flag) {
            return ManifestForm.of(flag.toDefinition(1, NOON));
        }
        if (document instanceof SegmentDocument segment) {
            Segment definition = segment.toDefinition(1, NOON);
            return ManifestForm.of(definition);
        }
        if (document instanceof MetricDocument metric) {
            return ManifestForm.of(metric.toDefinition(1, NOON));
        }
        return document instanceof TemplateDocument template ? ManifestForm.of(template.toDefinition(1, NOON)) : null;
    }
}
