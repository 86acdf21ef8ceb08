// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Verdict;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A breach of the guardrail "conversion falls by 20 %", as the watcher says it. */
final class Breach {
    private Breach() {}

    static ProducerRecord<byte[], byte[]> of(FlagRef flag, int epoch) {
        Instant at = Instant.now();
        Verdict verdict = new Verdict(
                flag.project(),
                flag.environment(),
                flag.flag(),
                epoch,
                1,
                0,
                "conversion",
                "conversion",
                "on",
                null,
                Decision.BREACHED,
                List.of(),
                Guardrail.Limit.FALLS,
                0.2,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO,
                new Estimate(0.7, 0.6, 0.8),
                new Counts(2_000, 1_200),
                new Counts(2_000, 840),
                2_000,
                2_000,
                2_000,
                Map.of(),
                Math.log(200),
                Math.log(100),
                -5,
                Math.log(20),
                12,
                at,
                at,
                at);
        return new ProducerRecord<>(
                Topics.VERDICTS.name(),
                flag.key().getBytes(StandardCharsets.UTF_8),
                Json.write(verdict).getBytes(StandardCharsets.UTF_8));
    }
}
