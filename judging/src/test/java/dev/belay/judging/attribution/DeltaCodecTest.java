// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.HexFormat;
import java.util.Map;

import dev.belay.judging.attribution.CellCounts.MetricCount;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeltaCodecTest {
    /** What was written before it was noted whether a change came late. */
    private static final String VERSION_5 =
            "05001c73686f702f70726f64756374696f6e2f6e65772d636865636b6f757400000003010100026f6e01000100000002"
                    + "00047265737400036f666600000001000a636f756e7472793d4742000000000000000101000a636f6e76657273696f6e"
                    + "0000000000000001000000000000000100010007726576656e7565000000000000001d00000007000000000000000100"
                    + "000001000a637261736865732f6f6e000000006553f1000002";

    private static final Delta DELTA = new Delta(
            "shop/production/new-checkout",
            3,
            Map.of(
                    new Cell(2, "rest", "off", 1, "country=GB"),
                    new CellCounts(
                            1,
                            Map.of("conversion", new MetricCount(1, 1)),
                            Map.of(new ValueKey("revenue", 29, 7), 1L))),
            Map.of("on", 1),
            1,
            Map.of(),
            Map.of(new Counted("crashes/on", 1_700_000_000L), 2),
            false);

    @Test
    void readsWhatWasWrittenBeforeLatenessWasNoted() {
        assertThat(DeltaCodec.read(HexFormat.of().parseHex(VERSION_5))).isEqualTo(DELTA);
    }

    @Test
    void keepsWhetherAChangeCameLate() {
        assertThat(DeltaCodec.read(DeltaCodec.write(DELTA))).isEqualTo(DELTA);
        assertThat(DeltaCodec.read(DeltaCodec.write(DELTA.late(true)))).isEqualTo(DELTA.late(true));
    }
}
