// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.judge.Breach;
import dev.belay.judging.judge.RolloutJudge;
import dev.belay.judging.judge.Shares;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Silence and nonsense through the real topology: what it is called, and that it never rolls anything back. */
class SilenceTest {
    private static final int USUAL = 5;

    private int units;

    @Test
    void noExposureIsNoDataInAStandingSentence() {
        try (Watched watched = half()) {
            seconds(watched, 45);

            assertThat(watched.verdicts()).allMatch(verdict -> verdict.decision() == Decision.UNDECIDED);
            assertThat(watched.verdicts()).allMatch(verdict -> verdict.reasons().equals(List.of(Reason.NO_DATA)));
            assertThat(watched.verdicts().stream().map(Verdict::notes).distinct())
                    .as("the heartbeat says nothing new")
                    .containsExactly(List.of("no user of either arm was seen in stage p50"));
        }
    }

    @Test
    void outcomesThatStopInBothArmsAreASilentMetricAndNoBreach() {
        try (Watched watched = half()) {
            visits(watched, 2_000, USUAL, USUAL);
            visits(watched, 1_000, 0, 0);
            Verdict verdict = latest(watched);

            assertThat(watched.breach()).isEmpty();
            assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
            assertThat(verdict.reasons()).containsExactly(Reason.METRIC_SILENT);
            assertThat(verdict.notes()).singleElement().asString().contains("no purchase in either arm any more");

            visits(watched, 500, USUAL, USUAL);
            assertThat(latest(watched).reasons()).doesNotContain(Reason.METRIC_SILENT);
        }
    }

    @Test
    void bothArmsFallingByFourFifthsIsNoBreachAndSaysThatControlFellToo() {
        try (Watched watched = half()) {
            visits(watched, 6_000, USUAL, USUAL);
            visits(watched, 4_000, 5 * USUAL, 5 * USUAL);
            Verdict verdict = latest(watched);

            assertThat(watched.breach()).isEmpty();
            assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
            assertThat(verdict.reasons()).containsExactly(Reason.CONTROL_FELL);
            assertThat(verdict.notes()).singleElement().asString().contains("conversion of control fell too: 4.");
            assertThat(fromBlocks(watched, verdict)).isEqualTo(verdict.reasons());
        }
    }

    @Test
    void treatmentThatNeverConvertsIsABreachWhichTheBlocksAloneProve() {
        try (Watched watched = half()) {
            visits(watched, 1_000, USUAL, 0);
            Verdict said = watched.breach().orElseThrow();

            assertThat(said.estimate().ratio()).isZero();
            assertThat(said.control().events()).isPositive();
            RolloutJudge judge = RolloutJudge.start(watched.plan());
            Block last = watched.blocks().stream()
                    .filter(block -> isBreachedBy(judge, block))
                    .findFirst()
                    .orElseThrow();
            Breach proven = judge.breaches("on").get(0);
            assertThat(last.seq()).isEqualTo(said.blocks());
            assertThat(proven.logEvidence()).as("bit for bit").isEqualTo(said.logEvidence());
            assertThat(proven.control()).isEqualTo(said.control());
            assertThat(proven.treatment()).isEqualTo(said.treatment());
            assertThat(proven.estimate()).isEqualTo(said.estimate());
        }
    }

    @Test
    void breachSaysWhenItsLastRecordArrivedAndIsTimedOnce() {
        try (Watched watched = half()) {
            visits(watched, 1_000, USUAL, 0);
            Verdict said = watched.breach().orElseThrow();
            visits(watched, 200, USUAL, 0);
            watched.restart();
            watched.tellRollouts();
            visits(watched, 200, USUAL, 0);

            assertThat(watched.breached()).as("also after a restart").hasSize(1);
            assertThat(watched.breached().get(0).verdict()).isEqualTo(said);
            assertThat(said.evidenceAt()).isEqualTo(said.at());
        }
    }

    @Test
    void purchasesOfAnotherIdAreSaidNotToJoinAndAreNeitherHealthNorHarm() {
        try (Watched watched = half()) {
            for (int i = 0; i < 2_000; i++) {
                boolean treated = i % 2 == 0;
                watched.feed(exposure(watched, "device-" + i, treated));
                if (i % USUAL == 0) {
                    watched.feed(watched.outcome("account-" + i, Watched.PURCHASE, watched.now()));
                }
            }
            watched.handOn();
            visits(watched, 20, 0, 0);
            Verdict verdict = latest(watched);

            assertThat(watched.breach()).isEmpty();
            assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
            assertThat(verdict.reasons()).containsExactly(Reason.NOT_JOINED);
            assertThat(verdict.notes())
                    .containsExactly(
                            "0 % of 400 purchase outcomes joined a user who saw the flag; example id user:account-1995");
            assertThat(fromBlocks(watched, verdict)).isEqualTo(verdict.reasons());
        }
    }

