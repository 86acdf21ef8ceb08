// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole installation is killed in the middle of a rollout, and again right after it was taken back. */
@Tag("thorough")
@Execution(ExecutionMode.CONCURRENT)
class KilledInstallationST {
    private static final int BATCH = 200;
    private static final int UNITS = 4_000;
    private static final String ROLLOUT = """
            apiVersion: belay.dev/v1
            kind: Rollout
            metadata: { name: half-of-everyone }
            spec: { project: shop, environment: production, flag: new-checkout, template: half, control: "off", treatments: ["on"] }
            """;

    @TempDir
    Path folder;

    @Test
    void countsStayExactAndWhatWasTakenBackStaysTakenBack() throws IOException, InterruptedException {
        try (Installed belay = new Installed(folder.resolve("data"))) {
            belay.start();
            prepare(belay);
            List<String> harmless = events(0, UNITS, 5);
            send(belay, harmless.subList(0, harmless.size() / 2));
            belay.kill();

            belay.start();
            // A sender that does not know what arrived sends all of it again.
            send(belay, harmless);
            drain(belay);
            JsonNode evidence = belay.get("/api/v1/evidence/shop/production/new-checkout")
                    .body()
                    .path("items")
                    .path(0);
            assertThat(evidence.path("control").path("exposed").asInt()).isEqualTo(UNITS / 2);
            assertThat(evidence.path("control").path("events").asInt()).isEqualTo(UNITS / 2 / 5);
            assertThat(evidence.path("treatment").path("exposed").asInt()).isEqualTo(UNITS / 2);
            assertThat(evidence.path("treatment").path("events").asInt()).isEqualTo(UNITS / 2 / 5);
            assertThat(status(belay)).isEqualTo("RUNNING");

            send(belay, events(UNITS, 3 * UNITS, 50));
            Awaitility.await().atMost(Installed.PATIENCE).until(() -> !rollbacks(belay)
                    .isEmpty());
            belay.kill();

            belay.start();
            assertThat(rollbacks(belay)).hasSize(1);
            assertThat(servedVariants(belay)).containsOnly("off");
            Awaitility.await().atMost(Installed.PATIENCE).until(() -> status(belay)
                    .equals("ROLLED_BACK"));
            Installed.Answer again = belay.post("/api/v1/rollouts?apply=true", "application/yaml", ROLLOUT);
            assertThat(again.body().toString()).contains("drift ignored: rolled back at epoch 1");
            assertThat(servedVariants(belay)).containsOnly("off");
        }
    }

    private static void prepare(Installed belay) throws IOException, InterruptedException {
        String head = "apiVersion: belay.dev/v1\nkind: ";
        put(belay, "/api/v1/flags/shop/production/new-checkout", head + """
                Flag
                metadata: { name: new-checkout }
                spec: { project: shop, environment: production, type: boolean, variants: { "on": true, "off": false }, off: "off", default: "off" }
                """);
        put(belay, "/api/v1/metrics/shop/conversion", head + """
                Metric
                metadata: { name: conversion }
                spec: { project: shop, kind: conversion, event: purchase, within: 24h, goodWhen: up }
                """);
        put(belay, "/api/v1/templates/shop/half", head + """
                RolloutTemplate
                metadata: { name: half }
                spec:
                  project: shop
                  stages: [ { name: half, to: 50%, atLeast: 1h, advance: byHand } ]
                  guardrails: [ { metric: conversion, falls: 20% } ]
                """);
        Installed.Answer started = belay.post("/api/v1/rollouts", "application/yaml", ROLLOUT);
        assertThat(started.status()).as(started.body().toString()).isBetween(200, 299);
        Awaitility.await()
                .atMost(Installed.PATIENCE)
                .until(() -> servedVariants(belay).size() == 2);
    }

    private static void put(Installed belay, String path, String yaml) throws IOException, InterruptedException {
        Installed.Answer answer = belay.put(path, yaml);
        assertThat(answer.status()).as(answer.body().toString()).isBetween(200, 299);
    }

    /**
     * Units that were assigned elsewhere, every second one to the treatment.
     *
     * @param treatedEvery every how many-th treated unit converts; of control every fifth does
     */
    private static List<String> events(int from, int to, int treatedEvery) {
        List<String> events = new ArrayList<>();
        Instant at = Instant.now();
        for (int i = from; i < to; i++) {
            boolean treated = i % 2 == 1;
            Map<String, Object> exposure = new LinkedHashMap<>();
            exposure.put("type", "exposure");
            exposure.put("id", "x" + i);
            exposure.put("flag", "new-checkout");
            exposure.put("unit", "u" + i);
            exposure.put("variant", treated ? "on" : "off");
            exposure.put("epoch", 1);
            exposure.put("allocation", 1);
            exposure.put("clause", "rest");
            exposure.put("at", at.toString());
            events.add(Json.write(exposure));
            if (i / 2 % (treated ? treatedEvery : 5) == 0) {
                events.add(Json.write(Map.of(
                        "type", "outcome", "id", "o" + i, "event", "purchase", "unit", "u" + i, "at", at.toString())));
            }
        }
        return events;
    }

    private static void send(Installed belay, List<String> events) throws IOException, InterruptedException {
        for (int from = 0; from < events.size(); from += BATCH) {
            List<String> batch = events.subList(from, Math.min(events.size(), from + BATCH));
            Installed.Answer answer = belay.post("/api/v1/events", "application/x-ndjson", String.join("\n", batch));
            assertThat(answer.body().path("accepted").asInt())
                    .as(answer.body().toString())
                    .isEqualTo(batch.size());
        }
    }

    private static void drain(Installed belay) throws IOException, InterruptedException {
        Installed.Answer answer = belay.post("/api/v1/evidence/drain", "application/json", "{}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private static String status(Installed belay) throws IOException, InterruptedException {
        return belay.get("/api/v1/rollouts/shop/production/new-checkout")
                .body()
                .path("status")
                .asText();
    }

    private static List<JsonNode> rollbacks(Installed belay) throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        belay.get("/api/v1/rollbacks?project=shop&environment=production&flag=new-checkout")
                .body()
                .path("items")
                .forEach(all::add);
        return all;
    }

    /** Returns the different variants that forty units are served; asking for all flags at once exposes nobody. */
    private static Set<String> servedVariants(Installed belay) throws IOException, InterruptedException {
        Set<String> all = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            Installed.Answer answer = belay.post(
                    "/ofrep/v1/evaluate/flags", "application/json", "{\"context\":{\"targetingKey\":\"v" + i + "\"}}");
            answer.body()
                    .path("flags")
                    .forEach(flag -> all.add(flag.path("variant").asText()));
        }
        return all;
    }
}
