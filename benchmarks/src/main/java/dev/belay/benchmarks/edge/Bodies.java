// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.edge;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.belay.benchmarks.input.Facts;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.Unit;
import dev.belay.evaluation.EvaluationContext;
import dev.belay.evaluation.Evaluator;
import dev.belay.evaluation.KnownSegment;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.Snapshot;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Bodies of requests as applications send them. */
final class Bodies {
    private static final String NEW_LINE = "\n";

    private final String key;
    private final Instant now;

    /**
     * @param key text of the caller's key
     * @param now when events happened
     */
    Bodies(String key, Instant now) {
        this.key = key;
        this.now = now;
    }

    /** Returns single evaluations of a flag for that many users. */
    List<Shot> evaluations(String path, int users) {
        return IntStream.range(0, users)
                .mapToObj(user -> shot(
                        path,
                        "application/json",
                        "{\"context\":{\"targetingKey\":\"user-" + user
                                + "\",\"country\":\"DE\",\"plan\":\"professional\",\"appVersion\":\"4.12.1\"}}"))
                .toList();
    }

    /**
     * Returns batches of events: half of them exposures, with the variants that the users really have, half outcomes.
     *
     * @param flag flag with a rollout
     * @param asArray a JSON array instead of one object a line
     */
    List<Shot> events(String path, String flag, int batches, int size, boolean asArray) {
        ServedFlag served = ServedFlag.of(Facts.ref(flag))
                .onDefinition(Facts.flag(flag, now))
                .onRollout(Facts.rollout(flag, now));
        List<Shot> all = new ArrayList<>();
        for (int batch = 0; batch < batches; batch++) {
            List<String> events = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int number = batch * size + i;
                events.add(Json.write(i % 2 == 0 ? exposure(served, number) : outcome(number - 1)));
            }
            String body = asArray ? "[" + String.join(",", events) + "]" : String.join(NEW_LINE, events);
            all.add(shot(path, asArray ? "application/json" : "application/x-ndjson", body));
        }
        return all;
    }

    private Map<String, Object> exposure(ServedFlag flag, int number) {
        String user = "user-" + number;
        String variant = Evaluator.evaluate(
                        flag, new OneFlag(flag), EvaluationContext.of(Unit.user(user), Map.of(), now))
                .variant();
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", "exposure");
        event.put("id", "exposure-" + number);
        event.put("flag", flag.ref().flag());
        event.put("unit", user);
        event.put("variant", variant);
        event.put("at", now);
        event.put("properties", Map.of("country", "DE"));
        return event;
    }

    private Map<String, Object> outcome(int number) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", "outcome");
        event.put("id", "outcome-" + number);
        event.put("event", Facts.PURCHASE);
        event.put("unit", "user-" + number);
        event.put("value", number % 100 + 0.5);
        event.put("at", now);
        event.put("properties", Map.of("currency", "EUR", "basket", "b-" + number));
        return event;
    }

    private Shot shot(String path, String type, String body) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + key);
        headers.put("Content-Type", type);
        return new Shot(path, Map.copyOf(headers), Buffer.buffer(body));
    }

    private record OneFlag(ServedFlag flag) implements Snapshot {
        @Override
        public @Nullable ServedFlag flag(FlagRef ref) {
            return ref.equals(flag.ref()) ? flag : null;
        }

        @Override
        public @Nullable KnownSegment segment(String project, String segment) {
            return null;
        }
    }
}
