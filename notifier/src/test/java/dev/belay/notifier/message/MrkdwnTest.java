// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.time.Duration;

import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class MrkdwnTest {
    @Test
    void escapesWhatSlackReadsAsMarkup() {
        assertThat(Mrkdwn.escaped("<!channel> & <b>")).isEqualTo("&lt;!channel&gt; &amp; &lt;b&gt;");
        assertThat(Mrkdwn.mention("<!channel>")).isEqualTo("@&lt;!channel&gt;");
    }

    @ParameterizedTest
    @CsvSource({
        "checkout-team, @checkout-team",
        "@ada, @ada",
        "U024BE7LH, <@U024BE7LH>",
        "S0614TZR7, <!subteam^S0614TZR7>"
    })
    void mentionsOwners(String owner, String mention) {
        assertThat(Mrkdwn.mention(owner)).isEqualTo(mention);
    }

    @ParameterizedTest
    @CsvSource({
        "800, 0.8 s",
        "12000, 12 s",
        "240000, 4 min",
        "11400000, 3 h 10 min",
        "10800000, 3 h",
        "273600000, 3 d 4 h"
    })
    void writesDurationsAsPeopleSayThem(long millis, String words) {
        assertThat(Figures.duration(Duration.ofMillis(millis))).isEqualTo(words);
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        assertThat(Figures.change(new Estimate(null, null, null))).isEqualTo("not known");
        assertThat(Figures.change(new Estimate(1.04, null, null))).isEqualTo("+4 %");
        assertThat(Figures.change(new Estimate(1.001, 0.5, null))).isEqualTo("0 % (95 %: −50 … ? %)");
        assertThat(Figures.rate(Counts.NONE)).isEqualTo("0/0");
    }

    @Test
    void cutsNeitherThroughACharacterNorThroughAnEscape() {
        assertThat(Mrkdwn.cut("ab😀cd", 4)).isEqualTo("ab…");
        assertThat(Mrkdwn.cut("ab&amp;cd", 6)).isEqualTo("ab…");
        assertThat(Mrkdwn.cut("ab&amp;cdefgh", 9)).isEqualTo("ab&amp;c…");
        assertThat(Mrkdwn.cut("abc", 3)).isEqualTo("abc");
    }

    @Test
    void writesLargeOddsWithoutFalsePrecision() {
        assertThat(Figures.odds(Math.log(1234))).isEqualTo("1,234:1");
        assertThat(Figures.odds(700)).isEqualTo("more than 1,000,000:1");
    }
}
