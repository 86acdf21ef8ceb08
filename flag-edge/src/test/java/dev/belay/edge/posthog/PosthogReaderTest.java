// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.flags.FlagType;
import dev.belay.edge.EdgeFacts;
import dev.belay.edge.Place;
import dev.belay.edge.posthog.PosthogReading.Belonging;
import dev.belay.edge.serving.Serving;
import dev.belay.evaluation.Bucketing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PosthogReaderTest {
    private static final Instant NOW = EdgeFacts.NOW;

    private final Serving serving = new Serving();
    private final Set<String> known = new HashSet<>();
    private PosthogReader reader = reader(null);

    @BeforeEach
    void aFlagAtHalf() {
        serving.on(EdgeFacts.definition("checkout", 1));
        serving.on(EdgeFacts.rollout("checkout", 2, 3, 50));
    }

    @Test
    void whatTheEdgeWouldAnswerTooIsStamped() {
        PosthogReading.Exposed read = exposed(called("u1", arm("u1")));
        Exposure exposure = read.exposure();
        assertThat(read.belonging()).isEqualTo(Belonging.KNOWN);
        assertThat(exposure.id()).isEqualTo("uuid-u1");
        assertThat(exposure.unit()).isEqualTo(Unit.user("u1"));
        assertThat(exposure.epoch()).isEqualTo(2);
        assertThat(exposure.allocation()).isEqualTo(1);
        assertThat(exposure.clause()).isEqualTo("rest");
        assertThat(exposure.variant()).isEqualTo(arm("u1") ? "on" : "off");
        assertThat(exposure.dimensions()).containsEntry("country", "DE");
        assertThat(exposure.source()).isEqualTo("posthog");
    }

    @Test
    void whatTheEdgeWouldNotAnswerIsUnattributed() {
        PosthogReading.Exposed read = exposed(called("u1", !arm("u1")));
        assertThat(read.belonging()).isEqualTo(Belonging.UNATTRIBUTED);
        assertThat(read.exposure().epoch()).isZero();
    }

    @Test
    void aUnitSeenBeforeIsNoFairSample() {
        exposed(called("u1", arm("u1")));
        serving.on(EdgeFacts.rollout("checkout", 2, 4, 100));
        PosthogReading.Exposed raised = exposed(called("u1", true).replace("uuid-u1", "uuid-2"));
        assertThat(raised.belonging()).isEqualTo(Belonging.RETURNING);
        assertThat(raised.exposure().epoch()).isZero();
        assertThat(exposed(called("u2", true)).belonging()).isEqualTo(Belonging.KNOWN);
    }

    @ParameterizedTest
    @CsvSource({"'true',on", "'false',off", "'\"on\"',on", "'\"off\"',off", "'\"true\"',on"})
    void aBooleanFlagIsAnsweredByValueOrKey(String response, String variant) {
        assertThat(exposed(called("u9", "checkout", response)).exposure().variant())
                .isEqualTo(variant);
    }

    @ParameterizedTest
    @CsvSource({"'\"on\"',on", "'\"blue\"',on", "'\"red\"',off", "'false',off", "'true',on"})
    void aTextFlagIsAnsweredByKeyOrValueAndFalseIsItsOffVariant(String response, String variant) {
        serving.on(
                EdgeFacts.definition("color", 1, FlagType.STRING, TextNode.valueOf("red"), TextNode.valueOf("blue")));
        assertThat(exposed(called("u9", "color", response)).exposure().variant())
                .isEqualTo(variant);
    }

    @Test
    void anAnswerThatIsNoVariantIsRefusedWithoutRepeatingIt() {
        assertThat(read(called("u1", "checkout", "\"s3cret\"")))
                .isEqualTo(new PosthogReading.Refused(
                        "$feature_flag_response must be a variant of the flag, or its value"));
    }

    @Test
    void aFlagNobodyHereKnowsAndAnAnswerThatNeverCameAreIgnored() {
        assertThat(read(called("u1", "elsewhere", "true"))).isEqualTo(new PosthogReading.Ignored("unknown-flag"));
        assertThat(read(called("u2", "spaces are no key", "true")))
                .isEqualTo(new PosthogReading.Ignored("unknown-flag"));
        assertThat(read("{'event':'$feature_flag_called','distinct_id':'u3','uuid':'x','properties':"
                        + "{'$feature_flag':'checkout','$feature_flag_error':'timeout'}}"))
                .isEqualTo(new PosthogReading.Ignored("no-answer"));
    }

    @Test
    void anExceptionIsAnOutcomeWithWhatItTakesToJudgeIt() {
        Outcome outcome = outcome("{'event':'$exception','distinct_id':'u1','uuid':'x','properties':{"
                + "'$exception_level':'error','$exception_list':[{'type':'IOError','value':'mail of a@b.c',"
                + "'mechanism':{'handled':false},'stacktrace':{'frames':[]}}],"
                + "'$feature/checkout':true,'$feature/elsewhere':'x','page':'cart'}}");
        assertThat(outcome.event()).isEqualTo("$exception");
        assertThat(outcome.id()).isEqualTo("x");
        assertThat(outcome.unit()).isEqualTo(Unit.user("u1"));
        assertThat(outcome.flag()).isEqualTo("checkout");
        assertThat(outcome.variant()).isEqualTo("on");
        assertThat(outcome.properties())
                .containsOnlyKeys("level", "type", "handled", "$feature/checkout", "$feature/elsewhere", "page");
        assertThat(outcome.properties().toString()).contains("IOError", "false").doesNotContain("a@b.c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'$value':1,'value':2,'revenue':3 | 1",
                "'value':2,'revenue':3            | 2",
                "'revenue':9.5                    | 9.5",
                "'value':'7'                      |",
                "'price':7                        |"
            })
    void anOutcomeHasTheFirstNumberThatIsAValue(String properties, Double value) {
        Outcome outcome = outcome("{'event':'purchase','distinct_id':'u1','properties':{" + properties + "}}");
        assertThat(outcome.value()).isEqualTo(value);
        assertThat(outcome.event()).isEqualTo("purchase");
    }

    @Test
    void whatIsNotThePersonsOwnIsNotKept() {
        Outcome outcome = outcome("{'event':'e','distinct_id':'u1','properties':{'token':'bly_k','distinct_id':'u1',"
                + "'$ip':'192.0.2.1','plan':'pro','cart':{'a':1},'long':'" + "x".repeat(201) + "'}}");
        assertThat(outcome.properties()).containsOnlyKeys("plan");
    }

    @Test
    void idsThatAreNoTextsAreWrittenAsTextsAndCutLikePostHogCutsThem() {
        assertThat(outcome("{'event':'e','distinct_id':42}").unit()).isEqualTo(Unit.user("42"));
        assertThat(outcome("{'event':'e','$distinct_id':'a'}").unit()).isEqualTo(Unit.user("a"));
        assertThat(outcome("{'event':'e','properties':{'distinct_id':'b'}}").unit())
                .isEqualTo(Unit.user("b"));
        assertThat(outcome("{'event':'e','distinct_id':'" + "x".repeat(300) + "'}")
                        .unit())
                .isEqualTo(Unit.user("x".repeat(200)));
    }

    @Test
    void withoutAnIdTheContentIsTheId() {
        String event = "{'event':'e','distinct_id':'u1','timestamp':'2026-05-01T11:00:00Z','sent_at':'%s','offset':%d}";
        Outcome first = outcome(String.format(event, "2026-05-01T12:00:00Z", 1));
        reader = reader(null);
        Outcome again = outcome(String.format(event, "2026-05-01T12:00:05Z", 5_000));
        reader = reader(null);
        Outcome other = outcome("{'event':'e','distinct_id':'u1','timestamp':'2026-05-01T11:00:01Z'}");
        assertThat(again.id()).isEqualTo(first.id()).startsWith("posthog-").hasSize("posthog-".length() + 32);
        assertThat(other.id()).isNotEqualTo(first.id());
        assertThat(outcome("{'event':'e','distinct_id':'u1','properties':{'$insert_id':'i-1'}}")
                        .id())
                .isEqualTo("i-1");
    }

    @Test
    void anEventTwiceInARequestIsWrittenOnce() {
        String event = "{'event':'e','distinct_id':'u1','uuid':'x'}";
        assertThat(read(event)).isInstanceOf(PosthogReading.Happened.class);
        assertThat(read(event)).isEqualTo(new PosthogReading.Ignored("repeated"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-05-01T11:00:00Z,                                     2026-05-01T11:00:00Z",
        "2026-05-01T11:00:00.123456789123Z,                        2026-05-01T11:00:00.123456789Z",
        "2026-05-01T13:00:00.5+02:00,                              2026-05-01T11:00:00.5Z",
        "2026-05-01 11:00:00,                                      2026-05-01T11:00:00Z",
        "2026-05-01T13:00:00Z,                                     2026-05-01T12:00:00Z",
        "yesterday,                                                2026-05-01T12:00:00Z",
    })
    void aTimeOfAnyPrecisionIsReadAndNeverLiesAhead(String timestamp, Instant at) {
        assertThat(outcome("{'event':'e','distinct_id':'u1','timestamp':'" + timestamp + "'}")
                        .at())
                .isEqualTo(at);
    }

    @Test
    void aClockAnHourAheadIsSetRightByWhenItSaysItSent() {
        reader = reader(NOW.plus(Duration.ofHours(1)));
        assertThat(outcome("{'event':'e','distinct_id':'u1','timestamp':'2026-05-01T12:59:50Z'}")
                        .at())
                .isEqualTo("2026-05-01T11:59:50Z");
    }

    @Test
    void anHourOfBacklogKeepsItsTimes() {
        reader = reader(NOW);
        List<Instant> times = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            times.add(outcome(String.format(
                            "{'event':'e','distinct_id':'u%d','timestamp':'2026-05-01T11:%02d:00Z'}", minute, minute))
                    .at());
        }
        assertThat(times).isSorted().doesNotHaveDuplicates();
        assertThat(times.get(0)).isEqualTo(NOW.minus(Duration.ofHours(1)));
    }

    @Test
    void withoutATimeAnOffsetSaysHowLongAgo() {
        assertThat(outcome("{'event':'e','distinct_id':'u1','offset':1500}").at())
                .isEqualTo(NOW.minusMillis(1500));
        assertThat(outcome("{'event':'f','distinct_id':'u1','offset':-5}").at()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "'text'",
                "{}",
                "{'event':'','distinct_id':'u1'}",
                "{'event':7,'distinct_id':'u1'}",
                "{'event':'e'}",
                "{'event':'e','distinct_id':''}",
                "{'event':'e','distinct_id':null}",
                "{'event':'e','distinct_id':'u1','timestamp':'2026-04-01T00:00:00Z'}",
                "{'event':'e','distinct_id':'u1','timestamp':'-999999999-01-01T00:00:00Z'}",
                "{'event':'$feature_flag_called','distinct_id':'u1'}"
            })
    void oneBadEventIsRefusedAndNothingElse(String event) {
        assertThat(read(event)).isInstanceOf(PosthogReading.Refused.class);
        assertThat(read("{'event':'e','distinct_id':'u1','uuid':'good'}")).isInstanceOf(PosthogReading.Happened.class);
    }

    private PosthogReader reader(Instant sentAt) {
        return new PosthogReader(
                new Place("shop", "production"),
                serving,
                (flag, unit) -> known.add(flag.key() + unit.id()),
                sentAt,
                NOW);
    }

    private static boolean arm(String unit) {
        return Bucketing.bucket("checkout", unit, Bucketing.ROLLOUT) <= 0.5;
    }

    private static String called(String unit, boolean response) {
        return called(unit, "checkout", Boolean.toString(response));
    }

    private static String called(String unit, String flag, String response) {
        return "{'event':'$feature_flag_called','distinct_id':'" + unit + "','uuid':'uuid-" + unit
                + "','properties':{'$feature_flag':'" + flag + "','$feature_flag_response':" + response
                + ",'$set':{'country':'DE'}}}";
    }

    private Outcome outcome(String event) {
        PosthogReading read = read(event);
        assertThat(read).isInstanceOf(PosthogReading.Happened.class);
        return ((PosthogReading.Happened) read).outcome();
    }

    private PosthogReading.Exposed exposed(String event) {
        PosthogReading read = read(event);
        assertThat(read).isInstanceOf(PosthogReading.Exposed.class);
        return (PosthogReading.Exposed) read;
    }

    private PosthogReading read(String event) {
        return reader.read(json(event));
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
