// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.manifests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What every pod keeps to, whoever adds one. */
class PolicyTest {
    /** Of Quarkus itself, without a line in the services. */
    private static final Set<String> OF_QUARKUS = Set.of("quarkus.shutdown.timeout");

    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");
    private static final Pattern VERSION = Pattern.compile("(?m)^    <version>(.*)</version>$");
    private static final Pattern SECRET_NAME = Pattern.compile("PASSWORD|SECRET|TOKEN|KEYS?$|JAAS|CREDENTIAL|SENTRY");

    @Test
    void everyServiceRunsTwiceAndIsReachedByItsName() throws IOException {
        List<Manifest> written = Manifests.written();

        assertThat(workloads().map(Manifest::name)).containsExactlyInAnyOrderElementsOf(Packaged.SERVICES);
        assertThat(workloads()).allSatisfy(workload -> {
            assertThat(workload.json().path("spec").path("replicas").asInt())
                    .as(workload.toString())
                    .isEqualTo(2);
            for (String kind : List.of("Service", "PodDisruptionBudget", "ServiceAccount")) {
                assertThat(written).as(kind).anyMatch(is(kind, workload.name()));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void noPodMayMoreThanItsWorkNeeds(Manifest workload) {
        JsonNode security = workload.pod().path("securityContext");

        assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(security.path("runAsUser").asInt()).isEqualTo(65_532);
        assertThat(security.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(workload.pod().path("automountServiceAccountToken").asBoolean(true))
                .isFalse();
        assertThat(workload.pod().path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(workload.pod().path("serviceAccountName").asText()).isEqualTo(workload.name());
        for (String host : List.of("hostNetwork", "hostPID", "hostIPC")) {
            assertThat(workload.pod().has(host)).as(host).isFalse();
        }
        assertThat(workload.containers()).allSatisfy(container -> {
            JsonNode own = container.path("securityContext");
            assertThat(own.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(own.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(own.at("/capabilities/drop")).hasToString("[\"ALL\"]");
            assertThat(own.at("/capabilities/add").isMissingNode()).isTrue();
            assertThat(own.path("privileged").asBoolean()).isFalse();
            assertThat(own.path("runAsNonRoot").asBoolean(true)).isTrue();
            assertThat(container.at("/ports/0/hostPort").isMissingNode()).isTrue();
        });
        assertThat(Manifest.stream(workload.pod().path("volumes")))
                .allSatisfy(volume -> assertThat(VOLUMES).anyMatch(volume::has));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everyMountHasItsVolumeAndEmptyOnesHaveALimit(Manifest workload) {
        Set<String> volumes = Stream.concat(
                        Manifest.stream(workload.pod().path("volumes"))
                                .map(volume -> volume.path("name").asText()),
                        Manifest.stream(workload.json().at("/spec/volumeClaimTemplates"))
                                .map(claim -> claim.at("/metadata/name").asText()))
                .collect(Collectors.toSet());

        assertThat(workload.containers()
                        .flatMap(container -> Manifest.stream(container.path("volumeMounts")))
                        .map(mount -> mount.path("name").asText())
                        .collect(Collectors.toSet()))
                .isEqualTo(volumes)
                .contains("tmp");
        assertThat(Manifest.stream(workload.pod().path("volumes")))
                .allSatisfy(volume ->
                        assertThat(volume.at("/emptyDir/sizeLimit").isTextual()).isTrue());
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everyContainerIsProbedWhereQuarkusAnswers(Manifest workload) {
        assertThat(workload.containers()).allSatisfy(container -> {
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/q/health/started");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/q/health/ready");
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/q/health/live");
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("http");
            }
            assertThat(container.at("/ports/0/name").asText()).isEqualTo("http");
            assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(8080);
        });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everyContainerSaysWhatItNeedsAndMayHave(Manifest workload) {
        assertThat(workload.containers()).allSatisfy(container -> {
            for (String bound : List.of("requests", "limits")) {
                assertThat(container.path("resources").path(bound).path("cpu").isTextual())
                        .isTrue();
                assertThat(container
                                .path("resources")
                                .path(bound)
                                .path("memory")
                                .isTextual())
                        .isTrue();
            }
            // A heap that grows into memory which was never set aside ends with the pod.
            assertThat(container.at("/resources/requests/memory")).isEqualTo(container.at("/resources/limits/memory"));
        });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everyPodIsDrainedBeforeItEndsAndSpreadOverNodes(Manifest workload) {
        int grace = workload.pod().path("terminationGracePeriodSeconds").asInt();
        int drained =
                workload.container().at("/lifecycle/preStop/sleep/seconds").asInt();

        // 10 s is what requests may take, see quarkus.shutdown.timeout in the settings.
        assertThat(drained).isPositive();
        assertThat(grace).isGreaterThan(drained + 10);
        assertThat(Manifest.stream(workload.pod().path("topologySpreadConstraints"))
                        .map(spread -> spread.path("topologyKey").asText()))
                .contains("kubernetes.io/hostname");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void anImageIsNamedAfterItsServiceAndTaggedWithTheVersionOfTheTree(Manifest workload) throws IOException {
        Matcher version = VERSION.matcher(Files.readString(Manifests.ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();

        assertThat(workload.container().path("image").asText())
                .isEqualTo("belay/" + workload.name() + ":" + version.group(1));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everySelectorFindsThePodsItMeans(Manifest workload) throws IOException {
        Set<Map.Entry<String, JsonNode>> labels =
                new HashSet<>(workload.podLabels().properties());

        assertThat(labels)
                .containsAll(workload.json().at("/spec/selector/matchLabels").properties());
        assertThat(Manifest.stream(workload.pod().path("topologySpreadConstraints")))
                .allSatisfy(spread -> assertThat(labels)
                        .containsAll(spread.at("/labelSelector/matchLabels").properties()));
        for (Manifest other : Manifests.written()) {
            if (is("Service", workload.name()).test(other)) {
                assertThat(labels).containsAll(other.json().at("/spec/selector").properties());
            } else if (is("PodDisruptionBudget", workload.name()).test(other)) {
                assertThat(labels)
                        .containsAll(
                                other.json().at("/spec/selector/matchLabels").properties());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everyVariableIsASettingThatTheServiceReads(Manifest workload) throws IOException {
        Set<String> known = variables(Packaged.settings(workload.name()));

        assertThat(variables(workload))
                .allSatisfy(variable -> assertThat(known.contains(variable) || isOfKafka(variable))
                        .as(variable)
                        .isTrue());
    }

    @Test
    void everySharedSettingIsOneThatAServiceReads() throws IOException, InterruptedException {
        Set<String> known = variables(OF_QUARKUS);
        for (String service : Packaged.SERVICES) {
            known.addAll(variables(Packaged.settings(service)));
        }
        Set<String> shared = new TreeSet<>(Manifests.settings().keySet());
        Pattern literal = Pattern.compile("(?m)^ +- ([A-Z_]+)=");
        try (Stream<Path> overlays = Files.list(Manifests.OVERLAYS)) {
            for (Path overlay : overlays.toList()) {
                Matcher found = literal.matcher(Files.readString(overlay.resolve("kustomization.yaml")));
                while (found.find()) {
                    shared.add(found.group(1));
                }
            }
        }

        assertThat(shared)
                .contains("KAFKA_BOOTSTRAP_SERVERS", "BELAY_CONSOLE_URL")
                .allSatisfy(variable -> assertThat(known.contains(variable) || isOfKafka(variable))
                        .as(variable)
                        .isTrue());
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void aSecretIsReferredToAndNeverWritten(Manifest workload) throws IOException {
        assertThat(Manifests.written()).noneMatch(manifest -> manifest.kind().equals("Secret"));
        assertThat(Manifests.settings().keySet())
                .noneMatch(name -> SECRET_NAME.matcher(name).find());
        assertThat(workload.containers().flatMap(container -> Manifest.stream(container.path("env"))))
                .allSatisfy(variable -> {
                    if (SECRET_NAME.matcher(variable.path("name").asText()).find()) {
                        assertThat(variable.has("value"))
                                .as(variable.toString())
                                .isFalse();
                        assertThat(variable.at("/valueFrom/secretKeyRef/name").isTextual())
                                .as(variable.toString())
                                .isTrue();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void onlyThoseThatKeepSomethingInPostgresKnowItAndReachIt(Manifest workload) throws IOException {
        boolean keeps = Packaged.settings(workload.name()).contains("belay.postgres.url");

        assertThat(variables(workload).contains("BELAY_POSTGRES_PASSWORD")).isEqualTo(keeps);
        assertThat(Manifests.written().stream()
                        .filter(manifest -> manifest.kind().equals("NetworkPolicy"))
                        .filter(policy -> selects(policy, workload))
                        .anyMatch(policy -> policy.json()
                                .path("spec")
                                .path("egress")
                                .toString()
                                .contains("5432")))
                .isEqualTo(keeps);
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everyPodIsClosedAndThenOpenedForWhatItNeeds(Manifest workload) throws IOException {
        List<JsonNode> policies = Manifests.written().stream()
                .filter(manifest -> manifest.kind().equals("NetworkPolicy"))
                .filter(policy -> selects(policy, workload))
                .map(policy -> policy.json().path("spec"))
                .toList();

        assertThat(policies).anySatisfy(policy -> {
            assertThat(policy.path("policyTypes")).hasToString("[\"Ingress\",\"Egress\"]");
            assertThat(policy.has("ingress") || policy.has("egress")).isFalse();
        });
        assertThat(policies)
                .anySatisfy(
                        policy -> assertThat(policy.path("egress").toString()).contains("9092"));
        assertThat(policies)
                .anySatisfy(
                        policy -> assertThat(policy.path("ingress").toString()).contains("http"));
        boolean leavesTheCluster = policies.stream()
                .anyMatch(policy -> policy.path("egress").toString().contains("0.0.0.0/0"));
        assertThat(leavesTheCluster).isEqualTo(workload.name().equals("notifier"));
    }

    static Stream<Manifest> workloads() throws IOException {
        return Manifests.written().stream().filter(Manifest::isWorkload);
    }

    private static Predicate<Manifest> is(String kind, String name) {
        return manifest -> manifest.kind().equals(kind) && manifest.name().equals(name);
    }

    private static boolean selects(Manifest policy, Manifest workload) {
        JsonNode selector = policy.json().at("/spec/podSelector");
        Set<Map.Entry<String, JsonNode>> labels =
                new HashSet<>(workload.podLabels().properties());
        return labels.containsAll(selector.path("matchLabels").properties())
                && Manifest.stream(selector.path("matchExpressions"))
                        .allMatch(expression -> Manifest.stream(expression.path("values"))
                                .anyMatch(value -> value.equals(workload.podLabels()
                                        .path(expression.path("key").asText()))));
    }

    private static Set<String> variables(Manifest workload) {
        return workload.containers()
                .flatMap(container -> Manifest.stream(container.path("env")))
                .map(variable -> variable.path("name").asText())
                .collect(Collectors.toSet());
    }

    private static Set<String> variables(Set<String> settings) {
        return settings.stream()
                .map(setting -> setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What begins with {@code kafka.} is a setting of every client. */
    private static boolean isOfKafka(String variable) {
        Set<String> all = new HashSet<>(AdminClientConfig.configNames());
        all.retainAll(ConsumerConfig.configNames());
        all.retainAll(ProducerConfig.configNames());
        return variables(all.stream().map(name -> "kafka." + name).collect(Collectors.toSet()))
                .contains(variable);
    }
}
