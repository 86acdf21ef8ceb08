// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.story;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import dev.belay.k8s.manifests.Manifest;
import dev.belay.k8s.manifests.Manifests;
import dev.belay.k8s.manifests.Routes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The story of the first page, told by the images as the manifests run them. Needs a container engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImageStoryIT {
    private static final int SOME = 250;
    private static final Duration LONGEST_STORY = Duration.ofMinutes(3);
    private static final List<String> DOCUMENTS = List.of(
            "flags/shop/production/new-checkout",
            """
            apiVersion: belay.dev/v1
            kind: Flag
            metadata: { name: new-checkout }
            spec:
              project: shop
              environment: production
              type: boolean
              variants: { "on": true, "off": false }
              off: "off"
              default: "off"
            """,
            "metrics/shop/checkout-conversion",
            """
            apiVersion: belay.dev/v1
            kind: Metric
            metadata: { name: checkout-conversion }
            spec: { project: shop, kind: conversion, event: purchase, within: 24h, goodWhen: up }
            """,
            "templates/shop/autorollout-on-conversion",
            """
            apiVersion: belay.dev/v1
            kind: RolloutTemplate
            metadata: { name: autorollout-on-conversion }
            spec:
              project: shop
              stages:
                - { name: half, to: 50%, atLeast: 1h }
                - { name: everyone, to: 100%, control: 20%, atLeast: 1h }
              advance: { when: proven }
              guardrails:
                - { metric: checkout-conversion, falls: 20% }
              tell: [ checkout-oncall ]
            """,
            "channels/shop/checkout-oncall",
            """
            apiVersion: belay.dev/v1
            kind: Channel
            metadata: { name: checkout-oncall }
            spec: { project: shop, type: slack-webhook, url: "${webhook}" }
            """);
    private static final String ROLLOUT = """
            apiVersion: belay.dev/v1
            kind: Rollout
            metadata: { name: new-checkout }
            spec:
              project: shop
              environment: production
              flag: new-checkout
              template: autorollout-on-conversion
              control: "off"
              treatments: [ "on" ]
            """;

    private final Map<String, GenericContainer<?>> pods = new LinkedHashMap<>();
    private final SlackReceiver slack;
    private final Routes routes;
    private final Shop shop;
    private final Map<String, String> secrets;
    private @Nullable TestAbortedException skipped;

    ImageStoryIT() throws IOException, InterruptedException {
        String admin = key();
        String server = key();
        this.slack = new SlackReceiver();
        this.routes = Routes.of(Manifests.written());
        this.shop = new Shop(this::address, admin, server);
        this.secrets = Map.of(
                "belay-postgres/username",
                Backing.USER,
                "belay-postgres/password",
                key(),
                "belay-bootstrap-keys/keys",
                "admin=" + admin + ",server=" + server);
    }

    @BeforeAll
    void install() throws IOException, InterruptedException {
        String base;
        try {
            base = Engine.baseImage();
        } catch (TestAbortedException e) {
            skipped = e;
            return;
        }
        long started = System.nanoTime();
        Network network = Network.newNetwork();
        GenericContainer<?> kafka = Backing.kafka(base, network);
        GenericContainer<?> postgres =
                Backing.postgres(base, network, secrets.getOrDefault("belay-postgres/password", ""));
        pods.put("kafka", kafka);
        pods.put("postgres", postgres);
        CompletableFuture<Void> built = CompletableFuture.allOf(
                building(base, List.of("flag-config-service", "flag-edge", "rollback-controller")),
                building(base, List.of("rollout-scheduler", "metrics-watcher", "notifier")),
                Startables.deepStart(kafka, postgres));
        built.join();
        say("images are built, Kafka and PostgreSQL run", started);
        Map<String, String> settings = new HashMap<>(Manifests.settings());
        for (Manifest workload :
                Manifests.written().stream().filter(Manifest::isWorkload).toList()) {
            GenericContainer<?> pod = Pod.of(workload, network, settings, secrets);
            if (workload.name().equals("notifier")) {
                Pod.lead(pod, slack).withEnv("BELAY_NOTIFIER_ALLOW_PRIVATE_ADDRESSES", "true");
            }
            pods.put(workload.name(), pod);
        }
        try {
            Startables.deepStart(pods.values()).join();
        } catch (CompletionException e) {
            pods.forEach(ImageStoryIT::show);
            throw e;
        }
        say("all services are ready", started);
    }

    /** Here and not for all at once, so that each is counted as skipped. */
    @BeforeEach
    void needAnEngine() {
        if (skipped != null) {
            throw skipped;
        }
    }

    @AfterAll
    void remove() {
        slack.close();
        pods.values().parallelStream().forEach(GenericContainer::stop);
    }

    @Test
    @Order(1)
    void everyImageSaysWhatItIsAndIsNotRoot() {
        DockerClient engine = DockerClientFactory.instance().client();

        assertThat(services()).hasSize(6).allSatisfy(service -> {
            InspectImageResponse image =
                    engine.inspectImageCmd(Engine.image(service)).exec();
            ContainerConfig config = image.getConfig();
            assertThat(config).isNotNull();
            assertThat(config.getUser()).isEqualTo("65532:65532");
            assertThat(config.getEntrypoint()).startsWith("java");
            assertThat(config.getLabels())
                    .containsEntry("org.opencontainers.image.title", "Belay " + service)
                    .containsEntry("org.opencontainers.image.licenses", "Apache-2.0")
                    .containsKeys("org.opencontainers.image.version", "org.opencontainers.image.revision");
        });
    }

    @Test
    @Order(2)
    void thePageIsServed() throws IOException, InterruptedException {
        assertThat(shop.page("/").statusCode()).isEqualTo(200);
        assertThat(shop.page("/").body()).contains("Belay");
    }

    @Test
    @Order(3)
    void aRolloutThatHarmsIsTakenBackAndSomeoneIsTold() throws IOException, InterruptedException {
        long started = System.nanoTime();
        for (int i = 0; i < DOCUMENTS.size(); i += 2) {
            String document = DOCUMENTS.get(i + 1).replace("${webhook}", slack.url());
            var answer = shop.put("/api/v1/" + DOCUMENTS.get(i), document);
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        }
        await("a rollout is started").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var answer = shop.post("/api/v1/rollouts", ROLLOUT);
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        });
        await("some get the new checkout").atMost(Duration.ofSeconds(20)).until(() -> someGetTheNewCheckout() > 0);

        await("it is taken back").atMost(LONGEST_STORY).until(() -> {
            shop.open(SOME);
            return !shop.get("/api/v1/rollbacks?project=shop").path("items").isEmpty();
        });

        say("taken back after " + shop.visitors() + " visitors", started);
        await("everyone gets the old checkout")
                .atMost(Duration.ofSeconds(10))
                .until(() -> someGetTheNewCheckout() == 0);
        await("the rollout says so").atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        shop.get("/api/v1/rollouts/shop/production/new-checkout")
                                .path("status")
                                .asText())
                .isEqualToIgnoringCase("rolled_back"));
        await("someone is told").atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(slack.messages())
                .anySatisfy(
                        message -> assertThat(message).contains("new-checkout").containsIgnoringCase("rolled back")));
        say("told: " + slack.messages(), started);
    }

    @Test
    @Order(4)
    void everyServiceEndsByItselfWhenAskedTo() {
        DockerClient engine = DockerClientFactory.instance().client();

        assertThat(services().parallelStream().map(service -> {
                    String id = String.valueOf(pods.get(service).getContainerId());
                    engine.stopContainerCmd(id).withTimeout(25).exec();
                    return service + " "
                            + engine.inspectContainerCmd(id).exec().getState().getExitCodeLong();
                }))
                .allSatisfy(end -> assertThat(end).endsWith(" 143"));
    }

    private long someGetTheNewCheckout() {
        List<CompletableFuture<Boolean>> asked = IntStream.range(0, 20)
                .mapToObj(i -> shop.isNew("passer-by-" + i))
                .toList();
        return asked.stream().filter(CompletableFuture::join).count();
    }

    private List<String> services() {
        return pods.keySet().stream()
                .filter(name -> !List.of("kafka", "postgres").contains(name))
                .toList();
    }

    private String address(String path) {
        String service = routes.owner(path.replaceAll("\\?.*", ""))
                .orElseThrow(() -> new IllegalStateException("the Ingress sends " + path + " to no one"));
        GenericContainer<?> pod = pods.get(service);
        if (pod == null) {
            throw new IllegalStateException(service + " does not run");
        }
        return "http://" + pod.getHost() + ":" + pod.getFirstMappedPort() + path;
    }

    private static CompletableFuture<Void> building(String base, List<String> services) {
        return CompletableFuture.runAsync(() -> {
            try {
                Engine.build(base, services);
            } catch (IOException e) {
                throw new CompletionException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            }
        });
    }

    /** Returns a key, or a password, of its own for each run. */
    private static String key() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        String id = Long.toString(new SecureRandom().nextLong(1L << 40, 1L << 41), 36);
        return "bly_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    private static void show(String name, GenericContainer<?> pod) {
        if (pod.getContainerId() != null) {
            System.err.println("---- " + name + "\n" + pod.getLogs());
        }
    }

    private static void say(String what, long since) {
        System.out.printf("story: %s, %.1f s%n", what, (System.nanoTime() - since) / 1e9);
    }
}
