// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.standalone.distributed.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A request goes to the service that answers it, and to no other. */
class IngressTest {
    static final List<String> SERVICES = Packaged.SERVICES;

    private static final List<String> PAGE = List.of("/", "/static/main.js", "/belay.svg");

    private final Routes routes = Routes.of(Manifests.written());

    IngressTest() throws IOException {}

    @ParameterizedTest
    @FieldSource("SERVICES")
    void everyPathAServiceAnswersLeadsToIt(String service) throws IOException {
        Set<String> paths = Packaged.paths(service);

        assertThat(paths).isNotEmpty();
        assertThat(paths).allSatisfy(path -> {
            assertThat(routes.owner(path)).as(path).contains(service);
            assertThat(routes.owner(path + "/more")).as(path + "/more").contains(service);
        });
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void theLauncherOfProcessesRoutesAlike(String service) throws IOException {
        assertThat(Packaged.paths(service))
                .allSatisfy(
                        path -> assertThat(Service.of(path).module()).as(path).isEqualTo(service));
        assertThat(PAGE).allSatisfy(path -> assertThat(routes.owner(path))
                .as(path)
                .contains(Service.of(path).module()));
    }

    @Test
    void everyPathOfTheIngressIsAnswered() throws IOException {
        Set<String> answered = SERVICES.stream()
                .flatMap(service -> {
                    try {
                        return Packaged.paths(service).stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .collect(Collectors.toSet());

        assertThat(routes.paths()).allSatisfy(path -> assertThat(PAGE.stream().anyMatch(page -> page.startsWith(path))
                        || answered.stream().anyMatch(one -> one.equals(path) || one.startsWith(path + "/")))
                .as(path)
                .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/ready", "/q/metrics", "/q/openapi", "/api/v1", "/api", "/api/v1/flagsy", "/ex"})
    void whatIsNoOnesIsNotReachable(String path) {
        assertThat(routes.owner(path)).isEmpty();
    }

    @Test
    void noPathIsBelowThatOfAnotherService() {
        Map<String, String> owners = routes.owners();

        owners.forEach((path, owner) -> owners.forEach((other, another) -> {
            if (!owner.equals(another) && !path.equals("/")) {
                assertThat(other.equals(path) || other.startsWith(path + "/"))
                        .as(other + " of " + another + " below " + path + " of " + owner)
                        .isFalse();
            }
        }));
    }

    @Test
    void everyBackendIsAServiceAndAPortOfIt() throws IOException {
        Map<String, JsonNode> services = Manifests.written().stream()
                .filter(manifest -> manifest.kind().equals("Service"))
                .collect(Collectors.toMap(Manifest::name, Manifest::json));

        assertThat(routes.owners().values()).allSatisfy(service -> assertThat(services)
                .containsKey(service)
                .extractingByKey(service)
                .satisfies(json -> assertThat(Manifest.stream(json.path("spec").path("ports"))
                                .map(port -> port.path("name").asText()))
                        .contains("http")));
    }

    @Test
    void aChoiceOfWordsIsOnePathEach() {
        assertThat(Packaged.fixed("/{route: (batch|i/v0/e)/?}")).containsExactly("/batch", "/i/v0/e");
        assertThat(Packaged.fixed("/api/v1/flags/{project}")).containsExactly("/api/v1/flags");
    }
}
