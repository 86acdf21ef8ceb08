// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

import static dev.belay.evaluation.Facts.definition;
import static dev.belay.evaluation.Facts.rollback;
import static dev.belay.evaluation.Facts.rollout;
import static dev.belay.evaluation.Facts.user;
import static org.assertj.core.api.Assertions.assertThat;

class ServedFlagPropertiesTest {
    private static final int UNITS = 40;
    private static final RolloutStatus[] STATUSES = {
        RolloutStatus.RUNNING,
        RolloutStatus.PAUSED,
        RolloutStatus.COMPLETED,
        RolloutStatus.ROLLED_BACK,
        RolloutStatus.CANCELLED,
        RolloutStatus.RESTORED,
        RolloutStatus.DRAFT
    };

    /** A record as it arrives; its content is a function of its key and version, as at its owner. */
    private record Message(String text, UnaryOperator<ServedFlag> apply) {
        @Override
        public String toString() {
            return text;
        }
    }

    @Property
    void anyOrderDuplicatesAndReplaysGiveTheSameAnswer(@ForAll("messages") List<Message> messages, @ForAll long seed) {
        List<Message> delivered = new ArrayList<>(messages);
        Random random = new Random(seed);
        messages.stream().filter(each -> random.nextBoolean()).forEach(delivered::add);
        Collections.shuffle(delivered, random);
        ServedFlag inOrder = after(messages);
        ServedFlag asDelivered = after(delivered);
        assertThat(asDelivered).isEqualTo(inOrder);
        assertThat(answers(asDelivered)).isEqualTo(answers(inOrder));
    }

    @Property
    void twoReadersThatMeetKnowWhatOneReaderOfAllKnows(
            @ForAll("messages") List<Message> left, @ForAll("messages") List<Message> right) {
        List<Message> both = new ArrayList<>(left);
        both.addAll(right);
        assertThat(after(left).join(after(right))).isEqualTo(after(both));
        assertThat(after(right).join(after(left))).isEqualTo(after(both));
    }

    @Property
    void noOrderOfMessagesLetsAnAdvanceBeatARollbackOfItsEpoch(
            @ForAll("messages") List<Message> messages,
            @ForAll @IntRange(min = 1, max = 4) int epoch,
            @ForAll long seed) {
        List<Message> delivered = new ArrayList<>(messages);
        delivered.add(rolledBack(epoch, RollbackTarget.ALL));
        for (int version = 1; version <= 3; version++) {
            delivered.add(rolledOut(epoch, version, RolloutStatus.RUNNING));
        }
        Collections.shuffle(delivered, new Random(seed));
        ServedFlag flag = after(delivered);
        for (int i = 0; i < UNITS; i++) {
            Evaluation answer = evaluate(flag, i);
            boolean newer = flag.rollout() != null && flag.rollout().epoch() > epoch;
            assertThat(answer.treatment() && !newer)
                    .as("%s served by the rollout", answer)
                    .isFalse();
        }
    }

    @Property
    void aKillIsLiftedByANewerEpochOnly(
            @ForAll("messages") List<Message> messages, @ForAll @IntRange(min = 0, max = 4) int epoch) {
        ServedFlag killed = after(messages).without(RollbackTarget.KILL, epoch);
        if (killed.currentEpoch() <= epoch) {
            assertThat(killed.isKilled()).isTrue();
            ServedFlag restored = killed.onRollout(rollout(9, 1, RolloutStatus.RESTORED));
            assertThat(restored.isKilled()).isFalse();
        }
    }

    @Property
    void raisingAPercentageMovesNobodyOut(
            @ForAll @DoubleRange(max = 100) double one,
            @ForAll @DoubleRange(max = 100) double other,
            @ForAll @IntRange(max = 1_000_000) int unit) {
        ServedFlag low = definition().served().onRollout(raised(Math.min(one, other), 1));
        ServedFlag high = low.onRollout(raised(Math.max(one, other), 2));
        if (evaluate(low, unit).treatment()) {
            assertThat(evaluate(high, unit).treatment()).isTrue();
        }
    }

    @Provide
    Arbitrary<List<Message>> messages() {
        Arbitrary<Integer> epochs = Arbitraries.integers().between(1, 4);
        Arbitrary<Integer> versions = Arbitraries.integers().between(1, 5);
        Arbitrary<Message> definitions = versions.map(ServedFlagPropertiesTest::defined);
        Arbitrary<Message> rollouts = Combinators.combine(epochs, versions)
                .as((epoch, version) -> rolledOut(epoch, version, STATUSES[(epoch * 5 + version) % STATUSES.length]));
        Arbitrary<RollbackTarget> targets = Arbitraries.of(
                RollbackTarget.ALL,
                RollbackTarget.KILL,
                RollbackTarget.variant("on"),
                RollbackTarget.segment("country", "DE"));
        Arbitrary<Message> rollbacks = Combinators.combine(epochs, targets).as(ServedFlagPropertiesTest::rolledBack);
        return Arbitraries.oneOf(definitions, rollouts, rollbacks).list().ofMaxSize(12);
    }

    private static Message defined(int version) {
        Facts.Definition definition = definition().version(version);
        if (version > 3) {
            definition.serving(Serve.one("on")).folded(version - 2, "off");
        }
        return new Message("definition " + version, flag -> flag.onDefinition(definition.build()));
    }

    private static Message rolledOut(int epoch, int version, RolloutStatus status) {
        return new Message(
                "rollout " + epoch + "." + version + " " + status,
                flag -> flag.onRollout(rollout(epoch, version, status, Clause.ofRest(version * 20))));
    }

    private static Message rolledBack(int epoch, RollbackTarget target) {
        return new Message("out " + epoch + " " + target, flag -> flag.onRollback(rollback(epoch, target)));
    }

    private static RolloutState raised(double percent, long version) {
        return rollout(1, version, RolloutStatus.RUNNING, Clause.ofRest(percent));
    }

    private static ServedFlag after(List<Message> messages) {
        ServedFlag flag = ServedFlag.of(Facts.REF);
        for (Message message : messages) {
            flag = message.apply().apply(flag);
        }
        return flag;
    }

    private static List<Evaluation> answers(ServedFlag flag) {
        List<Evaluation> answers = new ArrayList<>();
        for (int i = 0; i < UNITS; i++) {
            answers.add(evaluate(flag, i));
        }
        return answers;
    }

    private static Evaluation evaluate(ServedFlag flag, int unit) {
        return Evaluator.evaluate(flag, new Facts(), user("unit-" + unit, "country", unit % 2 == 0 ? "DE" : "FR"));
    }
}
