// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import com.ethlo.time.ITU;

/**
 * Instants as ISO-8601 texts. Reads and writes exactly what {@link OffsetDateTime#parse(CharSequence)} and {@link
 * Instant#toString()} do; the usual form many times faster, for every event is read and written several times.
 */
public final class IsoInstant {
    /** {@code 2026-11-21T19:30:00Z}. */
    private static final int SHORTEST = 20;

    private static final int DATE = 10;
    private static final long YEAR_0 = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long YEAR_10000 =
            Instant.parse("+10000-01-01T00:00:00Z").getEpochSecond();
    private static final int GROUP = 1_000;

    private IsoInstant() {}

    /** @throws DateTimeException if {@code text} is no ISO-8601 time with an offset */
    public static Instant parse(String text) {
        if (isUsual(text)) {
            try {
                return ITU.parseDateTime(text).toInstant();
            } catch (DateTimeException e) {
                // Said in the usual words below.
            }
        }
        return OffsetDateTime.parse(text).toInstant();
    }

    /** Returns {@code 2026-11-21T19:30:00.123Z}: with no digits of a second, or three, six or nine, as many as it takes. */
    public static String format(Instant instant) {
        boolean isUsual = instant.getEpochSecond() >= YEAR_0 && instant.getEpochSecond() < YEAR_10000;
        return isUsual
                ? ITU.formatUtc(instant.atOffset(ZoneOffset.UTC), digits(instant.getNano()))
                : instant.toString();
    }

    /** Other separators, lower case, and whatever follows the offset are the library's own liberties. */
    private static boolean isUsual(String text) {
        return text.length() >= SHORTEST && text.charAt(DATE) == 'T' && text.indexOf('Z') == text.length() - 1;
    }

    private static int digits(int nanos) {
        if (nanos == 0) {
            return 0;
        }
        int micros = nanos / GROUP;
        if (micros * GROUP != nanos) {
            return 9;
        }
        return micros % GROUP == 0 ? 3 : 6;
    }
}
