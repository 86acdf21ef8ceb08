// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.edge.EdgeFacts;
import dev.belay.evaluation.Evaluation;
import dev.belay.evaluation.EvaluationContext;
import dev.belay.evaluation.Evaluator;
import dev.belay.evaluation.ServedFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.belay.edge.EdgeFacts.definition;
import static dev.belay.edge.EdgeFacts.rollback;
import static dev.belay.edge.EdgeFacts.rollout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ServingTest {
    private static final FlagRef REF = new FlagRef("shop", "production", "checkout");

    @TempDir
    private Path folder;

    private final Serving serving = new Serving();

    @Test
    void aRestartServesWhatWasServedBefore() throws IOException {
        serving.on(definition("checkout", 1));
        serving.on(rollout("checkout", 1, 1, 100));
        serving.on(segment());
        Serving next = restarted();
        assertThat(next.isServing()).isTrue();
        assertThat(next.isSettled()).isFalse();
        assertThat(variant(next)).isEqualTo("on");
        assertThat(next.segment("shop", "beta")).isNotNull();
    }

    @Test
    void aRollbackOnceSeenOutlivesARestartAndEverythingTheTopicsSay() throws IOException {
        serving.on(definition("checkout", 1));
        serving.on(rollback("checkout", 1, RollbackTarget.ALL));
        Serving next = restarted();
        next.on(definition("checkout", 1));
        next.on(rollout("checkout", 1, 9, 100));
        assertThat(variant(next)).isEqualTo("off");
        next.settle();
        assertThat(variant(next)).isEqualTo("off");
        next.on(rollout("checkout", 2, 1, 100));
        assertThat(variant(next)).as("a new epoch").isEqualTo("on");
    }

    @Test
    void whatTheTopicsDoNotConfirmIsForgottenOnceTheyAreRead() throws IOException {
        serving.on(definition("checkout", 7));
        Serving next = restarted();
        next.on(definition("checkout", 1));
        assertThat(version(next)).isEqualTo(7);
        next.settle();
        assertThat(version(next))
                .as("deleted and made again while the edge was down")
                .isEqualTo(1);
    }

    @Test
    void aDeletedFlagIsServedAsUnknown() {
        serving.on(definition("checkout", 1));
        serving.onDefinitionDeleted(REF);
        assertThat(serving.flags("shop", "production")).isEmpty();
    }

    @Test
    void listenersHearOfChangesAndOfNothingElse() {
        List<ServedFlag> heard = new ArrayList<>();
        serving.onFlagChange(heard::add);
        serving.on(definition("checkout", 2));
        serving.on(definition("checkout", 2));
        serving.on(definition("checkout", 1));
        serving.on(rollback("checkout", 0, RollbackTarget.KILL));
        assertThat(heard).hasSize(2);
    }

    @Test
    void aFolderThatHoldsSomethingElseIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> new LastKnownGood(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("belay.edge.last-known-good");
    }

    private Serving restarted() throws IOException {
        LastKnownGood files = new LastKnownGood(folder);
        files.writeFlags(serving.flags());
        files.writeSegments(serving.segmentRecords());
        Serving next = new Serving();
        next.remember(files.flags().orElseThrow(), files.segments());
        return next;
    }

    private static Segment segment() {
        return new Segment("shop", "beta", 1, null, "user", List.of(), List.of("a"), 0, null, EdgeFacts.NOW);
    }

    private static String variant(Serving serving) {
        ServedFlag flag = serving.flag(REF);
        Evaluation answer = Evaluator.evaluate(flag, serving, new EvaluationContext("u", Map.of(), EdgeFacts.NOW));
        return answer.variant();
    }

    private static long version(Serving serving) {
        return serving.flag(REF).versions().definition();
    }
}
