// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.contracts.Json;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.edge.EdgeFacts;
import dev.belay.edge.Place;
import dev.belay.edge.serving.Serving;
import dev.belay.evaluation.Bucketing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class EventReaderTest {
    private final Serving serving = new Serving();
    private EventReader reader = reader(true);

    @BeforeEach
    void aFlagAtHalf() {
        serving.on(EdgeFacts.definition("checkout", 1));
        serving.on(EdgeFacts.rollout("checkout", 2, 3, 50));
    }

    @Test
    void anOutcomeIsTakenAsItIs() {
        Outcome outcome = outcome("{'type':'outcome','id':'o1','event':'purchase','unit':'u1','value':9.5,"
                + "'at':'2026-05-01T13:00:00+02:00','properties':{'currency':'EUR'}}");
        assertThat(outcome.unit()).isEqualTo(Unit.user("u1"));
        assertThat(outcome.value()).isEqualTo(9.5);
        assertThat(outcome.at()).isEqualTo("2026-05-01T11:00:00Z");
        assertThat(outcome.recordKey()).isEqualTo("shop/production/user:u1");
    }

    @Test
    void theFutureIsNow() {
        assertThat(outcome("{'type':'outcome','id':'o1','event':'e','at':'2026-05-02T00:00:00Z'}")
                        .at())
                .isEqualTo(EdgeFacts.NOW);
    }

    @Test
    void anExposureWithTheVariantOfThisEdgeIsStamped() {
        String variant = Bucketing.bucket("checkout", "u1", Bucketing.ROLLOUT) <= 0.5 ? "on" : "off";
        Reading.Exposed reading = exposed("{'type':'exposure','id':'e1','flag':'checkout','unit':'u1','variant':'"
                + variant + "','properties':{'country':'DE','plan':'pro'}}");
        Exposure exposure = reading.exposure();
        assertThat(reading.attributed()).isTrue();
        assertThat(exposure.epoch()).isEqualTo(2);
        assertThat(exposure.allocation()).isEqualTo(1);
        assertThat(exposure.clause()).isEqualTo("rest");
        assertThat(exposure.share()).isEqualTo(0.5);
        assertThat(exposure.bucket()).isEqualTo(Bucketing.bucket("checkout", "u1", Bucketing.ROLLOUT));
        assertThat(exposure.dimensions()).containsOnlyKeys("country");
        assertThat(exposure.rolloutVersion()).isEqualTo(3);
    }

    @Test
    void anExposureWithAnotherVariantIsUnattributed() {
        String variant = Bucketing.bucket("checkout", "u1", Bucketing.ROLLOUT) <= 0.5 ? "off" : "on";
        Reading.Exposed reading =
                exposed("{'type':'exposure','id':'e1','flag':'checkout','unit':'u1','variant':'" + variant + "'}");
        assertThat(reading.attributed()).isFalse();
        assertThat(reading.exposure().epoch()).isZero();
        assertThat(reading.exposure().clause()).isNull();
    }

    @Test
    void anAssignmentMadeElsewhereIsTakenAsStated() {
        serving.on(EdgeFacts.rollback("checkout", 2, RollbackTarget.ALL));
        Exposure exposure = exposed(stated("'epoch':2,'allocation':1,'clause':'rest','variant':'on'"))
                .exposure();
        assertThat(exposure.clause()).isEqualTo("rest");
        assertThat(exposure.share()).isEqualTo(0.5);
        assertThat(exposure.bucket()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'epoch':1,'allocation':1,'clause':'rest','variant':'on'     | epoch",
                "'epoch':2,'allocation':9,'clause':'rest','variant':'on'     | allocation",
                "'epoch':2,'allocation':1,'clause':'beta','variant':'on'     | clause",
                "'epoch':2,'allocation':1,'clause':'rest','variant':'third'  | variant",
                "'clause':'rest','variant':'on'                              | epoch",
                "'epoch':'2','allocation':1,'clause':'rest','variant':'on'   | epoch",
                "'epoch':2,'clause':'rest','variant':'on'                    | allocation",
                "'epoch':2,'allocation':'1','clause':'rest','variant':'on'   | allocation",
                "'epoch':2,'allocation':1.9,'clause':'rest','variant':'on'   | allocation",
            })
    void anAssignmentThisEdgeDoesNotKnowIsRefused(String fields, String field) {
        assertThat(refused(stated(fields)).field()).isEqualTo(field);
    }

    @Test
    void aClientMayNotStateAssignments() {
        reader = reader(false);
        assertThat(refused(stated("'epoch':2,'allocation':1,'clause':'rest','variant':'on'"))
                        .field())
                .isEqualTo("epoch");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "7                                                            | event",
                "{'id':'x'}                                                   | type",
                "{'type':'click','id':'x'}                                    | type",
                "{'type':'outcome','event':'e'}                               | id",
                "{'type':'outcome','id':' ','event':'e'}                      | id",
                "{'type':'outcome','id':'x'}                                  | event",
                "{'type':'outcome','id':'x','event':'e','value':'9'}          | value",
                "{'type':'outcome','id':'x','event':'e','at':'yesterday'}     | at",
                "{'type':'outcome','id':'x','event':'e','at':'2026-04-01T00:00:00Z'} | at",
                "{'type':'outcome','id':'x','event':'e','value':1e999}        | value",
                "{'type':'outcome','id':'x','event':'e','value':'NaN'}        | value",
                "{'type':'outcome','id':'x','event':'e','at':1771622898}      | at",
                "{'type':'outcome','id':'x','event':'e','at':'2026-05-01T10:00:00'} | at",
                "{'type':'outcome','id':7,'event':'e'}                        | id",
                "{'type':'outcome','id':'x','event':'e','unit':7}             | unit",
                "{'type':'outcome','id':'x','event':'e','unit':''}            | unit.id",
                "{'type':'outcome','id':'x','event':'e','unit':{'id':'1'}}    | unit.kind",
                "{'type':'outcome','id':'x','event':'e','unit':{'kind':'user','id':1}} | unit.id",
                "{'type':'outcome','id':'x','event':'e','project':'other'}    | project",
                "{'type':'outcome','id':'x','event':'e','environment':'staging'} | environment",
                "{'type':'exposure','id':'x','flag':'checkout','unit':{'kind':'device','id':'d'},'variant':'on'} | unit.kind",
                "{'type':'exposure','id':'x','flag':'a/b','unit':'u','variant':'on'} | flag",
                "{'type':'exposure','id':'x','flag':'checkout','unit':'u','variant':'a b'} | variant",
                "[]                                                           | event",
                "null                                                         | event",
                "{'type':'outcome','id':'x','event':'e','unit':{'kind':'a b','id':'1'}} | unit.kind",
                "{'type':'outcome','id':'x','event':'e','properties':[]}      | properties",
                "{'type':'exposure','id':'x','flag':'none','unit':'u','variant':'on'} | flag",
                "{'type':'exposure','id':'x','flag':'checkout','variant':'on'} | unit",
                "{'type':'exposure','id':'x','flag':'checkout','unit':'u'}    | variant",
            })
    void aBrokenEventIsRefusedByFieldAndRule(String event, String field) {
        Reading.Refused refused = refused(event);
        assertThat(refused.index()).isEqualTo(4);
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.rule()).matches("(must|may) .+");
    }

    @Test
    void anArmThatTheClauseDoesNotServeIsRefused() {
        serving.on(EdgeFacts.rollout("checkout", 2, 4, 100));
        assertThat(refused(stated("'epoch':2,'allocation':1,'clause':'rest','variant':'off'"))
                        .field())
                .isEqualTo("variant");
        assertThat(exposed(stated("'epoch':2,'allocation':1,'clause':'rest','variant':'on'"))
                        .attributed())
                .isTrue();
    }

    @Test
    void aRepeatWithinARequestIsTakenOnce() {
        String event = "{'type':'outcome','id':'o1','event':'purchase','unit':'u1'}";
        assertThat(read(event)).isInstanceOf(Reading.Happened.class);
        assertThat(read(event)).isInstanceOf(Reading.Repeated.class);
        assertThat(read("{'type':'exposure','id':'o1','flag':'checkout','unit':'u1','variant':'on'}"))
                .isInstanceOf(Reading.Exposed.class);
    }

    @Test
    void anotherEventWithAnIdOfTheRequestIsRefused() {
        outcome("{'type':'outcome','id':'o1','event':'purchase','unit':'u1'}");
        Reading.Refused refused = refused("{'type':'outcome','id':'o1','event':'purchase','unit':'u2'}");
        assertThat(refused.field()).isEqualTo("id");
        assertThat(refused.value()).isEqualTo("o1");
    }

    @Test
    void aRefusedEventLeavesItsIdToTheNext() {
        refused("{'type':'outcome','id':'o1','event':'purchase','value':'9'}");
        assertThat(outcome("{'type':'outcome','id':'o1','event':'purchase','value':9}")
                        .value())
                .isEqualTo(9);
    }

    @Test
    void whatKafkaWouldRefuseIsRefusedHere() {
        String tooLong = "x".repeat(100_001);
        assertThat(refused("{'type':'outcome','id':'o1','event':'e','properties':{'a':['" + tooLong + "']}}")
                        .field())
                .isEqualTo("properties");
        assertThat(refused("{'type':'outcome','id':'o1','event':'" + tooLong + "'}")
                        .field())
                .isEqualTo("event");
        Reading.Refused unit = refused("{'type':'outcome','id':'o1','event':'e','unit':'" + tooLong + "'}");
        assertThat(unit.field()).isEqualTo("unit.id");
    }

    @Test
    void aRefusalSaysTheValueAndNoMoreThanItsBeginning() {
        assertThat(refused("{'type':'exposure','id':'x','flag':'a, was b','unit':'u','variant':'on'}"))
                .satisfies(refused -> {
                    assertThat(refused.rule()).doesNotContain("was");
                    assertThat(refused.value()).isEqualTo("a, was b");
                });
        assertThat(String.valueOf(
                        refused("{'type':'" + "x".repeat(1_000) + "'}").value()))
                .hasSize(200);
        assertThat(Json.tree(refused("{'type':'outcome','event':'e'}")).has("value"))
                .isTrue();
    }

    private static String stated(String fields) {
        return "{'type':'exposure','id':'e1','flag':'checkout','unit':'u1'," + fields + "}";
    }

    private EventReader reader(boolean mayState) {
        return new EventReader(new Place("shop", "production"), mayState, serving, EdgeFacts.NOW);
    }

    private Outcome outcome(String event) {
        return ((Reading.Happened) read(event)).outcome();
    }

    private Reading.Exposed exposed(String event) {
        return (Reading.Exposed) read(event);
    }

    private Reading.Refused refused(String event) {
        return (Reading.Refused) read(event);
    }

    private Reading read(String event) {
        try {
            return reader.read(4, Json.mapper().readTree(event.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
