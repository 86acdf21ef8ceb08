// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.history;

import java.util.ArrayList;
import java.util.List;

import dev.belay.systemtests.history.Entry.Acknowledged;
import dev.belay.systemtests.history.Entry.Closed;
import dev.belay.systemtests.history.Entry.Counted;
import dev.belay.systemtests.history.Entry.Expected;
import dev.belay.systemtests.history.Entry.Killed;
import dev.belay.systemtests.history.Entry.Raised;
import dev.belay.systemtests.history.Entry.RolledBack;
import dev.belay.systemtests.history.Entry.Served;
import dev.belay.systemtests.history.Entry.Started;
import dev.belay.systemtests.history.Entry.Stated;
import dev.belay.systemtests.history.Entry.Streamed;
import dev.belay.systemtests.history.Entry.StreamedOn;
import dev.belay.systemtests.history.Entry.Told;
import dev.belay.systemtests.history.Entry.Written;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A checker that finds nothing is worth nothing: each rule is broken once. */
class HistoryCheckerTest {
    private static final String FLAG = "checkout";
    private static final Closed CAUGHT = new Closed(FLAG, Expected.ROLLED_BACK);
    private static final Closed UNHARMED = new Closed(FLAG, Expected.UNHARMED);
    private static final Closed RACED = new Closed(FLAG, Expected.RACED);

    @Test
    void findsNothingInAStoryThatWentWell() {
        assertThat(violations(
                        served(1, true),
                        streamed(10),
                        served(12, false),
                        rollback("all"),
                        told("Rolled back: x"),
                        CAUGHT))
                .isEmpty();
    }

    @Test
    void overlappingRequestsHaveNoOrder() {
        Served slow = new Served(FLAG, "edge-1", 1, 0, true, 1, true, 9, 20);

        assertThat(violations(slow, streamed(10), served(21, false), rollback("all"), told("Rolled back: x"), CAUGHT))
                .isEmpty();
    }

    @Test
    void findsATreatmentAfterTheStreamSaidOff() {
        assertThat(violations(
                        streamed(10),
                        served(12, true),
                        served(14, false),
                        rollback("all"),
                        told("Rolled back: x"),
                        CAUGHT))
                .singleElement()
                .asString()
                .contains("after it had said that it is taken back");
    }

    @Test
    void findsATreatmentAfterAnAnswerThatWasOff() {
        assertThat(violations(
                        served(1, true),
                        served(3, false),
                        served(5, true),
                        served(7, false),
                        rollback("all"),
                        told("Rolled back: x"),
                        CAUGHT))
                .singleElement()
                .asString()
                .contains("after it had answered off");
    }

    @Test
    void anEdgeThatIsNotReadyMayKnowAnOlderStage() {
        Served older = new Served(FLAG, "edge-1", 2, 0, false, 1, false, 12, 13);
        Served again = new Served(FLAG, "edge-1", 2, 0, true, 1, true, 20, 21);

        assertThat(violations(served(1, true), older, again, new Counted(FLAG, 0, 0, 0, 0), UNHARMED))
                .isEmpty();
    }

    @Test
    void aReadyEdgeIsHeldToItsOffAfterItsRestart() {
        Served off = new Served(FLAG, "edge-1", 2, 0, false, 1, true, 12, 13);
        Served again = new Served(FLAG, "edge-1", 2, 0, true, 1, true, 20, 21);

        assertThat(violations(served(1, true), off, again, new Counted(FLAG, 0, 0, 0, 0), UNHARMED))
                .singleElement()
                .asString()
                .contains("after it had answered off");
    }

    @Test
    void usersWhoNeverHadTheTreatmentSayNothing() {
        Served other = new Served(FLAG, "edge-1", 1, 1, false, 1, true, 2, 3);

        assertThat(violations(served(1, true), other, served(5, true), new Counted(FLAG, 0, 0, 0, 0), UNHARMED))
                .isEmpty();
    }

    @Test
    void findsAnEdgeThatSaidReadyTooEarly() {
        Served early = new Served(FLAG, "edge-2", 2, 0, true, 1, true, 32, 33);

        assertThat(violations(
                        served(1, true),
                        streamed(10),
                        new Started("edge-2", 2, 30),
                        early,
                        new Served(FLAG, "edge-2", 2, 0, false, 0, true, 40, 41),
                        served(42, false),
                        rollback("all"),
                        told("Rolled back: x"),
                        CAUGHT))
                .singleElement()
                .asString()
                .contains("said that it is ready");
    }

    @Test
    void findsAnEdgeThatEndsOn() {
        assertThat(violations(served(1, true), rollback("all"), told("Rolled back: x"), CAUGHT))
                .containsExactly("checkout: edge-1 ends on the treatment");
    }

    @Test
    void findsAnAdvanceAfterTheRollback() {
        assertThat(violations(
                        served(1, false),
                        new Stated(FLAG, "ROLLED_BACK", 0, 1, 2),
                        new Stated(FLAG, "RUNNING", 1, 3, 4),
                        rollback("all"),
                        told("Rolled back: x"),
                        CAUGHT))
                .containsExactly("checkout: was ROLLED_BACK in stage 0 and later RUNNING in stage 1");
    }

