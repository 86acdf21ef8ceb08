// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.manifest.Manifests;

/** One drill: from the flag to the proof that nobody has the treatment any more. */
final class Drill {
    private static final int BATCH = 25;
    private static final int CONVERTS_OF_TEN = 5;
    private static final long GLANCE_MILLIS = 100;
    private static final double NANOS_A_SECOND = 1e9;
    private static final String EVENT = "drill-conversion";

    private final Server server;
    private final FlagRef ref;
    private final Duration patience;
    private final Log log;
    private final ObjectNode result = JsonNodeFactory.instance.objectNode();
    private final List<String> treated = new ArrayList<>();
    private final long start = System.nanoTime();

    /** Hears of each step. */
    @FunctionalInterface
    interface Log {
        void say(double seconds, String step);
    }

    /** Something that is looked for again and again. */
    @FunctionalInterface
    private interface Look {
        boolean isThere() throws IOException, InterruptedException;
    }

    /** @param patience how long each step may take */
    Drill(Server server, FlagRef ref, Duration patience, Log log) {
        this.server = server;
        this.ref = ref;
        this.patience = patience;
        this.log = log;
    }

    /**
     * Runs it; the flag is archived and the template taken away afterwards.
     *
     * @param users visitors at most
     * @return whether it held, why not, and the steps with their seconds
     */
    ObjectNode run(int users) throws IOException, InterruptedException {
        result.put("flag", ref.key());
        result.putArray("steps");
        try {
            String because = drill(users);
            result.put("held", because.isEmpty());
            if (!because.isEmpty()) {
                result.put("because", because);
            }
        } finally {
            tidy();
        }
        return result;
    }

    /** Returns what did not hold; empty when all did. */
    private String drill(int users) throws IOException, InterruptedException {
        server.put("/metrics/" + ref.project() + "/" + EVENT, document("Metric", EVENT, """
                {"project":"%s","kind":"conversion","event":"%s","within":"1h","goodWhen":"up"}""".formatted(
                        ref.project(), EVENT)));
        server.put(
                "/templates/" + ref.project() + "/" + ref.flag(),
                document("RolloutTemplate", ref.flag(), """
                {"project":"%s","title":"Drill","stages":[{"name":"half","to":"50%%","atLeast":"1h","advance":"byHand"}],
                 "guardrails":[{"metric":"%s","falls":"20%%"}]}""".formatted(ref.project(), EVENT)));
        server.put("/flags/" + Paths.of(ref), flag(false));
        step("wrote flag, metric and template");
        if (!within(this::isStarted)) {
            return "the rollout did not start within " + Durations.shown(patience);
        }
        step("rollout epoch " + result.path("epoch").asText() + " is running");
        if (!within(() -> isServed("probe-" + System.nanoTime()))) {
            return "the edge did not serve the treatment to anybody within " + Durations.shown(patience);
        }
        step("the edge serves the treatment to half");
        visit(users);
        if (!within(this::isRolledBack)) {
            return "nothing was rolled back within " + Durations.shown(patience) + " of the last visitor";
        }
        step("rolled back: " + result.path("reason").asText());
        if (!within(this::isEverybodyOff)) {
            return "somebody still had the treatment " + Durations.shown(patience) + " after the rollback";
        }
        step(treated.size() + " of " + treated.size() + " who had the treatment are off");
        if (mayBeRaised()) {
            return "the rollout could be advanced after it was rolled back";
        }
        step("an advance is refused");
        return "";
    }

    private boolean isStarted() throws IOException, InterruptedException {
        ObjectNode rollout = document(
                "Rollout", ref.flag(), """
                {"project":"%s","environment":"%s","flag":"%s","template":"%s","control":"off","treatments":["on"]}""".formatted(ref.project(), ref.environment(), ref.flag(), ref.flag()));
        try {
            JsonNode state = server.post("/rollouts", rollout).body();
            result.put("epoch", state.path("epoch").asInt());
            return true;
        } catch (RefusedException e) {
            // What was written a moment ago has not reached everybody yet.
            result.put("lastRefusal", String.valueOf(e.getMessage()));
            return false;
        }
    }

    private boolean isServed(String unit) throws IOException, InterruptedException {
        return variant(unit).equals("on");
    }

