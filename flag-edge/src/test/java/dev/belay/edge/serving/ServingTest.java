// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.edge.EdgeFacts;
import dev.belay.evaluation.Evaluation;
import dev.belay.evaluation.EvaluationContext;
import dev.belay.evaluation.Evaluator;
import dev.belay.evaluation.ServedFlag;
import dev.belay.http.KeyText;
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
        serving.on(segment("beta", 1, "a"));
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
    void rollbacksOfAFileOfAnEarlierVersionHold() throws IOException {
        Files.writeString(folder.resolve("flags.json"), """
                {"flags":[{"flag":"shop/production/checkout","definition":null,"rollout":null,
                 "out":{"segment:country=UK":3,"all":1}}]}""");
        ServedFlag flag = new LastKnownGood(folder).flags().orElseThrow().get(0);
        assertThat(flag.out())
                .containsOnlyKeys(RollbackTarget.ALL, RollbackTarget.segment("country", "UK"))
                .containsValue(new TreeSet<>(List.of(3)));
    }

    @Test
    void everyEpochOfWhatIsOutOutlivesARestart() throws IOException {
        serving.on(definition("checkout", 1));
        serving.on(rollback("checkout", 1, RollbackTarget.segment("country", "UK")));
        serving.on(rollback("checkout", 3, RollbackTarget.segment("country", "UK")));

        assertThat(restarted().flag(REF).out()).containsValue(new TreeSet<>(List.of(1, 3)));
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
    void aSegmentTheTopicsDoNotConfirmIsForgottenOnceTheyAreRead() throws IOException {
        serving.on(segment("beta", 7, "old"));
        serving.on(segment("gone", 1, "x"));
        Serving next = restarted();
        List<String> heard = new ArrayList<>();
        next.onSegmentChange((project, name) -> heard.add(name));
        next.on(segment("beta", 1, "new"));
        assertThat(next.segment("shop", "beta").records())
                .as("before the topics are read")
                .extracting(Segment::version)
                .containsExactly(7L);
        next.settle();
        assertThat(next.segment("shop", "beta").records())
                .as("made again while the edge was down")
                .extracting(Segment::version)
                .containsExactly(1L);
        assertThat(next.segment("shop", "gone")).isNull();
        assertThat(heard).contains("gone");
    }

    @Test
    void aSegmentMadeAgainOutlivesTheDeletionReadAfterIt() {
        serving.on(segment("beta", 1, "a"));
        serving.on(new Segment("shop", "beta", 3, null, "user", List.of(), List.of("b"), 0, 0, EdgeFacts.NOW));
        serving.onSegmentDeleted("shop", "beta", null);
        serving.on(new Segment("shop", "beta", 3, null, "user", List.of(), List.of(), 1, null, EdgeFacts.NOW));
        assertThat(serving.segment("shop", "beta").records()).hasSize(2);
    }

    @Test
    void listenersHearOfSegmentsThatDecideDifferently() {
        List<String> heard = new ArrayList<>();
        serving.onSegmentChange((project, name) -> heard.add(project + "/" + name));
        serving.on(segment("beta", 1, "a"));
        serving.on(segment("beta", 1, "a"));
        serving.on(new Segment("shop", "beta", 2, null, "user", List.of(), List.of(), 1, null, EdgeFacts.NOW));
        assertThat(heard).as("a version that is not whole yet").hasSize(1);
        serving.on(new Segment("shop", "beta", 2, null, "user", List.of(), List.of("b"), 0, 0, EdgeFacts.NOW));
        serving.onSegmentDeleted("shop", "beta", null);
        serving.onSegmentDeleted("shop", "beta", 0);
        assertThat(heard).containsExactly("shop/beta", "shop/beta", "shop/beta");
    }

    @Test
    void keysAreKeptAsHashes() throws IOException {
        KeyText text = KeyText.generate();
        LastKnownGood files = new LastKnownGood(folder);
        assertThat(files.keys()).isEmpty();
        ApiKey key = EdgeFacts.key(text, 1, Scope.SERVER, null, null);
        files.writeKeys(List.of(key));
        assertThat(files.keys()).contains(List.of(key));
        assertThat(folder.resolve("keys.json")).content().doesNotContain(text.text());
    }

    @Test
    void aDeletedFlagIsServedAsUnknown() {
        serving.on(definition("checkout", 1));
        serving.onDefinitionDeleted(REF);
        assertThat(serving.flags("shop", "production")).isEmpty();
    }

    @Test
    void listenersHearOfChangesAndOfNothingElse() {
        List<Serving.FlagChange> heard = new ArrayList<>();
        serving.onFlagChange(heard::add);
        serving.on(definition("checkout", 2));
        serving.on(definition("checkout", 2));
        serving.on(definition("checkout", 1));
        serving.on(rollback("checkout", 0, RollbackTarget.KILL));
        assertThat(heard).extracting(Serving.FlagChange::takesOut).containsExactly(false, true);
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

    private static Segment segment(String name, long version, String member) {
        return new Segment("shop", name, version, null, "user", List.of(), List.of(member), 0, null, EdgeFacts.NOW);
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