    @Test
    void purchasesWithoutAnyIdDoNotJoinEither() {
        try (Watched watched = half()) {
            visits(watched, 1_000, 0, 0);
            for (int i = 0; i < 25; i++) {
                watched.feed(withoutUnit(watched.outcome("nobody", Watched.PURCHASE, watched.now())));
            }
            watched.handOn();
            visits(watched, 100, 0, 0);

            assertThat(latest(watched).reasons()).contains(Reason.NOT_JOINED);
            assertThat(latest(watched).notes().get(0)).contains("0 % of 25 purchase", "(without a user)");
        }
    }

    @Test
    void purchasesOfPeopleTheStageDoesNotAdmitAreNoBrokenJoin() {
        try (Watched watched = new Watched()) {
            watched.start(Watched.plan(List.of(Watched.segment("beta", 50.0)), Watched.falls("conversion", 0.20)));
            for (int i = 0; i < 400; i++) {
                watched.feed(watched.exposure("b" + i, "segment:beta", 0.3, i % 2 == 0 ? "on" : "off", watched.now()));
            }
            for (int i = 0; i < 3_000; i++) {
                watched.feed(notAdmitted(watched.exposure("u" + i, "segment:beta", 0.3, "off", watched.now())));
                watched.feed(watched.outcome("u" + i, Watched.PURCHASE, watched.now()));
            }
            watched.handOn();
            watched.drain("conversion");

            assertThat(latest(watched).reasons()).doesNotContain(Reason.NOT_JOINED);
            assertThat(latest(watched).control().events())
                    .as("they are not compared")
                    .isZero();
        }
    }

    @Test
    void purchasesBeforeTheirExposureAreJoinedAfterAll() {
        try (Watched watched = half()) {
            for (int i = 0; i < 100; i++) {
                watched.feed(watched.outcome("u" + i, Watched.PURCHASE, watched.now()));
            }
            watched.handOn();
            for (int i = 0; i < 100; i++) {
                watched.feed(exposure(watched, "u" + i, i % 2 == 0));
            }
            watched.handOn();
            units = 1_000;
            visits(watched, 100, 0, 0);

            assertThat(latest(watched).reasons()).doesNotContain(Reason.NOT_JOINED);
        }
    }

    @Test
    void anHourOfBacklogAtOnceIsAttributedByItsOwnTimesAndProvesWhatItWouldHaveProven() {
        try (Watched backlog = half();
                Watched live = half()) {
            Instant begun = backlog.now();
            backlog.pass(Duration.ofHours(1));
            for (int i = 0; i < 3_600; i++) {
                Instant at = begun.plusSeconds(i);
                boolean treated = i % 2 == 0;
                backlog.feedAsAppendedNow(backlog.exposure("u" + i, Clause.REST, null, treated ? "on" : "off", at));
                live.feedAsAppendedNow(live.exposure("u" + i, Clause.REST, null, treated ? "on" : "off", at));
                if (i % USUAL == 0) {
                    backlog.feedAsAppendedNow(backlog.outcome("u" + i, Watched.PURCHASE, at.plusSeconds(30)));
                    live.feedAsAppendedNow(live.outcome("u" + i, Watched.PURCHASE, at.plusSeconds(30)));
                }
                live.pass(Duration.ofSeconds(1));
            }
            Evidence atOnce = backlog.drain("conversion");
            Evidence inTime = live.drain("conversion");

            assertThat(backlog.breach()).isEmpty();
            assertThat(atOnce.control()).isEqualTo(inTime.control());
            assertThat(atOnce.treatment()).isEqualTo(inTime.treatment());
            assertThat(latest(backlog).reasons()).doesNotContain(Reason.STALE, Reason.NO_DATA);
        }
    }

    @Test
    void clockAnHourAheadChangesNoCount() {
        try (Watched ahead = half();
                Watched right = half()) {
            for (Watched watched : List.of(ahead, right)) {
                Duration error = watched == ahead ? Duration.ofHours(1) : Duration.ZERO;
                units = 0;
                for (int i = 0; i < 1_000; i++) {
                    Instant at = watched.now().plus(error);
                    watched.feedAsAppendedNow(
                            watched.exposure("u" + i, Clause.REST, null, i % 2 == 0 ? "on" : "off", at));
                    watched.pass(Duration.ofMillis(100));
                    if (i % USUAL == 0) {
                        watched.feedAsAppendedNow(watched.outcome(
                                "u" + i, Watched.PURCHASE, watched.now().plus(error)));
                    }
                }
            }

            assertThat(ahead.drain("conversion")).isEqualTo(right.drain("conversion"));
            assertThat(Watched.counts(ahead.blocks())).isEqualTo(Watched.counts(right.blocks()));
        }
    }

