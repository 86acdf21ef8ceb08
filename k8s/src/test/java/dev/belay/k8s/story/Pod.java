// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.story;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import dev.belay.k8s.manifests.Manifest;
import io.kubernetes.client.custom.Quantity;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** Runs the container of a workload as a node would: its variables, its user, its limits, and nothing to write to but volumes. */
final class Pod {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    /** Nobody waits for the second compiler in a story of a minute. */
    private static final String SHORT = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final String STORE = "/slack.p12";

    private Pod() {}

    /**
     * @param settings the shared ones, variable and value
     * @param secrets {@code name/key} and value
     */
    static GenericContainer<?> of(
            Manifest workload, Network network, Map<String, String> settings, Map<String, String> secrets) {
        JsonNode container = workload.container();
        JsonNode security = workload.pod().path("securityContext");
        int port = container.at("/ports/0/containerPort").asInt();
        Map<String, String> environment = new HashMap<>(settings);
        environment.putAll(variables(workload, secrets));
        environment.put("JDK_JAVA_OPTIONS", SHORT);
        return new GenericContainer<>(DockerImageName.parse(Engine.image(workload.name())))
                .withNetwork(network)
                .withNetworkAliases(workload.name())
                .withExposedPorts(port)
                .withEnv(environment)
                .withTmpFs(volumes(container, security))
                .withCreateContainerCmdModifier(command -> {
                    HostConfig host = Objects.requireNonNull(command.getHostConfig());
                    host.withReadonlyRootfs(container
                                    .at("/securityContext/readOnlyRootFilesystem")
                                    .asBoolean())
                            .withCapDrop(Capability.ALL)
                            .withSecurityOpts(List.of("no-new-privileges"))
                            .withMemory(bytes(container.at("/resources/limits/memory")));
                    command.withUser(security.path("runAsUser").asText() + ":"
                            + security.path("runAsGroup").asText());
                })
                .waitingFor(Wait.forHttp(
                                container.at("/readinessProbe/httpGet/path").asText())
                        .forPort(port)
                        .forStatusCode(200)
                        .withStartupTimeout(PATIENCE));
    }

    /** Lets a pod find and trust what stands in for Slack. */
    static GenericContainer<?> lead(GenericContainer<?> pod, SlackReceiver slack) {
        return pod.withExtraHost(SlackReceiver.HOST, "host-gateway")
                .withEnv(
                        "JDK_JAVA_OPTIONS",
                        SHORT + " -Djavax.net.ssl.trustStore=" + STORE + " -Djavax.net.ssl.trustStorePassword="
                                + SlackReceiver.STORE_PASSWORD)
                .withCreateContainerCmdModifier(command -> Objects.requireNonNull(command.getHostConfig())
                        .withBinds(new Bind(slack.store().toString(), new Volume(STORE), AccessMode.ro)));
    }

    private static Map<String, String> variables(Manifest workload, Map<String, String> secrets) {
        Map<String, String> all = new HashMap<>();
        Manifest.stream(workload.container().path("env")).forEach(variable -> {
            String name = variable.path("name").asText();
            JsonNode secret = variable.at("/valueFrom/secretKeyRef");
            if (variable.has("value")) {
                all.put(name, variable.path("value").asText());
            } else if (secret.isObject()) {
                String key =
                        secret.path("name").asText() + "/" + secret.path("key").asText();
                if (secrets.containsKey(key)) {
                    all.put(name, secrets.get(key));
                } else if (!secret.path("optional").asBoolean()) {
                    throw new IllegalStateException(workload + " needs the secret " + key);
                }
            } else if (variable.at("/valueFrom/fieldRef/fieldPath").asText().equals("metadata.name")) {
                all.put(name, workload.name() + "-0");
            } else {
                throw new IllegalStateException(workload + " has a variable of another kind: " + variable);
            }
        });
        return all;
    }

    private static Map<String, String> volumes(JsonNode container, JsonNode security) {
        Map<String, String> all = new HashMap<>();
        Manifest.stream(container.path("volumeMounts"))
                .forEach(mount -> all.put(
                        mount.path("mountPath").asText(),
                        "rw,exec,size=256m,mode=0770,uid="
                                + security.path("runAsUser").asText() + ",gid="
                                + security.path("fsGroup").asText()));
        return all;
    }

    private static long bytes(JsonNode quantity) {
        return Quantity.fromString(quantity.asText()).getNumber().longValueExact();
    }
}
