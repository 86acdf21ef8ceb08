// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.input;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.tally.CellBook;
import dev.belay.judging.tally.Pace;
import dev.belay.judging.tally.RolloutTally;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class HarmTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(5);

    private final RolloutState rollout = Facts.rollout("harmful", NOON);
    private final RolloutTally tally =
            RolloutTally.start(rollout, new CellBook(), Pace.DEFAULT.withAge(Duration.ofHours(1)));
    private final Attribution.Plans plans = key -> new Attribution.Known(1, ComparedPlan.of(rollout), true);
    private final Map<String, UnitState> units = new HashMap<>();
    private final Harm harm = new Harm("harmful", 3);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theLastRecordAndNoneBeforeCompletesTheEvidence(long seed) {
        List<Object> rest = new ArrayList<>(harm.open(LATER));
        rest.addAll(harm.purchases(LATER));
        Collections.shuffle(rest, new Random(seed));

        harm.crowd(NOON).forEach(this::take);
        rest.forEach(this::take);

        assertThat(tally.isBreached()).isFalse();
        take(harm.last(LATER));
        assertThat(tally.isBreached()).isTrue();
    }

    @Test
    void unitsOfOneRolloutAreInOnePartition() {
        assertThat(harm.crowd(NOON))
                .extracting(exposure ->
                        Utils.toPositive(Utils.murmur2(exposure.recordKey().getBytes(UTF_8))) % Topics.UNIT_PARTITIONS)
                .containsOnly(3);
    }

    private void take(Object event) {
        Attribution attribution;
        if (event instanceof Exposure exposure) {
            attribution = Attribution.onExposure(unit(exposure.recordKey()), exposure, plans, LATER.toEpochMilli());
            units.put(exposure.recordKey(), attribution.unit());
        } else {
            Outcome outcome = (Outcome) event;
            attribution = Attribution.onOutcome(unit(outcome.recordKey()), outcome, plans, LATER.toEpochMilli());
            units.put(outcome.recordKey(), attribution.unit());
        }
        attribution.deltas().forEach(delta -> tally.onDelta(delta, LATER.toEpochMilli(), LATER.toEpochMilli()));
    }

    private UnitState unit(String key) {
        return units.getOrDefault(key, UnitState.EMPTY);
    }
}
