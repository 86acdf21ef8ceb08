// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.belay.contracts.Json;
import dev.belay.standalone.Api;
import dev.belay.standalone.distributed.Replica;
import dev.belay.systemtests.history.Entry;
import dev.belay.systemtests.history.History;

/**
 * One flag and its rollout: half of everyone, then four of five. Its users were assigned elsewhere, every second one to the
 * treatment, so that every count is known. Six of ten buy; with harm, 30 % fewer of those with the treatment.
 */
public final class Story {
    /** The rollout's two stages, the names of its template and channel. */
    static final String TEMPLATE = "half-then-most";

    private static final String CHANNEL = "oncall";
    private static final String HEAD = "apiVersion: belay.dev/v1\nkind: ";
    private static final String YAML = "application/yaml";
    private static final String JSON = "application/json";
    private static final String CONTEXT = "{\"context\":{\"targetingKey\":\"anybody\"}}";
    private static final int CONVERT = 60;
    private static final int CONVERT_HARMED = 42;
    private static final int SPREAD = 37;
    private static final int HUNDRED = 100;
    private static final long PAUSE_MILLIS = 100;

    private final String flag;
    private int next;

    public Story(String flag) {
        this.flag = flag;
    }

    public String flag() {
        return flag;
    }

    /** Returns how many users there were so far. */
    public int users() {
        return next;
    }

    /** Writes what all stories share. */
    public static void share(Cluster cluster) throws IOException, InterruptedException {
        Api admin = cluster.admin();
        patiently(() -> admin.put("/api/v1/metrics/shop/conversion", YAML, HEAD + """
                Metric
                metadata: { name: conversion }
                spec: { project: shop, kind: conversion, event: purchase, within: 24h, goodWhen: up }
                """));
        patiently(() -> admin.put(
                "/api/v1/channels/shop/" + CHANNEL,
                YAML,
                HEAD + """
                Channel
                metadata: { name: oncall }
                spec: { project: shop, type: slack-webhook, url: "%s" }
                """.formatted(cluster.slack().url())));
        patiently(() -> admin.put("/api/v1/templates/shop/" + TEMPLATE, YAML, HEAD + """
                RolloutTemplate
                metadata: { name: half-then-most }
                spec:
                  project: shop
                  stages:
                    - { name: half, to: 50%, atLeast: 2s, advance: noSignOfHarm }
                    - { name: most, to: 80%, atLeast: 1h, advance: byHand }
                  guardrails: [ { metric: conversion, falls: 20% } ]
                  tell: [ oncall ]
                """));
    }

    /**
     * Kills a flag of an installation that has seen neither a rollout nor a rollback, as soon as every edge serves it.
     *
     * @return the incident, once every edge it names has confirmed
     */
    static JsonNode firstKill(Cluster cluster) throws IOException, InterruptedException {
        Story first = new Story("first-of-all");
        first.writeFlag(cluster);
        for (Replica edge : cluster.edges()) {
            Api server = cluster.server(edge);
            patiently(() -> server.post("/ofrep/v1/evaluate/flags/" + first.flag, JSON, CONTEXT));
        }
        cluster.admin().post("/api/v1/kills", JSON, first.kill("the first of all"));
        Instant end = Instant.now().plus(Cluster.PATIENCE);
        JsonNode incident = MissingNode.getInstance();
        while (!incident.path("status").asText().equals("CONFIRMED")
                && Instant.now().isBefore(end)) {
            Thread.sleep(PAUSE_MILLIS);
            incident = patiently(() -> cluster.admin().get("/api/v1/incidents" + first.about()))
                    .orElse(MissingNode.getInstance())
                    .path("items")
                    .path(0);
        }
        return incident;
    }

    /** Returns the body of the request that kills the flag. */
    public String kill(String reason) {
        return "{\"project\":\"shop\",\"environment\":\"production\",\"flag\":\"" + flag + "\",\"reason\":\"" + reason
                + "\"}";
    }

    /** Writes the flag and starts its rollout. */
    public void begin(Cluster cluster) throws IOException, InterruptedException {
        writeFlag(cluster);
        Api admin = cluster.admin();
        patiently(() -> admin.post("/api/v1/rollouts?apply=true", YAML, manifest()));
    }

