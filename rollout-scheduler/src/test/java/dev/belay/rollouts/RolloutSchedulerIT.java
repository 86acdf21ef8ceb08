// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.flags.Prerequisite;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Approval;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.http.KeyText;
import dev.belay.kafka.KafkaSettings;
import dev.belay.rollouts.decision.Given;
import dev.belay.rollouts.decision.RolloutEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

/** The service on a real broker and a real database; the test plays the other services. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, restrictToAnnotatedClass = true)
class RolloutSchedulerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String FIELD_RULE_AND_VALUE = ".*: .*[a-zA-Z.]+ (must|is required).*, was .*";

    private static Others others;
    private static KeyText releaser;
    private static KeyText operator;
    private static KeyText bob;

    @Inject
    Facts facts;

    @Inject
    RolloutReconciler reconciler;

    @Inject
    RolloutDesk desk;

    private final FlagRef flag = new FlagRef("shop", "production", "checkout-" + COUNT.incrementAndGet());

    @BeforeAll
    static void others() {
        others = new Others(KafkaSettings.configured());
        releaser = others.key(Role.RELEASER);
        operator = others.key(Role.OPERATOR);
        others.metric("shop", "conversion", MetricKind.CONVERSION);
        others.metric("shop", "latency", MetricKind.QUANTILE);
        others.metric("shop", "by-device", MetricKind.CONVERSION, "device");
        others.template("shop", "careful", "conversion", 1);
        others.template("shop", "quantile", "latency", 1);
        others.template("shop", "by-device", "by-device", 1);
        others.template("shop", "changing", "conversion", 1);
        others.template("shop", "approved", "conversion", 1, new Approval(Approval.Before.ENTERING, "releaser", 1));
        others.template("shop", "goals", "conversion", 1, null, "conversion");
        bob = others.key(Role.RELEASER, "bob");
    }

    @AfterAll
    static void close() {
        others.close();
    }

    @BeforeEach
    void makeFlag() throws IOException {
        others.flag(flag, 1);
        await().atMost(PATIENCE).until(() -> given().get("/q/health/ready").statusCode() == 200);
    }

    @AfterEach
    void database() throws IOException {
        Infrastructure.database().restart();
    }

    @Test
    void poisonInEveryTopicItReadsIsPutAwayWithFieldRuleAndValueAndStopsNothing() throws Exception {
        List<Topic<?>> read = List.of(
                Topics.FLAGS,
                Topics.METRICS,
                Topics.TEMPLATES,
                Topics.ROLLBACKS,
                Topics.ROLLOUTS,
                Topics.VERDICTS,
                Topics.KEYS);
        for (Topic<?> topic : read) {
            Others.poison(topic, flag.key(), "{\"project\":");
            Others.poison(
                    topic,
                    flag.key(),
                    "{\"project\":\"shop\",\"environment\":\"production\",\"flag\":\"" + flag.flag()
                            + "\",\"version\":-1,\"epoch\":-1}");
        }
        start("careful", "").statusCode(201);
        RolloutState canary = last(RolloutStatus.RUNNING, 0);
        others.verdict(canary, "conversion", Decision.HEALTHY);
        last(RolloutStatus.RUNNING, 1);
        others.rollback(flag, 1, RollbackTarget.ALL);
        last(RolloutStatus.ROLLED_BACK, 1);

        read.forEach(topic -> await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        Others.reasons(topic, topic.equals(Topics.KEYS) ? "http" : Scheduler.NAME))
                .as(topic.name())
                .anyMatch(reason -> reason.contains("end-of-input"))
                .anyMatch(reason -> reason.matches(FIELD_RULE_AND_VALUE))));
    }

    @Test
    void ofManyTicksAtOnceOneRaises() throws Exception {
        start("careful", "").statusCode(201);
        RolloutState canary = last(RolloutStatus.RUNNING, 0);
        ExecutorService replicas = Executors.newFixedThreadPool(4);
        AtomicBoolean isOver = new AtomicBoolean();
        try {
            List<Future<Integer>> ticks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ticks.add(replicas.submit(() -> {
                    int count = 0;
                    while (!isOver.get()) {
                        desk.take(flag, RolloutEvent.Tick::new);
                        count++;
                    }
                    return count;
                }));
            }
            others.verdict(canary, "conversion", Decision.HEALTHY);
            last(RolloutStatus.RUNNING, 1);
            isOver.set(true);
            for (Future<Integer> each : ticks) {
                assertThat(each.get()).isPositive();
            }
        } finally {
            isOver.set(true);
            replicas.shutdownNow();
        }
        command(operator, "/1/pause", "{\"reason\":\"the last record\"}").statusCode(200);
        last(RolloutStatus.PAUSED, 1);
        assertThat(others.rolloutsOf(flag)).extracting(RolloutState::version).containsExactly(1L, 2L, 3L);
        assertThat(lastOf(flag).allocations()).hasSize(2);
    }

    @Test
    void aRolloutIsRaisedByProofAndEndedByARollback() {
        start("careful", "").statusCode(201).body("status", equalTo("RUNNING")).body("epoch", equalTo(1));
        RolloutState canary = last(RolloutStatus.RUNNING, 0);

        others.verdict(canary, "conversion", Decision.UNDECIDED, Reason.NOT_ENOUGH_EVIDENCE);
        await().atMost(PATIENCE).untilAsserted(() -> get("/1/why")
                .body("stage", equalTo("canary"))
                .body("sentence", containsString("not proven: conversion (not decided: evidence is still growing)"))
                .body("checks.find { it.name == 'guardrails' }.passed", equalTo(false))
                .body("guardrails[0].sentence", startsWith("conversion -3.0 %")));

        others.verdict(canary, "conversion", Decision.HEALTHY);
        RolloutState quarter = last(RolloutStatus.RUNNING, 1);
        assertThat(quarter.allocation().orElseThrow().number()).isEqualTo(2);

        others.rollback(flag, 1, RollbackTarget.ALL);
        RolloutState rolledBack = last(RolloutStatus.ROLLED_BACK, 1);
        assertThat(rolledBack.reason()).isEqualTo("rolled back: conversion fell by 31 %");

        others.verdict(quarter, "conversion", Decision.HEALTHY);
        command(releaser, "/1/advance", "{\"reason\":\"again\",\"override\":true}")
                .statusCode(409)
                .body("code", equalTo("finished"));
        command(releaser, "/1/resume", "{\"reason\":\"again\"}").statusCode(409);
        assertThat(others.rolloutsOf(flag)).extracting(RolloutState::version).containsExactly(1L, 2L, 3L);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(auditOf(flag))
                .extracting(AuditEvent::action)
                .containsExactly("rollout.start", "rollout.advance", "rollout.rolled-back"));
        assertThat(auditOf(flag).get(0).actor().name()).isEqualTo("ann");

        start("careful", "").statusCode(201).body("epoch", equalTo(2));
        given().header("X-API-Key", releaser.text())
                .get("/api/v1/rollouts/" + flag.key() + "/history")
                .then()
                .statusCode(200)
                .body("items.status", equalTo(List.of("ROLLED_BACK", "RUNNING")));
    }

    @Test
    void applyingTheSameDocumentAgainStartsNothing() {
        start("careful", "?apply=true").statusCode(201);
        start("careful", "?apply=true")
                .statusCode(200)
                .body("epoch", equalTo(1))
                .body("note", equalTo("unchanged: epoch 1 is running"));
        others.rollback(flag, 1, RollbackTarget.ALL);
        last(RolloutStatus.ROLLED_BACK, 0);
        start("careful", "?apply=true")
                .statusCode(200)
                .body("status", equalTo("ROLLED_BACK"))
                .body("note", equalTo("drift ignored: rolled back at epoch 1"));
        assertThat(others.rolloutsOf(flag)).hasSize(2);
    }

    @Test
    void aRepeatedCommandIsAnsweredOnce() {
        String first = startWithKey("careful", "once").statusCode(201).extract().path("createdAt");
        startWithKey("careful", "once").statusCode(200).body("createdAt", equalTo(first));
        startWithKey("careful", "another").statusCode(409).body("code", equalTo("rollout-exists"));
        given().header("X-API-Key", releaser.text())
                .header("Idempotency-Key", "once")
                .contentType("application/json")
                .body("{\"reason\":\"other\"}")
                .post("/api/v1/rollouts/" + flag.key() + "/1/cancel")
                .then()
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        given().header("X-API-Key", releaser.text())
                .contentType("application/yaml")
                .body(document(flag, "missing", "blue"))
                .post("/api/v1/rollouts")
                .then()
                .statusCode(422)
                .body("code", equalTo("invalid-rollout"))
                .body("errors.field", equalTo(List.of("spec.treatments", "spec.template")));
        given().header("X-API-Key", releaser.text())
                .contentType("application/yaml")
                .body("kind: Rollout".getBytes(StandardCharsets.UTF_8))
                .post("/api/v1/rollouts")
                .then()
                .statusCode(400)
                .body("errors.field", hasItem("apiVersion"));
    }

    @Test
    void aStartNamesPathRuleAndValueOfWhatItCannotHonour() {
        start("goals", "")
                .statusCode(422)
                .contentType("application/problem+json")
                .body("code", equalTo("not-yet-supported"))
                .body("errors[0].field", equalTo("spec.template.goals"))
                .body("errors[0].rule", equalTo("is not supported yet"))
                .body("errors[0].value", equalTo("conversion"))
                .body("detail", containsString("spec.template.goals is not supported yet, was conversion"));
        start("by-device", "")
                .statusCode(422)
                .body("code", equalTo("invalid-rollout"))
                .body("errors[0].field", equalTo("spec.template.guardrails[0].metric"))
                .body("errors[0].rule", startsWith("must count units of kind user"))
                .body("errors[0].value", equalTo("device"));
        assertThat(others.rolloutsOf(flag)).isEmpty();
    }

    @Test
    void nothingStartsBeforeSomebodyElseAgreedAndNobodyHearsOfItBefore() {
        start("approved", "").statusCode(201).body("status", equalTo("AWAITING_APPROVAL"));
        String hash = get("/1/why")
                .body("sentence", containsString("stage canary needs an approval by releaser, has 0"))
                .extract()
                .path("approvals[0].hash");
        command(releaser, "/1/approve", "{\"reason\":\"mine\",\"hash\":\"" + hash + "\"}")
                .statusCode(403)
                .body("code", equalTo("own-approval"));
        command(bob, "/1/approve", "{\"reason\":\"as I saw it\",\"hash\":\"0\"}")
                .statusCode(409)
                .body("code", equalTo("stale-approval"))
                .body("current.status", equalTo("AWAITING_APPROVAL"));
        command(releaser, "/1/start", "{\"reason\":\"now\"}").statusCode(403).body("code", equalTo("approval-needed"));
        assertThat(others.rolloutsOf(flag)).as("it is nobody else's concern").isEmpty();

        command(bob, "/1/approve", "{\"reason\":\"looks good\",\"hash\":\"" + hash + "\"}")
                .statusCode(200)
                .body("status", equalTo("RUNNING"));
        last(RolloutStatus.RUNNING, 0);
        get("/1/timeline")
                .body("items[0].what", equalTo("approval asked"))
                .body("items[1].what", equalTo("approved"))
                .body("items[1].by.name", equalTo("bob"))
                .body("items[1].reason", equalTo("looks good"))
                .body("items[2].what", equalTo("started"));
    }

    @Test
    void aDraftIsReviewedTightenedAndStarted() {
        start("careful", "?draft=true").statusCode(201).body("status", equalTo("DRAFT"));
        command(releaser, "/1/review", "{\"reason\":\"please\",\"reviewer\":\"bob\"}")
                .statusCode(200)
                .body("status", equalTo("AWAITING_APPROVAL"));
        command(
                        bob,
                        "/1/edit",
                        "{\"reason\":\"errors too\",\"guardrails\":[" + guardrail("conversion", 0.2) + ","
                                + guardrail("missing", 0.2) + "]}")
                .statusCode(422)
                .body("errors[0].field", equalTo("guardrails[1].metric"));
        command(bob, "/1/edit", "{\"reason\":\"stricter\",\"guardrails\":[" + guardrail("conversion", 0.1) + "]}")
                .statusCode(200)
                .body("plan.guardrails[0].threshold", equalTo(0.1f));
        String hash = get("/1/why").extract().path("approvals[0].hash");
        command(bob, "/1/approve", "{\"reason\":\"good\",\"hash\":\"" + hash + "\"}")
                .statusCode(200);
        command(bob, "/1/start", "{\"reason\":\"go\"}").statusCode(200).body("status", equalTo("RUNNING"));
        assertThat(last(RolloutStatus.RUNNING, 0).plan().guardrails().get(0).threshold())
                .isEqualTo(0.1);
        command(bob, "/1/edit", "{\"reason\":\"too late\",\"guardrails\":[]}")
                .statusCode(409)
                .body("code", equalTo("started"));
    }

    @Test
    void whoeverIsLateSeesWhatCameBefore() {
        start("careful", "").statusCode(201);
        command(releaser, "/1/jump", "{\"reason\":\"on\",\"stage\":\"half\"}")
                .statusCode(409)
                .body("code", equalTo("stages-left"));
        command(releaser, "/1/jump", "{\"reason\":\"on\",\"stage\":\"nowhere\"}")
                .statusCode(422)
                .body("code", equalTo("unknown-stage"));
        command(operator, "/1/jump", "{\"reason\":\"on\",\"stage\":\"half\",\"override\":true}")
                .statusCode(403);
        command(releaser, "/1/jump", "{\"reason\":\"on\",\"stage\":\"half\",\"override\":true,\"expectedVersion\":1}")
                .statusCode(200);
        last(RolloutStatus.RUNNING, 2);
        for (String verb : List.of("pause", "resume", "advance", "cancel", "complete", "unpin")) {
            command(releaser, "/1/" + verb, "{\"reason\":\"late\",\"expectedVersion\":1}")
                    .statusCode(409)
                    .contentType("application/problem+json")
                    .header("ETag", "\"2\"")
                    .body("code", equalTo("stale"))
                    .body("current.version", equalTo(2))
                    .body("current.allocations", hasSize(2));
        }
        command(releaser, "/1/jump", "{\"reason\":\"back\",\"stage\":\"canary\",\"override\":true}")
                .statusCode(409)
                .body("code", equalTo("not-forward"));
        command(operator, "/1/pin", "{\"reason\":\"stay\",\"stage\":\"half\"}").statusCode(200);
        get("/1/why").body("checks.find { it.name == 'pin' }.passed", equalTo(false));
    }

    @Test
    void afterABreachThereIsAReportAndAnotherTryIsSaidToBeOne() {
        start("careful", "").statusCode(201);
        RolloutState canary = last(RolloutStatus.RUNNING, 0);
        others.verdict(canary, "conversion", Decision.HEALTHY);
        RolloutState quarter = last(RolloutStatus.RUNNING, 1);
        others.breach(quarter, "conversion");
        last(RolloutStatus.ROLLED_BACK, 1);

        get("/1/timeline")
                .body("items.what", equalTo(List.of("started", "raised", "breach", "rolled back")))
                .body("items[3].by.name", equalTo("rollback-controller"))
                .body("items[2].numbers[0]", startsWith("conversion of on, breached; conversion -3.0 %"));
        get("/1/report")
                .body("answer", equalTo("It did not work: rolled back: conversion fell by 31 %."))
                .body("stages.name", equalTo(List.of("canary", "quarter")))
                .body("exposed.on", equalTo(1000))
                .body("guardrails.find { it.decision == 'BREACHED' }.name", equalTo("conversion"));
        String page = given().header("X-API-Key", operator.text())
                .accept("text/markdown")
                .get("/api/v1/rollouts/" + flag.key() + "/1/report")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(page).startsWith("# " + flag.key() + "#1").contains("| conversion | on | everyone | breached |");

        command(releaser, "/restart", "{\"reason\":\"fixed\"}")
                .statusCode(409)
                .body("code", equalTo("breach-stands"))
                .body("current.epoch", equalTo(1));
        command(releaser, "/restart", "{\"override\":true}").statusCode(400);
        command(releaser, "/restart", "{\"reason\":\"fixed\",\"override\":true,\"from\":\"quarter\"}")
                .statusCode(201)
                .body("epoch", equalTo(2))
                .body("allocations[0].stage", equalTo(1))
                .body("plan.template", equalTo("careful@1"));
        get("/timeline").body("items.epoch", hasItem(2));
        get("/1/report").body("guardrails", hasSize(1));
    }

    @Test
    void aFreezeHoldsStartsUntilItIsLifted() {
        FlagRef frozen = new FlagRef("shop", "frozen-" + COUNT.get(), flag.flag());
        others.flag(frozen, 1);
        String id = given().header("X-API-Key", operator.text())
                .contentType("application/json")
                .body("{\"project\":\"shop\",\"environment\":\"" + frozen.environment()
                        + "\",\"until\":\"2999-01-01T00:00:00Z\",\"reason\":\"sale\"}")
                .post("/api/v1/rollouts/freezes")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        startOf(frozen).statusCode(409).body("code", equalTo("frozen"));
        given().header("X-API-Key", operator.text())
                .delete("/api/v1/rollouts/freezes/" + id + "?reason=over")
                .then()
                .statusCode(403);
        given().header("X-API-Key", releaser.text())
                .delete("/api/v1/rollouts/freezes/" + id + "?reason=over")
                .then()
                .statusCode(204);
        given().header("X-API-Key", releaser.text())
                .get("/api/v1/rollouts/freezes?project=shop")
                .then()
                .statusCode(200)
                .body("items.id", not(hasItem(id)));
        startOf(frozen).statusCode(201);
        given().header("X-API-Key", operator.text())
                .contentType("application/json")
                .body("{\"project\":\"shop\",\"until\":\"2020-01-01T00:00:00Z\",\"reason\":\"sale\"}")
                .post("/api/v1/rollouts/freezes")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("until"));
    }

    @Test
    void anOlderVersionOfATemplateThatIsKeptIsStarted() {
        others.template("shop", "kept", "conversion", 2);
        others.templateVersion("shop", "kept", "conversion", 1);
        await().atMost(PATIENCE).until(() -> facts.template("shop", "kept", 1).isPresent());
        start("kept@1", "").statusCode(201).body("plan.template", equalTo("kept@1"));
        given().header("X-API-Key", operator.text())
                .get("/api/v1/rollouts/drift?project=shop&limit=1000")
                .then()
                .statusCode(200)
                .body("items.find { it.rollout == '" + flag.key() + "#1' }.newest", equalTo(2))
                .body("items.find { it.rollout == '" + flag.key() + "#1' }.differs", hasSize(0));
    }

    @Test
    void aScheduledRolloutBeginsAtItsTime() {
        String startAt = Instant.now().plusSeconds(4).toString();
        startWith("careful", "  startAt: " + startAt + "\n")
                .statusCode(201)
                .body("status", equalTo("SCHEDULED"))
                .body("startsAt", equalTo(startAt))
                .body("allocations", hasSize(0));
        get("/1/why").body("sentence", equalTo("It starts at " + startAt + "."));
        command(releaser, "/1/advance", "{\"reason\":\"now\"}").statusCode(409).body("code", equalTo("not-started"));

        RolloutState begun = last(RolloutStatus.RUNNING, 0);
        assertThat(begun.updatedAt()).isAfterOrEqualTo(Instant.parse(startAt));
        assertThat(begun.startsAt()).isNull();
        assertThat(begun.allocations()).hasSize(1);

        command(operator, "/1/cancel", "{\"reason\":\"enough\"}").statusCode(200);
        startWith("careful", "  startAt: 2020-01-01T00:00:00Z\n")
                .statusCode(201)
                .body("status", equalTo("RUNNING"));
    }

    @Test
    void aScheduledRolloutThatIsKilledNeverBegins() {
        startWith("careful", "  startAt: 2999-01-01T00:00:00+02:00\n")
                .statusCode(201)
                .body("startsAt", equalTo("2998-12-31T22:00:00Z"));
        others.rollback(flag, 1, RollbackTarget.KILL);
        last(RolloutStatus.ROLLED_BACK, -1);
    }

    @Test
    void aKillThatTheStartMissedEndsTheRollout() {
        start("careful", "").statusCode(201);
        last(RolloutStatus.RUNNING, 0);
        others.rollback(flag, 0, RollbackTarget.KILL);
        assertThat(last(RolloutStatus.ROLLED_BACK, 0).reason()).startsWith("killed: ");
        start("careful", "").statusCode(409).body("code", equalTo("killed"));
        command(releaser, "/restore", "{\"reason\":\"looked at\"}")
                .statusCode(201)
                .body("epoch", equalTo(2));
        start("careful", "").statusCode(201).body("epoch", equalTo(3));
    }

    @Test
    void whatWasStartedOrAnsweredBeforeIsLeftAloneWhateverBecameOfItsTemplate() {
        start("changing@1", "?apply=true").statusCode(201);
        startWithKey("changing@1", "before").statusCode(409);
        command(operator, "/1/cancel", "{\"reason\":\"again\"}").statusCode(200);
        startWithKey("changing@1", "first").statusCode(201).body("epoch", equalTo(2));
        others.template("shop", "changing", "conversion", 2);
        await().atMost(PATIENCE)
                .until(() -> facts.template("shop", "changing").orElseThrow().version() == 2);

        start("changing@1", "?apply=true").statusCode(200).body("note", equalTo("unchanged: epoch 2 is running"));
        startWithKey("changing@1", "first").statusCode(200).body("note", equalTo("answered before"));
        start("changing@1", "")
                .statusCode(422)
                .body("errors[0].rule", equalTo("must be the newest version, changing@2, or one that is kept"));
        others.rollback(flag, 2, RollbackTarget.KILL);
        last(RolloutStatus.ROLLED_BACK, 0);
        command(releaser, "/restore", "{\"reason\":\"fixed\"}").statusCode(201);
        start("changing@1", "?apply=true")
                .statusCode(200)
                .body("note", equalTo("drift ignored: rolled back at epoch 2"));
    }

    @Test
    void anOldTagStopsACommand() {
        start("careful", "").statusCode(201).header("ETag", "\"1\"");
        commandIf("\"7\"").statusCode(412).body("code", equalTo("precondition-failed"));
        commandIf("yesterday").statusCode(412);
        commandIf("\"1\"").statusCode(200).header("ETag", "\"2\"");
    }

    @Test
    void anIdempotencyKeyHasAnEnd() {
        startWithKey("careful", "x".repeat(201)).statusCode(400).body("detail", containsString("Idempotency-Key"));
    }

    @Test
    void whatTheTopicLostIsSaidAgain() {
        start("careful", "").statusCode(201);
        last(RolloutStatus.RUNNING, 0);
        others.rollout(flag, null);
        await().atMost(PATIENCE).until(() -> facts.rollout(flag).isEmpty());

        reconciler.run();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(others.rolloutsOf(flag))
                .extracting(RolloutState::version)
                .containsExactly(1L, 1L));
    }

    @Test
    void whatTheTopicKnowsBetterIsTakenOver() {
        start("careful", "").statusCode(201);
        RolloutState known = last(RolloutStatus.RUNNING, 0);
        others.rollout(flag, Given.in(RolloutStatus.PAUSED, at(known, 7, 12)));
        await().atMost(PATIENCE).until(() -> facts.rollout(flag).orElseThrow().epoch() == 7);

        reconciler.run();

        get("").body("epoch", equalTo(7)).body("status", equalTo("PAUSED"));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(auditOf(flag)).extracting(AuditEvent::action).contains("rollout.adopt"));
        command(releaser, "/7/resume", "{\"reason\":\"known again\"}")
                .statusCode(200)
                .body("status", equalTo("RUNNING"));
        command(operator, "/7/cancel", "{\"reason\":\"enough\"}").statusCode(200);
        start("careful", "").statusCode(201).body("epoch", equalTo(8));
    }

    @Test
    void operatorsStopAndReleasersRaise() {
        start(operator, "careful", "").statusCode(403);
        start("careful", "").statusCode(201);
        command(operator, "/1/pause", "{\"reason\":\"lunch\"}").statusCode(200).body("status", equalTo("PAUSED"));
        command(operator, "/1/resume", "{\"reason\":\"back\"}").statusCode(403);
        command(operator, "/1/pause", "{}").statusCode(400).body("errors[0].field", equalTo("reason"));
        command(releaser, "/1/resume", "{\"reason\":\"back\",\"expectedVersion\":1}")
                .statusCode(409)
                .body("code", equalTo("stale"));
        command(releaser, "/1/resume", "{\"reason\":\"back\",\"expectedVersion\":2}")
                .statusCode(200)
                .body("status", equalTo("RUNNING"));
        command(operator, "/1/cancel", "{\"reason\":\"no more\"}")
                .statusCode(200)
                .body("status", equalTo("CANCELLED"));
        command(operator, "/7/cancel", "{\"reason\":\"no more\"}").statusCode(404);
    }

    @Test
    void aKilledFlagIsRestoredByAPersonInANewEpoch() {
        start("careful", "").statusCode(201);
        others.rollback(flag, 1, RollbackTarget.KILL);
        last(RolloutStatus.ROLLED_BACK, 0);
        start("careful", "").statusCode(409).body("code", equalTo("killed"));
        command(releaser, "/restore", "{\"reason\":\"fixed in 1.2\"}")
                .statusCode(201)
                .body("status", equalTo("RESTORED"))
                .body("epoch", equalTo(2));
        command(releaser, "/restore", "{\"reason\":\"again\"}").statusCode(409).body("code", equalTo("not-killed"));
        start("careful", "").statusCode(201).body("epoch", equalTo(3));
    }

    @Test
    void anotherTargetingIsANewAllocation() {
        start("careful", "").statusCode(201);
        others.flag(flag, 2, new Prerequisite("other-flag", List.of("on")));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lastOf(flag).allocations()).hasSize(2));
        assertThat(lastOf(flag).allocations().get(1).stage()).isZero();
        others.rollback(flag, 1, RollbackTarget.segment("country", "FR"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lastOf(flag).allocations()).hasSize(3));
    }

    @Test
    void ofManyAdvancesOfOneVersionOneIsObeyed() throws Exception {
        start("careful", "").statusCode(201);
        ExecutorService people = Executors.newFixedThreadPool(8);
        try {
            List<Future<Response>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(people.submit(() -> given().header("X-API-Key", releaser.text())
                        .contentType("application/json")
                        .body("{\"reason\":\"now\",\"override\":true,\"expectedVersion\":1}")
                        .post("/api/v1/rollouts/" + flag.key() + "/1/advance")));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Response> answer : answers) {
                statuses.add(answer.get().statusCode());
            }
            assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 409);
        } finally {
            people.shutdownNow();
        }
    }

    @Test
    void whatWasSaidDuringAnOutageOfTheDatabaseCountsAfterIt() throws IOException {
        start("careful", "").statusCode(201);
        last(RolloutStatus.RUNNING, 0);
        Infrastructure.database().stop();

        others.rollback(flag, 1, RollbackTarget.ALL);
        given().header("X-API-Key", releaser.text())
                .get("/api/v1/rollouts/" + flag.key())
                .then()
                .statusCode(503)
                .body("code", equalTo("database-unavailable"));
        given().get("/q/health/ready").then().statusCode(200);

        Infrastructure.database().restart();
        last(RolloutStatus.ROLLED_BACK, 0);
        get("").body("status", equalTo("ROLLED_BACK"));
    }

    @Test
    void aFlagThatAnotherReplicaDecidesAboutHoldsNobodyUp() throws SQLException {
        start("careful", "").statusCode(201);
        RolloutState canary = last(RolloutStatus.RUNNING, 0);
        FlagRef held = new FlagRef("shop", "production", "held-" + flag.flag());
        others.flag(held, 1);
        given().header("X-API-Key", releaser.text())
                .contentType("application/yaml")
                .body(document(held, "careful"))
                .post("/api/v1/rollouts")
                .then()
                .statusCode(201);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(others.rolloutsOf(held)).hasSize(1));

        try (Connection replica = Infrastructure.connect();
                PreparedStatement lock =
                        replica.prepareStatement("select key from rollout_scheduler.flag where key = ? for update")) {
            replica.setAutoCommit(false);
            lock.setString(1, held.key());
            assertThat(lock.executeQuery().next()).isTrue();
            others.rollback(held, 1, RollbackTarget.ALL);
            others.verdict(canary, "conversion", Decision.HEALTHY);
            last(RolloutStatus.RUNNING, 1);
            assertThat(lastOf(held).status()).isEqualTo(RolloutStatus.RUNNING);
            replica.rollback();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lastOf(held).status()).isEqualTo(RolloutStatus.ROLLED_BACK));
    }

    @Test
    void describesItself() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body(
                        "paths.'/api/v1/rollouts'.post.requestBody.content.'application/yaml'.schema.$ref",
                        equalTo("#/components/schemas/Document"))
                .body(
                        "paths.'/api/v1/rollouts/{project}/{environment}/{flag}/{epoch}/advance'.post.requestBody"
                                + ".content.'application/json'.schema.$ref",
                        equalTo("#/components/schemas/CommandBody"))
                .body("paths.'/api/v1/rollouts'.get.responses.'403'.$ref", equalTo("#/components/responses/Problem"));
    }

    @Test
    void listsTheLatestRolloutOfEachFlag() {
        start("careful", "").statusCode(201);
        given().header("X-API-Key", operator.text())
                .get("/api/v1/rollouts?project=shop&environment=production&limit=1000")
                .then()
                .statusCode(200)
                .body("items.findAll { it.flag == '" + flag.flag() + "' }", hasSize(1));
        given().get("/api/v1/rollouts").then().statusCode(401);
    }

    private ValidatableResponse start(String template, String query) {
        return start(releaser, template, query);
    }

    private ValidatableResponse start(KeyText key, String template, String query) {
        return given().header("X-API-Key", key.text())
                .contentType("application/yaml")
                .body(document(flag, template))
                .post("/api/v1/rollouts" + query)
                .then();
    }

    private static ValidatableResponse startOf(FlagRef ref) {
        return given().header("X-API-Key", releaser.text())
                .contentType("application/yaml")
                .body(document(ref, "careful"))
                .post("/api/v1/rollouts")
                .then();
    }

    private static String guardrail(String metric, double falls) {
        return "{\"name\":\"" + metric + "\",\"metric\":\"" + metric + "\",\"limit\":\"falls\",\"threshold\":" + falls
                + ",\"then\":\"rollback\",\"scope\":\"auto\"}";
    }

    private ValidatableResponse startWith(String template, String more) {
        byte[] text =
                (new String(document(flag, template), StandardCharsets.UTF_8) + more).getBytes(StandardCharsets.UTF_8);
        return given().header("X-API-Key", releaser.text())
                .contentType("application/x-yaml")
                .body(text)
                .post("/api/v1/rollouts")
                .then();
    }

    private ValidatableResponse commandIf(String tag) {
        return given().header("X-API-Key", releaser.text())
                .header("If-Match", tag)
                .contentType("application/json")
                .body("{\"reason\":\"lunch\"}")
                .post("/api/v1/rollouts/" + flag.key() + "/1/pause")
                .then();
    }

    private static RolloutState at(RolloutState state, int epoch, long version) {
        return new RolloutState(
                state.project(),
                state.environment(),
                state.flag(),
                epoch,
                version,
                state.status(),
                state.plan(),
                state.allocations(),
                state.stageSince(),
                null,
                state.asked(),
                state.by(),
                state.reason(),
                state.createdAt(),
                state.updatedAt());
    }

    private ValidatableResponse startWithKey(String template, String idempotencyKey) {
        return given().header("X-API-Key", releaser.text())
                .header("Idempotency-Key", idempotencyKey)
                .contentType("application/yaml")
                .body(document(flag, template))
                .post("/api/v1/rollouts")
                .then();
    }

    private ValidatableResponse command(KeyText key, String path, String body) {
        return given().header("X-API-Key", key.text())
                .contentType("application/json")
                .body(body)
                .post("/api/v1/rollouts/" + flag.key() + path)
                .then();
    }

    private ValidatableResponse get(String path) {
        return given().header("X-API-Key", operator.text())
                .get("/api/v1/rollouts/" + flag.key() + path)
                .then()
                .statusCode(200);
    }

    /** Waits until the last record says so. */
    private RolloutState last(RolloutStatus status, int stage) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(others.rolloutsOf(flag)).isNotEmpty();
            assertThat(lastOf(flag).status()).isEqualTo(status);
            assertThat(lastOf(flag).stage()).isEqualTo(stage);
        });
        return lastOf(flag);
    }

    private static RolloutState lastOf(FlagRef ref) {
        List<RolloutState> all = others.rolloutsOf(ref);
        return all.get(all.size() - 1);
    }

    private static List<AuditEvent> auditOf(FlagRef ref) {
        return others.audit.stream()
                .filter(event -> event.subject().equals(ref.key()))
                .toList();
    }

    private static byte[] document(FlagRef ref, String template) {
        return document(ref, template, "on");
    }

    private static byte[] document(FlagRef ref, String template, String treatment) {
        return """
                apiVersion: belay.dev/v1
                kind: Rollout
                spec:
                  project: %s
                  environment: %s
                  flag: %s
                  template: %s
                  control: "off"
                  treatments: ["%s"]
                """.formatted(ref.project(), ref.environment(), ref.flag(), template, treatment)
                .getBytes(StandardCharsets.UTF_8);
    }
}
