// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

import dev.belay.edge.events.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads times as other products write them. */
public final class SignalTime {
    /** Events older than this are refused. */
    public static final Duration OLDEST = Duration.ofDays(7);

    private static final Pattern BEYOND_NANOS = Pattern.compile("(\\.\\d{9})\\d+");
    private static final Pattern SPACE = Pattern.compile("^(\\d{4}-\\d{2}-\\d{2}) ");

    private SignalTime() {}

    /**
     * Reads an RFC 3339 time of any precision; what is finer than a nanosecond is cut off, without an offset it is UTC.
     *
     * @return null when it is none
     */
    public static @Nullable Instant parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String known = SPACE.matcher(BEYOND_NANOS.matcher(text.strip()).replaceFirst("$1"))
                .replaceFirst("$1T");
        try {
            return OffsetDateTime.parse(known).toInstant();
        } catch (DateTimeException e) {
            return withoutOffset(known);
        }
    }

    /**
     * Returns when something happened: never after {@code now}.
     *
     * @throws Refusal if it is older than 7 days
     */
    public static Instant clamped(Instant at, Instant now, String field) {
        Refusal.unless(!at.isBefore(now.minus(OLDEST)), field, "must not be older than 7 days", at);
        return at.isAfter(now) ? now : at;
    }

    private static @Nullable Instant withoutOffset(String text) {
        try {
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
