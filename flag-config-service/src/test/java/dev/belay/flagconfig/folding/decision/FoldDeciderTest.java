// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding.decision;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.Variant;
import dev.belay.contracts.flags.Weighted;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FoldDeciderTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final Serve OFF = Serve.one("off");
    private static final Serve ON = Serve.one("on");

    @Test
    void completingMakesTheTreatmentTheDefaultAndKeepsWhatStood() {
        assertThat(FoldDecider.complete(flag(3, OFF, null), 1, List.of("on"), LATER))
                .contains(flag(4, ON, new Fold(1, OFF), LATER));
    }

    @Test
    void completingTwiceChangesNothing() {
        FlagDefinition folded = flag(4, ON, new Fold(2, OFF));

        assertThat(FoldDecider.complete(folded, 2, List.of("on"), LATER)).isEmpty();
        assertThat(FoldDecider.complete(folded, 1, List.of("on"), LATER)).isEmpty();
    }

    @Test
    void completingKeepsWhatStoodWhenTheRolloutIsRolledBackAlready() {
        assertThat(FoldDecider.complete(flag(3, OFF, null), 1, List.of(), LATER))
                .contains(flag(4, OFF, new Fold(1, OFF), LATER));
    }

    @Test
    void completingKeepsWhatStandsWhenTheVariantIsGone() {
        assertThat(FoldDecider.complete(flag(3, OFF, null), 1, List.of("gone"), LATER))
                .contains(flag(4, OFF, new Fold(1, OFF), LATER));
    }

    @Test
    void ofSeveralTreatmentsEveryoneKeepsTheirOwn() {
        Serve both = Serve.split(List.of(new Weighted("on", 50), new Weighted("off", 50)));
        assertThat(FoldDecider.complete(flag(3, OFF, null), 1, List.of("on", "off"), LATER))
                .contains(flag(4, both, new Fold(1, OFF), LATER));
    }

    @Test
    void aTreatmentThatIsRolledBackAfterTheFoldLeavesItsPlaceToTheOthers() {
        Serve both = Serve.split(List.of(new Weighted("on", 50), new Weighted("off", 50)));
        Fold fold = new Fold(1, OFF);
        assertThat(FoldDecider.takeOut(flag(4, both, fold), 1, "off", LATER)).contains(flag(5, ON, fold, LATER));
        assertThat(FoldDecider.takeOut(flag(4, ON, fold), 1, "on", LATER)).contains(flag(5, OFF, fold, LATER));
        assertThat(FoldDecider.takeOut(flag(4, ON, fold), 1, "off", LATER)).isEmpty();
        assertThat(FoldDecider.takeOut(flag(4, ON, fold), 2, "on", LATER)).isEmpty();
        assertThat(FoldDecider.takeOut(flag(4, ON, null), 1, "on", LATER)).isEmpty();
    }

    @Test
    void anEditStandsInThePlaceOfWhatStoodBeforeARollback() {
        FlagDefinition rolledBack = flag(5, OFF, new Fold(1, OFF));

        assertThat(FoldDecider.edit(rolledBack, flag(6, OFF, new Fold(1, OFF)), List.of("on")))
                .contains(flag(6, OFF, new Fold(1, OFF)));
        assertThat(FoldDecider.edit(rolledBack, flag(6, ON, new Fold(1, OFF)), List.of("other")))
                .contains(flag(6, ON, new Fold(1, ON)));
        assertThat(FoldDecider.edit(flag(5, OFF, null), flag(6, ON, null), List.of("on")))
                .contains(flag(6, ON, null));
    }

    @Test
    void noEditBringsARolledBackTreatmentBack() {
        assertThat(FoldDecider.edit(flag(5, OFF, new Fold(1, OFF)), flag(6, ON, new Fold(1, OFF)), List.of("on")))
                .isEmpty();
    }

    @Test
    void rollingBackGivesBackWhatStood() {
        assertThat(FoldDecider.rollBack(flag(4, ON, new Fold(1, OFF)), 1, LATER))
                .contains(flag(5, OFF, new Fold(1, OFF), LATER));
    }

    @Test
    void rollingBackLeavesFlagsAloneThatFoldedAnotherRollout() {
        assertThat(FoldDecider.rollBack(flag(4, ON, new Fold(2, OFF)), 1, LATER))
                .isEmpty();
        assertThat(FoldDecider.rollBack(flag(4, ON, new Fold(1, OFF)), 2, LATER))
                .isEmpty();
        assertThat(FoldDecider.rollBack(flag(4, ON, null), 1, LATER)).isEmpty();
    }

    @Test
    void endsTheSameInEitherOrder() {
        FlagDefinition start = flag(3, OFF, null);

        FlagDefinition completedFirst = FoldDecider.complete(start, 1, List.of("on"), LATER)
                .flatMap(folded -> FoldDecider.rollBack(folded, 1, LATER))
                .orElseThrow();
        FlagDefinition rolledBackFirst = FoldDecider.rollBack(start, 1, LATER)
                .or(() -> Optional.of(start))
                .flatMap(flag -> FoldDecider.complete(flag, 1, List.of(), LATER))
                .orElseThrow();

        assertThat(completedFirst.defaultRule())
                .isEqualTo(rolledBackFirst.defaultRule())
                .isEqualTo(OFF);
        assertThat(completedFirst.fold()).isEqualTo(rolledBackFirst.fold());
    }

    private static FlagDefinition flag(long version, Serve defaultRule, Fold fold) {
        return flag(version, defaultRule, fold, NOON);
    }

    private static FlagDefinition flag(long version, Serve defaultRule, Fold fold, Instant at) {
        return new FlagDefinition(
                "shop",
                "production",
                "checkout",
                version,
                "Checkout",
                null,
                List.of("tag"),
                FlagType.BOOLEAN,
                true,
                false,
                List.of(new Variant("on", BooleanNode.TRUE), new Variant("off", BooleanNode.FALSE)),
                "off",
                defaultRule,
                List.of(),
                List.of(),
                null,
                null,
                "user",
                FlagDefinition.ExposeOn.EVALUATION,
                null,
                fold,
                at);
    }
}
