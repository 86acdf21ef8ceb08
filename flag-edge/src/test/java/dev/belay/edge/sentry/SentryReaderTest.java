// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.sentry;

import java.time.Instant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Outcome;
import dev.belay.edge.EdgeFacts;
import dev.belay.edge.events.Refusal;
import dev.belay.edge.serving.Serving;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SentryReaderTest {
    private static final Instant NOW = EdgeFacts.NOW;

    private final Serving serving = new Serving();
    private final SentryReader reader =
            new SentryReader(SentrySource.parse("app=not-a-real-secret-1@shop/production:prod"), serving, NOW);

    @BeforeEach
    void aFlagAtHalf() {
        serving.on(EdgeFacts.definition("another", 1));
        serving.on(EdgeFacts.definition("checkout", 1));
        serving.on(EdgeFacts.rollout("checkout", 2, 3, 50));
    }

    @Test
    void anErrorIsAnOutcomeOfItsTaggedUnitAndVariant() {
        Outcome outcome = read("{'event_id':'e1','level':'error','platform':'java','project':7,'timestamp':"
                + (NOW.getEpochSecond() - 2) + ".5,'title':'mail of a@b.c','user':{'id':'other'},"
                + "'exception':{'values':[{'type':'Cause'},{'type':'IOException','mechanism':{'handled':false}}]},"
                + "'tags':[['belay.unit','u1'],['belay.flag.another','off'],['belay.flag.checkout','on']]}");
        assertThat(outcome.id()).isEqualTo("e1");
        assertThat(outcome.event()).isEqualTo("sentry-error");
        assertThat(outcome.unit()).isEqualTo(Unit.user("u1"));
        assertThat(outcome.flag()).as("the flag with a rollout").isEqualTo("checkout");
        assertThat(outcome.variant()).isEqualTo("on");
        assertThat(outcome.at()).isEqualTo(NOW.minusMillis(1500));
        assertThat(outcome.properties())
                .containsOnlyKeys(
                        "level",
                        "type",
                        "handled",
                        "platform",
                        "sentryProject",
                        "belay.flag.another",
                        "belay.flag.checkout");
        assertThat(outcome.properties().toString()).contains("IOException").doesNotContain("a@b.c");
    }

    @Test
    void withoutATagTheUserIsTheUnitAndTheSdksOwnFlagsAreRead() {
        Outcome outcome = read("{'event_id':'e1','user':{'id':42},"
                + "'contexts':{'flags':{'values':[{'flag':'checkout','result':true},{'flag':'x','result':false}]}}}");
        assertThat(outcome.unit()).isEqualTo(Unit.user("42"));
        assertThat(outcome.flag()).isEqualTo("checkout");
        assertThat(outcome.variant()).isEqualTo("on");
        assertThat(outcome.at()).isEqualTo(NOW);
    }

    @Test
    void anErrorOfNobodyIsForCounters() {
        assertThat(read("{'event_id':'e1'}").unit()).isNull();
        assertThat(read("{'event_id':'e1','user':{'id':''},'tags':{}}").unit()).isNull();
        assertThat(read("{'event_id':'e1','tags':[['belay.unit','acme'],['belay.unit.kind','company']]}")
                        .unit())
                .isEqualTo(new Unit("company", "acme"));
    }

    @ParameterizedTest
    @CsvSource({
        "''                                      , true",
        "',\"environment\":\"prod\"'             , true",
        "',\"environment\":\"production\"'       , false",
        "',\"environment\":\"staging\"'          , false",
        "',\"tags\":[[\"environment\",\"staging\"]]', false",
        "',\"tags\":[[\"environment\",\"prod\"]]', true",
    })
    void errorsOfOtherEnvironmentsAreNotItsBusiness(String fields, boolean isAbout) {
        assertThat(reader.isAbout(json("{'event_id':'e1'" + fields + "}"))).isEqualTo(isAbout);
    }

    @Test
    void aClockAheadIsNow() {
        assertThat(read("{'event_id':'e1','datetime':'2026-05-01T13:00:00.000Z'}")
                        .at())
                .isEqualTo(NOW);
        assertThat(read("{'event_id':'e1','datetime':'2026-05-01T11:00:00.000Z'}")
                        .at())
                .isEqualTo("2026-05-01T11:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'event_id':7}", "{'event_id':''}", "{'event_id':'e1','timestamp':1000000000}"})
    void whatHasNoIdOrIsOldIsRefused(String error) {
        assertThatThrownBy(() -> read(error)).isInstanceOf(Refusal.class);
    }

    private Outcome read(String error) {
        return reader.read(json(error));
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
