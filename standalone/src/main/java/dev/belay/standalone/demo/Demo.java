// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.standalone.Api;
import dev.belay.standalone.Documents;
import dev.belay.standalone.Installation;
import org.jspecify.annotations.Nullable;

/**
 * Plays one story against a running installation: applies the documents of {@code demo/shop.yaml}, starts the rollout,
 * lets shoppers in, and watches until it is over. It knows the services only by their HTTP interfaces.
 */
public final class Demo {
    static final String FLAG = "new-checkout";

    private static final String PROJECT = "shop";
    private static final String ENVIRONMENT = "production";
    private static final String FLAG_PATH = PROJECT + "/" + ENVIRONMENT + "/" + FLAG;
    private static final String ABOUT_FLAG = "?project=" + PROJECT + "&environment=" + ENVIRONMENT + "&flag=" + FLAG;
    private static final String FIRST_PERCENTAGE_STAGE = "canary";
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST_STORY = Duration.ofMinutes(12);
    private static final Duration FOR_THE_MESSAGE = Duration.ofSeconds(45);
    private static final Duration FOR_THE_EDGE = Duration.ofSeconds(10);
    private static final long GLANCE_MILLIS = 300;

    private final Options options;
    private final Installation installation;
    private final Api admin;
    private final Traffic traffic;
    private final PrintStream out;
    private final Picture picture;
    private String stage = "";
    private @Nullable RolloutState rollout;

    /**
     * How to play.
     *
     * @param scenario what happens
     * @param seed seed of the shoppers
     * @param shoppersPerSecond arrivals per second, at least 1
     * @param json file for the result; null for none
     * @param webhook address of a Slack incoming webhook; null for a receiver inside the demo
     */
    public record Options(
            Scenario scenario,
            long seed,
            int shoppersPerSecond,
            @Nullable Path json,
            @Nullable String webhook) {}

    public Demo(Options options, Installation installation, PrintStream out) {
        this.options = options;
        this.installation = installation;
        this.out = out;
        this.admin = new Api(installation.keys().url(), installation.keys().admin(), PROJECT, ENVIRONMENT);
        Api edge = new Api(installation.keys().url(), installation.keys().server(), PROJECT, ENVIRONMENT);
        this.traffic = new Traffic(edge, options.scenario(), options.seed(), options.shoppersPerSecond());
        this.picture = new Picture(out, Boolean.getBoolean("belay.terminal"));
    }

    /**
     * Plays the story.
     *
     * @return whether a client at the edge saw the end that the scenario is expected to have
     */
    public boolean play() throws IOException, InterruptedException {
        try (SlackReceiver slack = new SlackReceiver();
                traffic) {
            introduce();
            prepare(options.webhook() == null ? slack.url() : options.webhook());
            traffic.start();
            Result result = watch();
            boolean seen = clientsSee(result);
            installation.restartDatabase();
            tellMessage(slack);
            finish(result, seen);
            return seen;
        }
    }

    private void introduce() {
        Scenario scenario = options.scenario();
        out.println("Scenario " + scenario.text() + ": " + scenario.says() + ".");
        out.printf(
                "Shoppers: %d a second, %.0f %% of them back again; %.0f %% buy, %.0f %% see an error; %.0f %% internal,"
                        + " %.0f %% beta; seed %d.%n",
                options.shoppersPerSecond(),
                Shopper.RETURNING * 100,
                Scenario.CONVERSION * 100,
                Scenario.ERROR_RATE * 100,
                Shopper.INTERNAL * 100,
                Shopper.BETA * 100,
                options.seed());
        out.println("Guardrails: conversion falls 20 %, users with an error rise 30 %; a harmless rollout is taken back"
                + " in at most 1 of 100 cases.");
        out.println();
    }

    private void prepare(String webhook) throws IOException, InterruptedException {
        admin.awaitReady(PATIENCE);
        Documents.of("/demo/shop.yaml", Map.of("webhook", webhook)).apply(admin);
        picture.say(clock() + "  rollout of " + FLAG_PATH + " started from template autorollout-on-conversion");
    }

