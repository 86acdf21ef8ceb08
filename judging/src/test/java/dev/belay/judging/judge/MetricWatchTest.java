// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MetricWatchTest {
    private ControlRate control = ControlRate.START;
    private JoinWindow joins = JoinWindow.START;

    @Test
    void controlThatLosesFourFifthsFellAndOneThatKeepsItsRateDidNot() {
        blocks(100, 50, 5);
        assertThat(control.fell()).isFalse();

        blocks(12, 50, 1);
        assertThat(control.fell()).isTrue();
        assertThat(control.before().events()).isGreaterThan(400);
        double before = (double) control.before().events() / control.before().exposed();
        double now = (double) control.now().events() / control.now().exposed();
        assertThat(now).isLessThanOrEqualTo(before / 2);
    }

    @Test
    void whatFellDoesNotBecomeWhatIsUsual() {
        blocks(100, 50, 5);
        blocks(1_000, 50, 1);

        assertThat(control.fell()).isTrue();
        blocks(20, 50, 5);
        assertThat(control.fell()).isFalse();
    }

    @Test
    void lossOfLessThanHalfIsNotCalledAFall() {
        blocks(100, 50, 10);
        blocks(1_000, 50, 6);

        assertThat(control.fell()).isFalse();
    }

    @Test
    void fewEventsProveNoFall() {
        blocks(100, 50, 5);
        blocks(2, 50, 0);
        assertThat(control.fell()).isFalse();

        control = ControlRate.START;
        blocks(4, 50, 5);
        blocks(1_000, 50, 0);
        assertThat(control.fell()).as("never had a rate to fall from").isFalse();
    }

    @Test
    void outcomesJoinWhenOneInAHundredDoes() {
        assertThat(joins.with(19, 0).isBroken()).isFalse();
        assertThat(joins.with(20, 0).isBroken()).isTrue();
        assertThat(joins.with(10_000, 100).isBroken()).isFalse();
        assertThat(joins.with(10_000, 99).isBroken()).isTrue();
    }

    @Test
    void joinThatBreaksLateIsNoticedAfterAFewHundred() {
        joins = joins.with(100_000, 90_000);
        joins = joins.with(100_150, 90_000);
        assertThat(joins.isBroken()).isFalse();

        joins = joins.with(100_250, 90_000).with(100_500, 90_000);
        assertThat(joins.isBroken()).isTrue();
        joins = joins.with(100_800, 90_200);
        assertThat(joins.isBroken()).isFalse();
    }

    @Test
    void sumsThatACrashSetBackBeginAWindowOfTheirOwn() {
        joins = joins.with(1_000, 900).with(990, 890).with(1_100, 990);

        assertThat(joins.isBroken()).isFalse();
    }

    private void blocks(int count, long units, long events) {
        for (int i = 0; i < count; i++) {
            control = control.plus(units, events);
        }
    }
}
