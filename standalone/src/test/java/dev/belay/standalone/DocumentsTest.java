// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import dev.belay.manifest.Kind;
import dev.belay.manifest.Manifests;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DocumentsTest {
    @Test
    void theDemosDocumentsAreWhatTheServicesAccept() throws IOException {
        assertThat(kinds("/demo/shop.yaml", Map.of("webhook", "http://127.0.0.1:4000/services/demo")))
                .containsExactly(Kind.FLAG, Kind.SEGMENT, Kind.SEGMENT, Kind.METRIC, Kind.METRIC, Kind.CHANNEL);
        for (String rollout : List.of("/demo/autorollout.yaml", "/demo/by-country.yaml")) {
            assertThat(kinds(rollout, Map.of())).containsExactly(Kind.TEMPLATE, Kind.ROLLOUT);
        }
    }

    @Test
    void aRolloutSaysWhichTemplateItIsMadeFrom() throws IOException {
        assertThat(Documents.of("/demo/by-country.yaml", Map.of()).template()).isEqualTo("autorollout-by-country");
    }

    @Test
    void theReplaysDocumentsAreWhatTheServicesAccept() throws IOException {
        assertThat(kinds("/replay/experiment.yaml", Map.of("flag", "experiment")))
                .containsExactly(Kind.FLAG, Kind.METRIC, Kind.TEMPLATE, Kind.ROLLOUT);
    }

    private static List<Kind> kinds(String resource, Map<String, String> values) throws IOException {
        return Documents.of(resource, values).all().stream()
                .map(document -> Manifests.parse(document).get(0).kind())
                .toList();
    }
}
