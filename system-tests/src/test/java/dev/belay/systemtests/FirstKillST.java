// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.systemtests.cluster.Cluster;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The first thing that an installation with three edges ever does is to kill a flag: none of the edges is overlooked. */
class FirstKillST {
    @Test
    void theFirstKillOfAnInstallationIsConfirmedByAllThreeEdges() throws IOException, InterruptedException {
        JsonNode incident = Cluster.shared().firstKill();

        assertThat(incident.path("status").asText()).as(incident.toString()).isEqualTo("CONFIRMED");
        assertThat(incident.path("edges")).as(incident.toString()).hasSize(3);
        assertThat(incident.path("confirmed")).as(incident.toString()).hasSize(3);
    }
}
