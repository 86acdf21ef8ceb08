// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.CellCounts.MetricCount;
import dev.belay.judging.attribution.ValueKey;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CellStateTest {
    /** What was written before it was noted how many events came late. */
    private static final String VERSION_2 =
            "02000000000000000c000000000000000a01000a636f6e76657273696f6e000000000000000b00000000000000040000"
                    + "000000000003000000010007726576656e7565000000000000001d000000070000000000000002010007726576656e75"
                    + "650000000000000014";

    @Test
    void readsWhatWasWrittenBeforeLatenessWasNoted() {
        CellState read = CellState.read(HexFormat.of().parseHex(VERSION_2));

        assertThat(read.exposed()).isEqualTo(12);
        assertThat(read.newlyExposed()).isEqualTo(2);
        assertThat(read.cohort("conversion")).isEqualTo(11);
        assertThat(read.events("conversion")).isEqualTo(4);
        assertThat(read.newEvents("conversion")).isEqualTo(1);
        assertThat(read.arrived("conversion")).isEqualTo(4);
        assertThat(read.late("conversion")).isZero();
        assertThat(open(read)).isEqualTo(Map.of(7, 2L));
    }

    @Test
    void keepsEventsThatCameLateAndThoseThatCameTooLateForTheirBlock() {
        CellState cell = new CellState();
        cell.add(new CellCounts(1, Map.of("conversion", new MetricCount(1, 1))), false);
        cell.add(new CellCounts(1, Map.of("conversion", new MetricCount(1, 1))), true);
        cell.putFinalInBlock("revenue", 20);
        cell.add(new CellCounts(0, Map.of(), Map.of(new ValueKey("revenue", 19, 7), 1L)), false);
        cell.add(new CellCounts(0, Map.of(), Map.of(new ValueKey("revenue", 29, 7), 1L)), true);
        CellState read = CellState.read(cell.write());

        assertThat(read.arrived("conversion")).isEqualTo(2);
        assertThat(read.late("conversion")).isEqualTo(1);
        assertThat(read.arrived("revenue")).isEqualTo(2);
        assertThat(read.late("revenue")).as("what is in a block is final").isEqualTo(1);
        assertThat(open(read)).isEqualTo(Map.of(7, 1L));
    }

    private static Map<Integer, Long> open(CellState cell) {
        Map<Integer, Long> sum = new HashMap<>();
        cell.addFinal("revenue", 30, sum);
        return sum;
    }
}
