// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.replay;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MemberEvidence;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.standalone.Api;
import dev.belay.standalone.Documents;
import org.jspecify.annotations.Nullable;

/**
 * Sends a recorded experiment through the edge to a flag in a 50/50 stage, guarded by "conversion falls 20 %", and says
 * what the installation made of it.
 */
public final class Replay {
    static final String CONTROL = "control";
    static final String TREATMENT = "treatment";
    static final String EVENT = "converted";

    private static final String PROJECT = "replay";
    private static final String ENVIRONMENT = "recorded";
    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long GLANCE_MILLIS = 100;
    private static final Duration FOR_THE_JUDGE = Duration.ofSeconds(240);
    private static final String DRAIN = "/api/v1/evidence/drain?seconds=" + FOR_THE_JUDGE.toSeconds();
    private static final Duration FOR_THE_CONTROLLER = Duration.ofSeconds(3);

    private final Api api;
    private final PrintStream out;
    private final String flag;

    /**
     * What to replay.
     *
     * @param file CSV file with a header line, gzipped when its name ends in {@code .gz}
     * @param columns which column means what
     * @param thinTreatment probability that a conversion of the treatment is left out
     * @param seed seed of what is left out and of the shuffling
     * @param shuffleWithin greatest delay of an event; null for none
     * @param twice whether everything is sent twice
     * @param json file for the result; null for none
     */
    record Options(
            Path file,
            Recording.Columns columns,
            double thinTreatment,
            long seed,
            @Nullable Duration shuffleWithin,
            boolean twice,
            @Nullable Path json) {}

    /**
     * One arm.
     *
     * @param exposed distinct units
     * @param converted those of them that converted
     */
    public record Arm(long exposed, long converted) {
        static Arm of(Counts counts) {
            return new Arm(counts.exposed(), counts.events());
        }
    }

    /**
     * What came out, as {@code --json} writes it.
     *
     * @param outcome {@code rolled_back} or {@code running}
     * @param decision decision of the guardrail after the last event
     * @param control counts of control
     * @param treatment counts of the treatment
     * @param excluded units and rows that were not compared, by reason
     * @param ratio Mantel-Haenszel ratio of treatment to control; null when undefined
     * @param lower lower end of its 95 % confidence sequence; null when unknown
     * @param upper upper end; null when unbounded or unknown
     * @param logHarm logarithm of the evidence of harm
     * @param logHealthy logarithm of the evidence that the change is within the limit
     * @param treatedUsersAtRollback treated units when the evidence was complete; null when nothing was rolled back
     */
    public record Result(
            String outcome,
            Decision decision,
            Arm control,
            Arm treatment,
            Map<String, Long> excluded,
            @Nullable Double ratio,
            @Nullable Double lower,
            @Nullable Double upper,
            double logHarm,
            double logHealthy,
            @Nullable Long treatedUsersAtRollback) {}

    Replay(Api api, PrintStream out, String flag) {
        this.api = api;
        this.out = out;
        this.flag = flag;
    }

    /** Returns the project and environment that replays live in, as an {@link Api} needs them. */
    static Api api(String url, String key) {
        return new Api(url, key, PROJECT, ENVIRONMENT);
    }

    Result play(Options options) throws IOException, InterruptedException {
        Recording recording = Recording.read(options.file(), options.columns());
        if (recording.rows().isEmpty()) {
            throw new IllegalArgumentException(options.file() + " has no rows to replay");
        }
        out.printf("%,d rows, %,d dropped by --require%n", recording.rows().size(), recording.dropped());
        prepare();
        RolloutState rollout = started();
        Delivery.Manner manner = new Delivery.Manner(
                options.thinTreatment(),
                options.seed(),
                options.shuffleWithin(),
                rollout.epoch(),
                rollout.allocation().orElseThrow().number(),
                flag,
                options.twice(),
                options.columns().dimension());
        send(Delivery.of(recording, manner, Instant.now()).events());
        drain();
        Result result = result(recording, rollout.epoch());
        out.println(Json.write(result));
        if (options.json() != null) {
            Files.writeString(options.json(), Json.write(result) + "\n");
        }
        return result;
    }

    private void prepare() throws IOException, InterruptedException {
        api.awaitReady(PATIENCE);
        Documents.of("/replay/experiment.yaml", Map.of("flag", flag)).apply(api);
    }

