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
    private static final int LAST_YEAR = 9999;
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
        OffsetDateTime at = instant.atOffset(ZoneOffset.UTC);
        return at.getYear() < 0 || at.getYear() > LAST_YEAR
                ? instant.toString()
                : ITU.formatUtc(at, digits(at.getNano()));
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
