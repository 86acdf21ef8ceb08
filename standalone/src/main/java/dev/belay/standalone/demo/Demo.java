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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
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
 * Plays one story against a running installation: applies the documents of {@code demo/shop.yaml}, starts the scenario's
 * rollout, lets shoppers in, and watches until it is over. It knows the services only by their HTTP interfaces.
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
    private static final long GLANCE_MILLIS = 300;

    private final Options options;
    private final Installation installation;
    private final Api admin;
    private final Traffic traffic;
    private final PrintStream out;
    private final Picture picture;
    private final Clients clients;
    /** What was taken out without ending the rollout, by target. */
    private final Map<String, Rollback> parts = new LinkedHashMap<>();

    private final Map<String, Long> partsOff = new HashMap<>();
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
        this.clients = new Clients(
                new Api(installation.keys().url(), installation.keys().client(), PROJECT, ENVIRONMENT));
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
            boolean told = tellMessage(slack);
            boolean asExpected = seen && (told || options.scenario().countryTakenBack() == null);
            finish(result, asExpected);
            return asExpected;
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
        String by = scenario.countryTakenBack() == null
                ? ""
                : ", of everyone and of each country, which is taken back for itself";
        out.println("Guardrails: conversion falls 20 %, users with an error rise 30 %" + by
                + "; a harmless rollout is taken back in at most 1 of 100 cases.");
        out.println();
    }

    private void prepare(String webhook) throws IOException, InterruptedException {
        admin.awaitReady(PATIENCE);
        Documents.of("/demo/shop.yaml", Map.of("webhook", webhook)).apply(admin);
        Documents rollout = Documents.of(options.scenario().rollout(), Map.of());
        rollout.apply(admin);
        picture.say(clock() + "  rollout of " + FLAG_PATH + " started from template " + rollout.template());
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
                return Result.takenOut(
                        options.scenario(),
                        options.seed(),
                        Result.ROLLED_BACK,
                        stage,
                        rollback.get(),
                        evidenceToOff(rollback.get()));
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
        if (options.scenario().changesAnything()) {
            traffic.beginHarm();
            picture.say(clock() + "  the harm begins");
        }
    }

    private Map<String, Evidence> lookAtEvidence() throws IOException, InterruptedException {
        Map<String, Evidence> found = new HashMap<>();
        quietly("/api/v1/evidence/" + FLAG_PATH).ifPresent(list -> items(list).forEach(node -> {
            Evidence one = Json.read(node.toString(), Evidence.class);
            found.put(one.segment() == null ? one.guardrail() : one.guardrail() + " " + one.segment(), one);
        }));
        return found;
    }

    /** Returns the rollback that ends the rollout; what takes out a part of it is told, and the rollout goes on. */
    private Optional<Rollback> lookForRollback() throws IOException, InterruptedException {
        Optional<JsonNode> list = quietly("/api/v1/rollbacks" + ABOUT_FLAG);
        for (JsonNode node : list.map(Demo::items).orElse(List.of())) {
            Rollback rollback = Json.read(node.toString(), Rollback.class);
            if (rollback.target().kind() != RollbackTarget.Kind.SEGMENT) {
                return Optional.of(rollback);
            }
            if (!parts.containsKey(rollback.target().text())) {
                parts.put(rollback.target().text(), rollback);
                takenOut(rollback);
            }
        }
        return Optional.empty();
    }

    private void takenOut(Rollback rollback) throws IOException, InterruptedException {
        String part = rollback.target().name() + " = " + rollback.target().value();
        picture.say(clock() + "  taken back for " + part + " alone: " + rollback.reason());
        partsOff.put(rollback.target().text(), evidenceToOff(rollback));
        askAgain(false);
    }

    private @Nullable Long evidenceToOff(Rollback rollback) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(15));
        while (Instant.now().isBefore(end)) {
            Optional<JsonNode> incident = quietly("/api/v1/incidents" + ABOUT_FLAG)
                    .flatMap(list -> items(list).stream()
                            .filter(each -> each.path("id").asText().equals(rollback.recordKey()))
                            .findFirst());
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

    private Result completed(Map<String, Evidence> evidence) {
        Evidence conversion = evidence.get("conversion");
        Double change = conversion == null ? null : change(conversion);
        if (!parts.isEmpty()) {
            Rollback first = parts.values().iterator().next();
            Long off = partsOff.get(first.target().text());
            return Result.takenOut(options.scenario(), options.seed(), Result.COMPLETED, stage, first, off)
                    .withEveryone(change);
        }
        if (conversion == null) {
            return Result.without(options.scenario(), options.seed(), Result.COMPLETED, stage);
        }
        return new Result(
                options.scenario().text(),
                options.seed(),
                Result.COMPLETED,
                stage,
                null,
                null,
                null,
                conversion.treatment().exposed(),
                conversion.control().exposed(),
                change,
                -0.2,
                conversion.logTotal(),
                null,
                null);
    }

    private static @Nullable Double change(Evidence evidence) {
        Double ratio = evidence.estimate().ratio();
        return ratio == null ? null : (Double) (ratio - 1);
    }

    private void draw(Map<String, Evidence> evidence) {
        List<Evidence> sorted = evidence.values().stream()
                .filter(one -> one.segment() == null)
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
        String segments = Sentences.segments(evidence.values());
        if (!segments.isEmpty()) {
            lines.add("          " + segments);
        }
        String brief = sorted.stream().map(Sentences::brief).collect(Collectors.joining("; "));
        picture.draw(
                lines,
                clock() + "  " + stage + ": " + visits + "; " + brief + (segments.isEmpty() ? "" : "; " + segments));
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
        return askAgain(expected.equals(Result.ROLLED_BACK)) && isTakenBackAsExpected(result);
    }

    private boolean isTakenBackAsExpected(Result result) {
        String country = options.scenario().countryTakenBack();
        if (country == null) {
            return true;
        }
        boolean alone = parts.keySet().equals(Set.of("segment:country=" + country));
        boolean up = result.everyone() != null && result.everyone() > 0;
        if (!alone || !up) {
            picture.say(
                    "The story should have taken back " + country + " alone, with everyone together up; it took back "
                            + parts.keySet() + " with everyone together " + result.everyone() + ".");
        }
        return alone && up;
    }

    /** Whoever had the treatment keeps it while the rollout is there, unless their country was taken back. */
    private boolean askAgain(boolean isAllOut) throws IOException, InterruptedException {
        List<Shopper> all = traffic.lastTreated();
        List<Shopper> off =
                all.stream().filter(shopper -> isAllOut || isOut(shopper)).toList();
        List<Shopper> on =
                all.stream().filter(shopper -> !off.contains(shopper)).toList();
        long rightOff = clients.served(off, shopper -> false);
        long rightOn = clients.served(on, shopper -> true);
        picture.say(clock() + "  asked the edge again for the shoppers who had the treatment last: "
                + Sentences.asked(off.size(), rightOff, on.size(), rightOn));
        return !all.isEmpty() && rightOff == off.size() && rightOn == on.size();
    }

    private boolean isOut(Shopper shopper) {
        return parts.containsKey("segment:country=" + shopper.country());
    }

    /** Returns whether the message came that the scenario is to be told by. */
    private boolean tellMessage(SlackReceiver slack) throws InterruptedException {
        if (options.webhook() != null) {
            return true;
        }
        String country = options.scenario().countryTakenBack();
        boolean isTakenBack = options.scenario().endsRolledBack() || country != null;
        Instant end = Instant.now().plus(FOR_THE_MESSAGE);
        List<JsonNode> messages = List.of();
        while (messages.isEmpty() && Instant.now().isBefore(end)) {
            messages = slack.messages().stream()
                    .filter(node -> node.toString().contains(isTakenBack ? "Rolled back" : "on for everyone"))
                    .toList();
            Thread.sleep(GLANCE_MILLIS);
        }
        out.println();
        if (messages.isEmpty()) {
            out.println("No Slack message came within " + FOR_THE_MESSAGE.toSeconds() + " s.");
            return false;
        }
        out.println("The Slack message, as it was posted (" + slack.messages().size() + " in all):");
        out.println(Sentences.ofSlack(messages.get(0)));
        return country == null
                || messages.stream().allMatch(message -> message.toString().contains("country = " + country));
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