    @Test
    void findsALostAndARepeatedCount() {
        assertThat(violations(unit("a", false, true), unit("b", true, false), new Counted(FLAG, 1, 1, 2, 0), UNHARMED))
                .singleElement()
                .asString()
                .contains("the watcher counted");
        assertThat(violations(unit("a", false, true), unit("b", true, false), new Counted(FLAG, 1, 1, 1, 0), UNHARMED))
                .isEmpty();
    }

    @Test
    void findsARollbackTooManyAndOneThatNobodyNeeded() {
        assertThat(violations(
                        served(1, false), rollback("all"), rollback("variant:on"), told("Rolled back: x"), CAUGHT))
                .singleElement()
                .asString()
                .contains("has 2 rollbacks instead of one");
        assertThat(violations(rollback("all"), new Counted(FLAG, 0, 0, 0, 0), UNHARMED))
                .containsExactly("checkout: was taken back for nothing: all");
    }

    @Test
    void findsSilenceAndRepetition() {
        assertThat(violations(served(1, false), rollback("all"), CAUGHT))
                .containsExactly("checkout: nobody was told of the rollback, but of []");
        Entry[] twice = {served(1, false), rollback("all"), told("Rolled back: x"), told("Rolled back: x"), CAUGHT};
        assertThat(violations(twice)).containsExactly("checkout: \"Rolled back: x\" was told 2 times");
    }

    @Test
    void aNotifierThatDiedMayRepeatItselfOnce() {
        assertThat(violations(
                        served(1, false),
                        rollback("all"),
                        new Killed("notifier-1", "notifier.after-sending", 5),
                        told("Rolled back: x"),
                        told("Rolled back: x"),
                        CAUGHT))
                .isEmpty();
    }

    @Test
    void findsNothingInARaceThatWentWell() {
        assertThat(race(served(1, true), raised(2), streamed(10), served(12, false)))
                .isEmpty();
    }

    @Test
    void findsAnAdvanceThatAnEdgeShowsAfterTheRollback() {
        assertThat(race(served(1, true), streamed(10), raised(12), served(14, false)))
                .singleElement()
                .asString()
                .contains("served the rollout's control 0 ms after it had said that it is taken back");
        assertThat(race(served(1, true), served(3, false), raised(5), served(14, false)))
                .singleElement()
                .asString()
                .contains("served allocation 2 0 ms after it had served none");
        assertThat(race(served(1, true), streamed(10), new StreamedOn(FLAG, "edge-1", 12), served(14, false)))
                .singleElement()
                .asString()
                .contains("told its stream that nothing is taken back");
    }

    @Test
    void findsARaceThatDoesNotEndRolledBack() {
        Entry out = new Written(FLAG, 3, "ROLLED_BACK", 0);
        assertThat(violations(served(1, false), rollback("all"), stated("ROLLED_BACK"), RACED))
                .containsExactly("checkout: the log of rollouts ends with never written");
        assertThat(violations(served(1, false), rollback("all"), out, stated("RUNNING"), RACED))
                .containsExactly("checkout: the scheduler said RUNNING last");
        assertThat(violations(
                        served(1, false),
                        rollback("all"),
                        out,
                        new Written(FLAG, 4, "RUNNING", 1),
                        stated("ROLLED_BACK"),
                        RACED))
                .anyMatch(found -> found.contains("was written after"))
                .anyMatch(found -> found.contains("ends with RUNNING"));
        assertThat(race(served(1, true), served(2, true))).containsExactly("checkout: edge-1 ends on the treatment");
    }

    @Test
    void findsTwoRaisesToOneStage() {
        Entry counted = new Counted(FLAG, 0, 0, 0, 0);
        assertThat(violations(counted, new Raised(FLAG, 2), UNHARMED))
                .containsExactly("checkout: was raised 2 times to one stage");
        assertThat(violations(counted, new Raised(FLAG, 1), UNHARMED)).isEmpty();
    }

    private static List<String> race(Entry... seen) {
        List<Entry> all = new ArrayList<>(List.of(seen));
        all.addAll(List.of(rollback("all"), new Written(FLAG, 3, "ROLLED_BACK", 0), stated("ROLLED_BACK"), RACED));
        return violations(all.toArray(new Entry[0]));
    }

    /** Somebody else gets control, by the allocation of the next stage. */
    private static Served raised(long begin) {
        return new Served(FLAG, "edge-1", 1, 5, false, 2, true, begin, begin + 1);
    }

    private static Stated stated(String status) {
        return new Stated(FLAG, status, 0, 100, 101);
    }

    private static List<String> violations(Entry... entries) {
        History history = new History();
        history.addAll(List.of(entries));
        return HistoryChecker.violations(history);
    }

    private static Served served(long begin, boolean treatment) {
        return new Served(FLAG, "edge-1", 1, 0, treatment, treatment ? 1 : 0, true, begin, begin + 1);
    }

    private static Streamed streamed(long at) {
        return new Streamed(FLAG, "edge-1", at);
    }

    private static RolledBack rollback(String id) {
        return new RolledBack(FLAG, id);
    }

    private static Told told(String title) {
        return new Told(FLAG, title);
    }

    private static Acknowledged unit(String unit, boolean treated, boolean converted) {
        return new Acknowledged(FLAG, unit, treated, converted);
    }
}
