// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import java.util.Map;

import dev.belay.contracts.Json;
import dev.belay.contracts.metrics.MetricDefinition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MetricCountsTest {
    @Test
    void readsWhatWasWrittenBeforeTheModeWasNoted() {
        MetricCounts counts = Json.read("""
                {"metric":"conversion","cohortControl":90,"cohortTreatment":10,"newControl":2,"newTreatment":0,
                 "totalControl":20,"totalTreatment":1,"outcomes":31,"joined":21}
                """, MetricCounts.class);

        assertThat(counts).isEqualTo(new MetricCounts("conversion", 90, 10, 2, 0, 20, 1, 31L, 21L));
        assertThat(counts.isFinal()).isFalse();
        assertThat(Json.write(counts)).doesNotContain("mode", "dispersion", "late", "final");
    }

    @Test
    void keepsModeDivisorAndLateness() {
        MetricCounts clustered = new MetricCounts("errors", 90, 10, 2, 0, 20, 1)
                .clustered(3.5)
                .noting(31L, 21L, new Lateness(20, 1, 1, 0));
        MetricCounts matured = MetricCounts.matured("signups", new MetricValues(Map.of(0, 7L, 1, 2L), Map.of(1, 3L)));

        assertThat(Json.read(Json.write(clustered), MetricCounts.class)).isEqualTo(clustered);
        assertThat(Json.read(Json.write(matured), MetricCounts.class)).isEqualTo(matured);
        assertThat(matured)
                .isEqualTo(new MetricCounts(
                        "signups", 9, 3, 2, 3, 2, 3, null, null, null, MetricDefinition.Mode.MATURED, null, null));
        assertThat(matured.isFinal()).isTrue();
    }

    @Test
    void refusesWhatCannotBe() {
        MetricCounts counts = new MetricCounts("errors", 90, 10, 2, 0, 20, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> counts.clustered(0.5))
                .withMessage("dispersion must be finite and at least 1, was 0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lateness(1, 2, 0, 0))
                .withMessage("lateControl must be at most 1, was 2");
    }
}
