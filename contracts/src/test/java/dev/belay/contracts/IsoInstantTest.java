// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IsoInstantTest {
    private static final long FIRST = -62_167_219_200L - 86_400;
    private static final long LAST = 253_402_300_800L + 86_400;

    @Property
    void writesWhatInstantsWriteAndReadsItBack(
            @ForAll @LongRange(min = FIRST, max = LAST) long seconds,
            @ForAll @IntRange(max = 999_999_999) int nanos,
            @ForAll @IntRange(max = 9) int zeros) {
        int unit = (int) Math.pow(10, zeros);
        Instant instant = Instant.ofEpochSecond(seconds, nanos - nanos % unit);

        assertThat(IsoInstant.format(instant)).isEqualTo(instant.toString());
        assertThat(IsoInstant.parse(instant.toString())).isEqualTo(instant);
    }

    @Test
    void recordsCarryInstantsThatAreFurtherThanAnyDate() {
        for (Instant instant : List.of(Instant.MIN, Instant.MAX)) {
            assertThat(IsoInstant.format(instant)).isEqualTo(instant.toString());
            assertThat(Json.read(Json.write(instant), Instant.class)).isEqualTo(instant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T19:30:00Z",
                "2026-11-21T19:30:00.Z",
                "2026-11-21T19:30:00.1Z",
                "2026-11-21T19:30:00.123456789Z",
                "2026-11-21T19:30Z",
                "2026-11-21T19:30:00+01:00",
                "2026-11-21T19:30:00-05:30",
                "2024-02-29T23:59:59Z",
                "2026-11-21t19:30:00z",
                "2026-11-21T19:30:00+01:00:30",
                "+12026-11-21T19:30:00Z",
                "0000-01-01T00:00:00Z"
            })
    void readsWhatAnOffsetDateTimeReads(String text) {
        assertThat(IsoInstant.parse(text)).isEqualTo(OffsetDateTime.parse(text).toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-11-21",
                "2026-11-21T19:30:00",
                "2026-11-21 19:30:00Z",
                "2026-02-30T19:30:00Z",
                "2023-02-29T19:30:00Z",
                "2026-11-21T24:00:00Z",
                "2026-11-21T23:59:60Z",
                "2026-06-30T23:59:60Z",
                "2026-11-21T19:30:00.1234567890Z",
                "2026-11-21T19:30:00Z ",
                "2026-11-21T19:30:00ZZ",
                "2026-11-21T19:3O:00Z",
                "2026-11-21T19:30:00,5Z",
                "2026-11-21T19:30:00+25:00"
            })
    void refusesWhatAnOffsetDateTimeRefuses(String text) {
        assertThatThrownBy(() -> OffsetDateTime.parse(text)).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> IsoInstant.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void recordsCarryInstantsInThisForm() {
        Instant at = Instant.parse("2026-11-21T19:30:00.120Z");

        assertThat(Json.write(at)).isEqualTo("\"2026-11-21T19:30:00.120Z\"");
        assertThat(Json.read("\"2026-11-21T20:30:00.12+01:00\"", Instant.class)).isEqualTo(at);
        assertThat(Json.read("\"2026-11-21T19:30:00.12Z\"", Instant.class)).isEqualTo(at);
    }
}
