// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.manifests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every object is what the schemas of Kubernetes say: as it is written, and as it is rendered. */
class SchemasTest {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: some }
            spec:
              replicas: 2
              selector: { matchLabels: { app: some } }
              template:
                metadata: { labels: { app: some } }
                spec:
                  containers:
                    - name: web
                      image: some:1
                      ports: [ { containerPort: 8080 } ]
                      env: [ { name: SOME, value: "1" } ]
                      resources: { limits: { memory: 1Gi } }
                      livenessProbe: { httpGet: { path: /live, port: 8080 } }
            """;

    @ParameterizedTest
    @MethodSource("written")
    void everyObjectOfTheBaseIsWhatTheSchemasSay(Manifest manifest) {
        assertThat(Schemas.faults(manifest)).as(manifest.toString()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyRenderedObjectIsWhatTheSchemasSay(Path folder) throws IOException, InterruptedException {
        List<Manifest> rendered = Manifests.rendered(folder);

        assertThat(rendered).hasSizeGreaterThanOrEqualTo(Manifests.written().size());
        assertThat(rendered).allSatisfy(manifest -> assertThat(Schemas.faults(manifest))
                .as(manifest.toString())
                .isEmpty());
    }

    @Test
    void aRightObjectHasNoFaults() throws IOException {
        assertThat(Schemas.faults(Manifest.parse(DEPLOYMENT))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replicas: 2         | replicaCount: 2              | replicaCount",
                "httpGet: { path: /live, port: 8080 } | httpGet: { path: /live, port: 8080, verb: GET } | verb",
                "httpGet: { path: /live, port: 8080 } | httpGet: { path: /live }     | port",
                "name: web           | workingDir: /some            | name",
                "selector: { matchLabels: { app: some } } | minReadySeconds: 1           | selector",
                "replicas: 2         | replicas: two                | two",
                "replicas: 2         | replicas: '2'                | /spec/replicas",
                "replicas: 2         | replicas: -2                 | /spec/replicas",
                "containerPort: 8080 | containerPort: 80800         | containerPort",
                "memory: 1Gi         | memory: much                 | quantity",
                "value: \"1\"        | value: 1                     | value",
                "name: some }        | name: Some_Name }            | /metadata/name",
                "{ app: some }       | { app: \"so me\" }           | so me",
                "apps/v1             | apps/v1beta1                 | apps/v1beta1",
                "kind: Deployment    | kind: Deploymint             | Deploymint"
            })
    void whatIsWrongIsFound(String right, String wrong, String said) throws IOException {
        assertThat(DEPLOYMENT).contains(right);

        assertThat(Schemas.faults(Manifest.parse(DEPLOYMENT.replace(right, wrong)))
                        .toString())
                .contains(said);
    }

    static Stream<Manifest> written() throws IOException {
        return Manifests.written().stream();
    }

    static Stream<Path> folders() throws IOException {
        try (Stream<Path> overlays = Files.list(Manifests.OVERLAYS)) {
            return Stream.concat(Stream.of(Manifests.BASE), overlays.toList().stream());
        }
    }
}