    private RolloutState started() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            Optional<RolloutState> state = api.get("/api/v1/rollouts/" + PROJECT + "/" + ENVIRONMENT + "/" + flag)
                    .map(node -> Json.read(node.toString(), RolloutState.class));
            if (state.isPresent() && state.get().status().isLive()) {
                return state.get();
            }
            Thread.sleep(GLANCE_MILLIS);
        }
        throw new IOException("the rollout did not start within " + PATIENCE);
    }

    private void send(List<String> events) throws IOException, InterruptedException {
        for (int from = 0; from < events.size(); from += BATCH) {
            List<String> batch = events.subList(from, Math.min(events.size(), from + BATCH));
            JsonNode answer = sendBatch(String.join("\n", batch));
            if (answer.path("accepted").asInt() != batch.size()) {
                throw new IOException("the edge refused events: " + answer.path("refused"));
            }
        }
    }

    /** A rollout that just started may not have reached the edge yet: then the first batch is refused whole. */
    private JsonNode sendBatch(String body) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        JsonNode answer = api.post("/api/v1/events", "application/x-ndjson", body);
        while (answer.path("accepted").asInt() == 0 && Instant.now().isBefore(end)) {
            Thread.sleep(GLANCE_MILLIS);
            answer = api.post("/api/v1/events", "application/x-ndjson", body);
        }
        return answer;
    }

    private void drain() throws IOException, InterruptedException {
        api.command(DRAIN, FOR_THE_JUDGE.plusSeconds(10));
    }

    private Result result(Recording recording, int epoch) throws IOException, InterruptedException {
        Evidence evidence = evidence();
        Optional<Verdict> breach = breach(epoch);
        Map<String, Long> excluded = new HashMap<>(evidence.excluded());
        if (recording.dropped() > 0) {
            excluded.put("required-value", recording.dropped());
        }
        boolean healthy = evidence.logHealthy() >= evidence.logHealthyLimit();
        Decision undisturbed = healthy ? Decision.HEALTHY : Decision.UNDECIDED;
        return new Result(
                breach.isPresent() ? "rolled_back" : "running",
                breach.isPresent() ? Decision.BREACHED : undisturbed,
                Arm.of(evidence.control()),
                Arm.of(evidence.treatment()),
                Map.copyOf(excluded),
                evidence.estimate().ratio(),
                evidence.estimate().lower(),
                evidence.estimate().upper(),
                logHarm(evidence.members()),
                evidence.logHealthy(),
                breach.map(verdict -> verdict.treatment().exposed()).orElse(null));
    }

    /** Returns the evidence of a guardrail by itself: what would be said to the gate, whether that is open or not. */
    static double logHarm(List<MemberEvidence> members) {
        double largest =
                members.stream().mapToDouble(MemberEvidence::logHarm).max().orElse(Double.NEGATIVE_INFINITY);
        if (Double.isInfinite(largest)) {
            return largest;
        }
        double sum = members.stream()
                .mapToDouble(member -> member.weight() * Math.exp(member.logHarm() - largest))
                .sum();
        return largest + Math.log(sum);
    }

    private Evidence evidence() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            List<JsonNode> found = items("/api/v1/evidence/" + PROJECT + "/" + ENVIRONMENT + "/" + flag);
            if (!found.isEmpty()) {
                return Json.read(found.get(0).toString(), Evidence.class);
            }
            Thread.sleep(GLANCE_MILLIS);
        }
        throw new IOException("there is no evidence after " + PATIENCE);
    }

    /** Everything is judged; a verdict may still be on its way to the controller. */
    private Optional<Verdict> breach(int epoch) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(FOR_THE_CONTROLLER);
        Optional<Verdict> found = rollback(epoch);
        while (found.isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(GLANCE_MILLIS);
            found = rollback(epoch);
        }
        return found;
    }

    private Optional<Verdict> rollback(int epoch) throws IOException, InterruptedException {
        String path = "/api/v1/rollbacks?project=" + PROJECT + "&environment=" + ENVIRONMENT + "&flag=" + flag;
        return items(path).stream()
                .map(node -> Json.read(node.toString(), Rollback.class))
                .filter(rollback -> rollback.epoch() == epoch)
                .flatMap(rollback -> Optional.ofNullable(rollback.verdict()).stream())
                .findFirst();
    }

    private List<JsonNode> items(String path) throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        api.get(path).ifPresent(list -> (list.has("items") ? list.get("items") : list).forEach(all::add));
        return all;
    }
}