    private Result watch() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(LONGEST_STORY);
        Map<String, Evidence> evidence = new HashMap<>();
        while (Instant.now().isBefore(end)) {
            lookAtRollout();
            evidence.putAll(lookAtEvidence());
            Optional<Rollback> rollback = lookForRollback();
            if (rollback.isPresent()) {
                picture.say(clock() + "  rolled back: " + rollback.get().reason());
                return Result.rolledBack(options.scenario(), options.seed(), stage, rollback.get(), evidenceToOff());
            }
            if (rollout != null && rollout.status() == RolloutStatus.COMPLETED) {
                picture.say(clock() + "  completed: treatment for everyone");
                return completed(evidence);
            }
            draw(evidence);
            Thread.sleep(GLANCE_MILLIS);
        }
        return Result.without(options.scenario(), options.seed(), Result.UNFINISHED, stage);
    }

    private void lookAtRollout() throws IOException, InterruptedException {
        RolloutState state = quietly("/api/v1/rollouts/" + FLAG_PATH)
                .map(node -> Json.read(node.toString(), RolloutState.class))
                .orElse(rollout);
        if (state == null || state.plan() == null || state.stage() < 0) {
            return;
        }
        rollout = state;
        String now = state.plan().stages().get(state.stage()).name();
        if (!now.equals(stage)) {
            stage = now;
            picture.say(clock() + "  stage " + stage);
            enterStage(now);
        }
    }

    private void enterStage(String entered) throws IOException {
        if (!entered.equals(FIRST_PERCENTAGE_STAGE)) {
            return;
        }
        if (options.scenario().stopsDatabase()) {
            installation.stopDatabase();
            picture.say(clock() + "  PostgreSQL stopped");
        }
        if (options.scenario() != Scenario.HEALTHY) {
            traffic.beginHarm();
            picture.say(clock() + "  the harm begins");
        }
    }

    private Map<String, Evidence> lookAtEvidence() throws IOException, InterruptedException {
        Map<String, Evidence> found = new HashMap<>();
        quietly("/api/v1/evidence/" + FLAG_PATH).ifPresent(list -> items(list).forEach(node -> {
            Evidence one = Json.read(node.toString(), Evidence.class);
            found.put(one.guardrail(), one);
        }));
        return found;
    }

    private Optional<Rollback> lookForRollback() throws IOException, InterruptedException {
        return quietly("/api/v1/rollbacks" + ABOUT_FLAG)
                .flatMap(list ->
                        items(list).stream().findFirst().map(node -> Json.read(node.toString(), Rollback.class)));
    }

    private @Nullable Long evidenceToOff() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(15));
        while (Instant.now().isBefore(end)) {
            Optional<JsonNode> incident = quietly("/api/v1/incidents" + ABOUT_FLAG)
                    .flatMap(list -> items(list).stream().findFirst());
            if (incident.isPresent() && incident.get().hasNonNull("evidenceToOffMillis")) {
                return incident.get().get("evidenceToOffMillis").asLong();
            }
            Thread.sleep(GLANCE_MILLIS);
        }
        return null;
    }

    /** The database may be stopped, and then some services answer 503: the story goes on. */
    private Optional<JsonNode> quietly(String path) throws IOException, InterruptedException {
        try {
            return admin.get(path);
        } catch (Api.ApiException e) {
            if (e.status() >= 500) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static List<JsonNode> items(JsonNode list) {
        List<JsonNode> all = new ArrayList<>();
        (list.has("items") ? list.get("items") : list).forEach(all::add);
        return all;
    }

    private Result completed(Map<String, Evidence> evidence) throws IOException, InterruptedException {
        Evidence conversion = evidence.get("conversion");
        if (conversion == null) {
            return Result.without(options.scenario(), options.seed(), Result.COMPLETED, stage);
        }
        Double ratio = conversion.estimate().ratio();
        return new Result(
                options.scenario().text(),
                options.seed(),
                Result.COMPLETED,
                stage,
                null,
                conversion.treatment().exposed(),
                conversion.control().exposed(),
                ratio == null ? null : ratio - 1,
                -0.2,
                conversion.logTotal(),
                null);
    }

    private void draw(Map<String, Evidence> evidence) {
        List<Evidence> sorted = evidence.values().stream()
                .sorted(Comparator.comparing(one -> place(one.guardrail())))
                .toList();
        String visits = String.format("%,d visits (%,.0f a second)", traffic.evaluated(), traffic.rate());
        List<String> lines = new ArrayList<>();
        lines.add(clock() + "  " + Sentences.stages(rollout));
        lines.add(String.format("          %s, %,d purchases and errors", visits, traffic.outcomesSent()));
        sorted.forEach(one -> {
            lines.add("          " + Sentences.rates(one));
            lines.add("          " + Sentences.evidence(one));
        });
        String brief = sorted.stream().map(Sentences::brief).collect(Collectors.joining("; "));
        picture.draw(lines, clock() + "  " + stage + ": " + visits + "; " + brief);
    }

    /** Guardrails stand in the order of the template. */
    private int place(String guardrail) {
        Plan plan = rollout == null ? null : rollout.plan();
        return plan == null
                ? 0
                : plan.guardrails().stream().map(Guardrail::name).toList().indexOf(guardrail);
    }

    private boolean clientsSee(Result result) throws IOException, InterruptedException {
        String expected = options.scenario().endsRolledBack() ? Result.ROLLED_BACK : Result.COMPLETED;
        if (!result.outcome().equals(expected)) {
            picture.say("The story should have ended " + expected + " and ended " + result.outcome() + ".");
            return false;
        }
        boolean on = expected.equals(Result.COMPLETED);
        Api client = new Api(installation.keys().url(), installation.keys().client(), PROJECT, ENVIRONMENT);
        Instant end = Instant.now().plus(FOR_THE_EDGE);
        List<Shopper> asked = traffic.lastTreated();
        long right = countSeeing(client, asked, on);
        while (right < asked.size() && Instant.now().isBefore(end)) {
            right = countSeeing(client, asked, on);
        }
        picture.say(String.format(
                "%s  asked the edge again for the %d shoppers who had the treatment last: %d are %s",
                clock(), asked.size(), right, on ? "on" : "off"));
        return right == asked.size() && !asked.isEmpty();
    }

    private static long countSeeing(Api client, List<Shopper> asked, boolean on)
            throws IOException, InterruptedException {
        long right = 0;
        for (Shopper shopper : asked) {
            JsonNode answer =
                    client.post("/ofrep/v1/evaluate/flags/" + FLAG, "application/json", shopper.evaluationBody());
            right += answer.path("value").asBoolean() == on ? 1 : 0;
        }
        return right;
    }

    private void tellMessage(SlackReceiver slack) throws InterruptedException {
        if (options.webhook() != null) {
            return;
        }
        String word = options.scenario().endsRolledBack() ? "Rolled back" : "on for everyone";
        Instant end = Instant.now().plus(FOR_THE_MESSAGE);
        Optional<JsonNode> message = Optional.empty();
        while (message.isEmpty() && Instant.now().isBefore(end)) {
            message = slack.messages().stream()
                    .filter(node -> node.toString().contains(word))
                    .findFirst();
            Thread.sleep(GLANCE_MILLIS);
        }
        out.println();
        if (message.isPresent()) {
            out.println(
                    "The Slack message, as it was posted (" + slack.messages().size() + " in all):");
            out.println(Sentences.ofSlack(message.get()));
        } else {
            out.println("No Slack message came within " + FOR_THE_MESSAGE.toSeconds() + " s.");
        }
    }

    private void finish(Result result, boolean seen) throws IOException {
        out.println();
        out.println(Sentences.of(result));
        out.println(seen ? "As expected." : "NOT as expected.");
        if (traffic.failures() > 0) {
            out.println(traffic.failures() + " requests of shoppers failed.");
        }
        if (options.json() != null) {
            Files.writeString(options.json(), Json.write(result) + "\n");
        }
    }

    private static String clock() {
        return CLOCK.format(LocalTime.now(ZoneId.systemDefault()));
    }
}