    private void writeFlag(Cluster cluster) throws IOException, InterruptedException {
        Api admin = cluster.admin();
        patiently(() -> admin.put("/api/v1/flags/shop/production/" + flag, YAML, HEAD + """
                Flag
                metadata: { name: %s }
                spec: { project: shop, environment: production, type: boolean, variants: { "on": true, "off": false }, off: "off", default: "off" }
                """.formatted(flag)));
    }

    /** Ends the rollout, if it is not over. */
    void end(Cluster cluster) throws IOException, InterruptedException {
        Api admin = cluster.admin();
        String status = patiently(() -> admin.get(path()))
                .map(state -> state.path("status").asText())
                .orElse("");
        if (status.equals("RUNNING") || status.equals("PAUSED")) {
            patiently(() -> admin.post(path() + "/1/cancel", JSON, "{\"reason\":\"the round is over\"}"));
        }
    }

    /** Archives the flag; returns whether that was possible: flag-config-service has to know that the rollout is over. */
    boolean isArchived(Cluster cluster) throws InterruptedException {
        try {
            cluster.admin().delete("/api/v1/flags/shop/production/" + flag);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the document that starts the rollout. */
    public String manifest() {
        return HEAD + """
                Rollout
                metadata: { name: %s }
                spec: { project: shop, environment: production, flag: %s, template: half-then-most, control: "off", treatments: ["on"] }
                """.formatted(flag, flag);
    }

    /** Returns the paths of the flag's rollout. */
    public String path() {
        return "/api/v1/rollouts/shop/production/" + flag;
    }

    /** Returns what asks for the records about this flag. */
    public String about() {
        return "?project=shop&environment=production&flag=" + flag;
    }

    /**
     * Sends the next users, again and again until some edge has acknowledged all of them.
     *
     * @return whether it did; not when {@code patience} is over
     */
    public boolean send(Cluster cluster, int users, boolean harm, History history, Duration patience)
            throws InterruptedException {
        return send(cluster, cluster.edges(), users, harm, history, patience);
    }

    /** As the other, to some edges only. */
    public boolean send(
            Cluster cluster, List<Replica> edges, int users, boolean harm, History history, Duration patience)
            throws InterruptedException {
        List<String> events = new ArrayList<>();
        List<Entry> acknowledged = new ArrayList<>();
        for (int i = 0; i < users; i++) {
            add(next + i, harm, events, acknowledged);
        }
        Instant end = Instant.now().plus(patience);
        for (int attempt = next / users; Instant.now().isBefore(end); attempt++) {
            if (isTaken(cluster.server(edges.get(attempt % edges.size())), events)) {
                history.addAll(acknowledged);
                next += users;
                return true;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return false;
    }

    private static boolean isTaken(Api edge, List<String> events) throws InterruptedException {
        try {
            JsonNode answer = edge.post("/api/v1/events", "application/x-ndjson", String.join("\n", events));
            return answer.path("accepted").asInt() == events.size();
        } catch (IOException e) {
            return false;
        }
    }

    private void add(int number, boolean harm, List<String> events, List<Entry> acknowledged) {
        boolean treated = number % 2 == 1;
        boolean converts = number / 2 * SPREAD % HUNDRED < (treated && harm ? CONVERT_HARMED : CONVERT);
        String unit = flag + "-u" + number;
        String at = Instant.now().toString();
        Map<String, Object> exposure = new LinkedHashMap<>();
        exposure.put("type", "exposure");
        exposure.put("id", flag + "-x" + number);
        exposure.put("flag", flag);
        exposure.put("unit", unit);
        exposure.put("variant", treated ? "on" : "off");
        exposure.put("epoch", 1);
        exposure.put("allocation", 1);
        exposure.put("clause", "rest");
        exposure.put("at", at);
        events.add(Json.write(exposure));
        if (converts) {
            events.add(Json.write(Map.of(
                    "type", "outcome", "id", flag + "-o" + number, "event", "purchase", "unit", unit, "at", at)));
        }
        acknowledged.add(new Entry.Acknowledged(flag, unit, treated, converts));
    }

    /** A request. */
    @FunctionalInterface
    public interface Call<T> {
        T make() throws IOException, InterruptedException;
    }

    /** Makes a request until it succeeds: anything may be away for a while. */
    public static <T> T patiently(Call<T> call) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(Cluster.PATIENCE);
        while (true) {
            try {
                return call.make();
            } catch (IOException e) {
                if (Instant.now().isAfter(end)) {
                    throw e;
                }
                Thread.sleep(PAUSE_MILLIS * 2);
            }
        }
    }
}
