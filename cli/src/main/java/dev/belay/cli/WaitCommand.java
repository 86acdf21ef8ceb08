// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Waits for what becomes of a rollout. */
@Command(
        name = "wait",
        description =
                "Waits until the rollout is over, or has reached a stage: ends with 0 when it completed or reached"
                        + " it, with 3 when it was rolled back or cancelled, with 1 when that takes too long.")
final class WaitCommand extends FollowCommand {
    @Mixin
    final OutputOptions output = new OutputOptions();

    @Option(names = "--stage", paramLabel = "NAME", description = "stage that is enough (default: the end)")
    @Nullable
    String stage;

    @Option(names = "--timeout", paramLabel = "TIME", description = "how long at most (default: ${DEFAULT-VALUE})")
    String timeout = "7d";

    WaitCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int follow(Server connected, FlagRef ref, Duration pause) throws IOException, InterruptedException {
        long nanos = Durations.parse("--timeout", timeout).toNanos();
        long start = System.nanoTime();
        JsonNode state = connected.get(Paths.rollouts(ref)).body();
        String path = Paths.rollouts(ref) + "/" + state.path("epoch").asInt();
        int wanted = stage == null ? Integer.MAX_VALUE : stageIndex(state, stage);
        while (!ExitCodes.isOver(state) && present(state) < wanted) {
            if (System.nanoTime() - start >= nanos) {
                say(state);
                throw new IOException("the rollout must be over within --timeout, was " + timeout);
            }
            Thread.sleep(pause.toMillis());
            state = connected.get(path).body();
        }
        say(state);
        return ExitCodes.isOver(state) ? ExitCodes.of(state) : ExitCodes.DONE;
    }

    private void say(JsonNode state) {
        output.print(terminal, state, () -> Lines.rollout(state) + "\n");
    }

    private static int present(JsonNode state) {
        JsonNode allocations = state.path("allocations");
        return allocations.path(allocations.size() - 1).path("stage").asInt(-1);
    }

    static int stageIndex(JsonNode state, String name) {
        JsonNode stages = state.path("plan").path("stages");
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < stages.size(); i++) {
            String each = stages.path(i).path("name").asText();
            if (each.equals(name)) {
                return i;
            }
            names.append(i == 0 ? "" : ", ").append(each);
        }
        throw new IllegalArgumentException("--stage must be one of " + names + ", was " + name);
    }
}
