// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class StageClausesTest {
    /** The stages of the design's example. */
    private static final Plan STORY = plan(
            segment("internal", "internal", null),
            segment("beta", "beta", 50.0),
            percent("canary", 5, null),
            percent("half", 50, null),
            percent("everyone", 100, 5.0));

    @Test
    void addsTheAudienceOfEachStageToThoseBefore() {
        assertThat(StageClauses.of(STORY, 0)).containsExactly(Clause.ofSegment("internal", 100));
        assertThat(StageClauses.of(STORY, 1))
                .containsExactly(Clause.ofSegment("internal", 100), Clause.ofSegment("beta", 50));
        assertThat(StageClauses.of(STORY, 2))
                .containsExactly(Clause.ofSegment("internal", 100), Clause.ofSegment("beta", 100), Clause.ofRest(5));
    }

    @Test
    void letsTheControlShareJoinWhenItsStageEnds() {
        assertThat(StageClauses.of(STORY, 1).get(1).hasBothArms()).isTrue();
        assertThat(StageClauses.of(STORY, 2).get(1).hasBothArms()).isFalse();
    }

    @Test
    void keepsTheControlShareOfTheLastStage() {
        assertThat(StageClauses.of(STORY, 4)).endsWith(Clause.ofRest(95));
    }

    @Test
    void countsTheControlShareAsAPartOfTheStagesPercentage() {
        assertThat(StageClauses.of(plan(percent("half", 50, 10.0)), 0)).containsExactly(Clause.ofRest(45));
    }

    @Test
    void hasOneClauseForASegmentThatIsNamedTwice() {
        Plan plan = plan(segment("first", "beta", 50.0), percent("canary", 5, null), segment("again", "beta", null));

        assertThat(StageClauses.of(plan, 2)).containsExactly(Clause.ofSegment("beta", 100), Clause.ofRest(5));
    }

    @Test
    void refusesAStageThePlanDoesNotHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StageClauses.of(STORY, 5))
                .withMessage("stage must be an index of the plan's stages, was 5");
        assertThatIllegalArgumentException().isThrownBy(() -> StageClauses.of(STORY, -1));
    }

    @Test
    void acceptsStagesThatOnlyAdd() {
        StageClauses.requireCumulative(STORY);
    }

    @Test
    void refusesAStageThatTakesPeopleOutAndNamesIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        StageClauses.requireCumulative(plan(percent("half", 50, null), percent("less", 25, null))))
                .withMessage("stages.less.to must not treat fewer of rest than the stage before, 50.0 %, was 25.0 %");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        StageClauses.requireCumulative(plan(percent("half", 50, null), percent("kept", 52, 10.0))))
                .withMessageContaining("stages.kept.to");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StageClauses.requireCumulative(
                        plan(segment("beta", "beta", null), segment("again", "beta", 50.0))))
                .withMessageContaining("fewer of segment:beta");
    }

    @Property
    void neverTakesAUnitOutOfAPlanItAccepts(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 100) Integer> percents,
            @ForAll @IntRange(min = 0, max = 100) int bucketPercent) {
        List<Stage> stages = new ArrayList<>();
        percents.stream().sorted().forEach(percent -> stages.add(percent("s" + stages.size(), percent, null)));
        Plan plan = plan(stages.toArray(Stage[]::new));
        StageClauses.requireCumulative(plan);

        boolean wasTreated = false;
        for (int stage = 0; stage < stages.size(); stage++) {
            boolean isTreated = StageClauses.of(plan, stage).get(0).treats(bucketPercent / 100.0);
            assertThat(isTreated || !wasTreated).isTrue();
            wasTreated = isTreated;
        }
    }

    private static Stage segment(String name, String segment, Double control) {
        return stage(name, Audience.segment(segment), control);
    }

    private static Stage percent(String name, double percent, Double control) {
        return stage(name, Audience.percent(percent), control);
    }

    private static Stage stage(String name, Audience to, Double control) {
        return new Stage(name, to, control, Duration.ofHours(1), null, AdvanceMode.PROVEN, null, null);
    }

    private static Plan plan(Stage... stages) {
        return new Plan(
                null,
                null,
                null,
                "off",
                List.of("on"),
                List.of(stages),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                List.of(),
                Plan.ALPHA,
                Plan.BETA);
    }
}