    /** Visitors come, half of control converts, and nobody with the treatment. It ends early when that was enough. */
    private void visit(int users) throws IOException, InterruptedException {
        int sent = 0;
        ArrayNode outcomes = JsonNodeFactory.instance.arrayNode();
        while (sent < users && !isRolledBack()) {
            for (int i = 0; i < BATCH && sent < users; i++, sent++) {
                String unit = "drill-user-" + sent;
                String variant = variant(unit);
                if (variant.equals("on")) {
                    treated.add(unit);
                } else if (sent % 10 < CONVERTS_OF_TEN) {
                    outcomes.addObject()
                            .put("type", "outcome")
                            .put("id", ref.flag() + "-" + sent)
                            .put("event", EVENT)
                            .put("unit", unit);
                }
            }
            if (!outcomes.isEmpty()) {
                server.post("/events", outcomes);
                outcomes.removeAll();
            }
        }
        step(sent + " visitors, " + treated.size() + " with the treatment, none of which converted");
    }

    private boolean isRolledBack() throws IOException, InterruptedException {
        String query = "?project=" + Paths.encoded(ref.project()) + "&environment=" + Paths.encoded(ref.environment())
                + "&flag=" + Paths.encoded(ref.flag());
        for (JsonNode rollback : server.list("/rollbacks" + query, 1)) {
            if (rollback.path("epoch").asInt() == result.path("epoch").asInt()) {
                result.put("reason", rollback.path("reason").asText());
                return true;
            }
        }
        return false;
    }

    private boolean isEverybodyOff() throws IOException, InterruptedException {
        for (String unit : treated) {
            if (variant(unit).equals("on")) {
                return false;
            }
        }
        return true;
    }

    private boolean mayBeRaised() throws IOException, InterruptedException {
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("reason", "drill").put("override", true);
        try {
            server.post(Paths.rollouts(ref) + "/" + result.path("epoch").asInt() + "/advance", body);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    private String variant(String unit) throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("context").put("targetingKey", unit);
        Optional<JsonNode> answer;
        try {
            answer = Optional.of(server.post("/ofrep/v1/evaluate/flags/" + Paths.encoded(ref.flag()), body)
                    .body());
        } catch (RefusedException e) {
            // The flag has not reached the edge yet.
            answer = Optional.empty();
        }
        return answer.map(node -> node.path("variant").asText("")).orElse("");
    }

    private boolean within(Look look) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!look.isThere()) {
            if (System.nanoTime() >= end) {
                return false;
            }
            Thread.sleep(GLANCE_MILLIS);
        }
        return true;
    }

    private void step(String what) {
        double seconds = (System.nanoTime() - start) / NANOS_A_SECOND;
        result.withArray("steps").addObject().put("at", seconds).put("what", what);
        log.say(seconds, what);
    }

    /** An audit needs the flag: it is archived, and only what nobody else can use is taken away. */
    private void tidy() throws InterruptedException {
        try {
            if (result.has("epoch") && !result.path("held").asBoolean()) {
                ObjectNode reason = JsonNodeFactory.instance.objectNode().put("reason", "drill is over");
                quietly(() -> server.post(
                        Paths.rollouts(ref) + "/" + result.path("epoch").asInt() + "/cancel", reason));
            }
            quietly(() -> server.put("/flags/" + Paths.of(ref), flag(true)));
            quietly(() -> server.delete("/templates/" + ref.project() + "/" + ref.flag()));
        } catch (IOException e) {
            result.put("left", String.valueOf(e.getMessage()));
        }
    }

    /** A request that may be refused. */
    @FunctionalInterface
    private interface Request {
        Server.Answer send() throws IOException, InterruptedException;
    }

    private void quietly(Request request) throws IOException, InterruptedException {
        try {
            request.send();
        } catch (RefusedException e) {
            result.put("left", String.valueOf(e.getMessage()));
        }
    }

    private ObjectNode flag(boolean archived) throws IOException {
        return document("Flag", ref.flag(), """
                {"project":"%s","environment":"%s","title":"Drill","type":"boolean","archived":%s,
                 "variants":{"on":true,"off":false},"off":"off","default":"off"}""".formatted(ref.project(), ref.environment(), archived));
    }

    private static ObjectNode document(String kind, String name, String spec) throws IOException {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("apiVersion", Manifests.API_VERSION).put("kind", kind);
        document.putObject("metadata").put("name", name);
        document.set("spec", Json.mapper().readTree(spec));
        return document;
    }
}