    @Test
    void poisonInEveryTopicTheWatcherReadsIsPutAwayWithItsReasonAndDelaysNobody() {
        try (Watched watched = half()) {
            List<String> poisons = List.of("", "garbage", "null", "[]", "{}", "{\"id\":", "\u0000\uffff");
            for (String poison : poisons) {
                watched.poison(Topics.EXPOSURES, "shop/production/user:eve", poison);
                watched.poison(Topics.OUTCOMES, "shop/production/user:eve", poison);
                watched.poison(Topics.ROLLOUTS, Watched.FLAG.key(), poison);
            }
            watched.poison(Topics.EXPOSURES, null, "garbage");
            watched.poison(Topics.ROLLOUTS, "shop/production/another-flag", Json.write(watched.state()));
            visits(watched, 1_000, USUAL, 0);

            assertThat(watched.breach()).isPresent();
            assertThat(watched.unreadable()).hasSize(3 * poisons.size() + 2);
            assertThat(watched.unreadable()).allMatch(letter -> letter.length() > letter.indexOf(':') + 2);
            assertThat(watched.unreadable())
                    .contains("belay.rollouts.v1: key must be shop/production/new-checkout, was"
                            + " shop/production/another-flag");
        }
    }

    private static boolean isBreachedBy(RolloutJudge judge, Block block) {
        judge.apply(Json.read(Json.write(block), Block.class));
        return !judge.breaches("on").isEmpty();
    }

    /** Returns the reasons that the block log gives, which are all but those of the clock. */
    private static List<Reason> fromBlocks(Watched watched, Verdict verdict) {
        RolloutJudge judge = RolloutJudge.start(watched.plan());
        watched.blocks().stream()
                .filter(block -> block.seq() <= verdict.blocks())
                .forEach(judge::apply);
        return judge.doubts(verdict.variant(), verdict.guardrail(), Shares.of(watched.state()));
    }

    /** New users, one half of them treated; of each arm every so-manieth buys, nobody for 0. */
    private void visits(Watched watched, int count, int controlEvery, int treatmentEvery) {
        for (int i = 0; i < count; i++) {
            String unit = "u" + units;
            boolean treated = units % 2 == 0;
            int every = treated ? treatmentEvery : controlEvery;
            watched.feed(exposure(watched, unit, treated));
            if (every > 0 && units / 2 % every == 0) {
                watched.feed(watched.outcome(unit, Watched.PURCHASE, watched.now()));
            }
            units++;
            if (i % 100 == 0) {
                watched.pass(Duration.ofSeconds(1));
            }
        }
        watched.pass(Duration.ofSeconds(1));
    }

    private static Exposure exposure(Watched watched, String unit, boolean treated) {
        return watched.exposure(unit, Clause.REST, null, treated ? "on" : "off", watched.now());
    }

    private static Verdict latest(Watched watched) {
        watched.drain("conversion");
        List<Verdict> all = watched.verdicts();
        return all.get(all.size() - 1);
    }

    private static void seconds(Watched watched, int count) {
        for (int second = 0; second < count; second++) {
            watched.pass(Duration.ofSeconds(1));
        }
    }

    private static Outcome withoutUnit(Outcome of) {
        Unit nobody = null;
        return new Outcome(
                of.id(),
                of.project(),
                of.environment(),
                nobody,
                of.event(),
                of.value(),
                of.properties(),
                of.flag(),
                of.variant(),
                of.at(),
                of.source());
    }

    private static Exposure notAdmitted(Exposure of) {
        return new Exposure(
                of.id(),
                of.project(),
                of.environment(),
                of.flag(),
                of.unit(),
                of.variant(),
                of.epoch(),
                of.allocation(),
                null,
                null,
                null,
                of.dimensions(),
                of.rolloutVersion(),
                of.at(),
                of.source());
    }

    private static Watched half() {
        Guardrail conversion = Watched.falls("conversion", 0.20);
        Watched watched = new Watched();
        watched.start(Watched.plan(List.of(Watched.percent(50, null)), conversion));
        return watched;
    }
}
