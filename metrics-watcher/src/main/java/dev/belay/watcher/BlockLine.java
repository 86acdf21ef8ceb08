// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.MetricCounts;
import org.jspecify.annotations.Nullable;

/**
 * A metric's part of a block in the form that {@code belay judge} reads.
 *
 * @param stratum number of the stratum, from 0 in the order they came
 * @param cohortControl units of control that are compared: so far in arrival mode, in the block in bernoulli mode
 * @param cohortTreatment units of the treatment that are compared, likewise
 * @param newControl new events of control
 * @param newTreatment new events of the treatment
 * @param mode {@code bernoulli} for units that are compared when their window is over; null for arrival
 * @param dispersion what events are divided by before they are evidence; null where units are counted
 */
public record BlockLine(
        @JsonProperty("stratum") int stratum,
        @JsonProperty("nC") long cohortControl,
        @JsonProperty("nT") long cohortTreatment,
        @JsonProperty("sC") long newControl,
        @JsonProperty("sT") long newTreatment,

        @JsonProperty("mode") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String mode,

        @JsonProperty("dispersion") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Double dispersion) {
    private static final String BERNOULLI = "bernoulli";

    /**
     * Returns the lines of one guardrail's blocks.
     *
     * @param variant treatment that is compared
     * @param segment {@code dimension=value}; null for everyone
     */
    public static List<BlockLine> of(List<Block> blocks, String metric, String variant, @Nullable String segment) {
        Map<String, Integer> strata = new HashMap<>();
        List<BlockLine> lines = new ArrayList<>();
        for (Block block : blocks) {
            if (!block.variant().equals(variant) || !Objects.equals(block.segment(), segment)) {
                continue;
            }
            String place = block.allocation() + "|" + block.clause();
            int stratum = strata.computeIfAbsent(place, any -> strata.size());
            for (MetricCounts each : block.metrics()) {
                if (each.metric().equals(metric)) {
                    lines.add(new BlockLine(
                            stratum,
                            each.cohortControl(),
                            each.cohortTreatment(),
                            each.newControl(),
                            each.newTreatment(),
                            each.mode() == MetricDefinition.Mode.MATURED ? BERNOULLI : null,
                            each.dispersion()));
                }
            }
        }
        return lines;
    }
}
