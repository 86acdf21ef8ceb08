// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Dates in conditions: relative ({@code -7d}), with an offset, or without one and then in UTC. */
final class Dates {
    private static final Pattern RELATIVE = Pattern.compile("-?(\\d{1,4})([hdwmy])");
    private static final Pattern NAIVE_DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .toFormatter(Locale.ROOT);
    private static final double NANOS = 1e9;

    private Dates() {}

    /** Returns the instant a text means; null when it means none. */
    static @Nullable Instant parse(String text, Instant now) {
        Matcher relative = RELATIVE.matcher(text);
        try {
            if (relative.matches()) {
                return before(now, Long.parseLong(relative.group(1)), relative.group(2));
            }
            return NAIVE_DATE.matcher(text).matches()
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : dateTime(text.replace(' ', 'T'));
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /** Returns the instant so many seconds after the epoch; null when there is none. */
    static @Nullable Instant ofSeconds(double seconds) {
        if (!Double.isFinite(seconds) || Math.abs(seconds) > Instant.MAX.getEpochSecond() / 2d) {
            return null;
        }
        long whole = (long) Math.floor(seconds);
        return Instant.ofEpochSecond(whole, Math.round((seconds - whole) * NANOS));
    }

    private static Instant dateTime(String text) {
        boolean hasOffset = text.endsWith("Z")
                || text.endsWith("z")
                || text.lastIndexOf('+') > 0
                || text.lastIndexOf('-') > text.indexOf('T');
        return hasOffset
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text, LOCAL).toInstant(ZoneOffset.UTC);
    }

    private static Instant before(Instant now, long amount, String unit) {
        ZonedDateTime from = now.atZone(ZoneOffset.UTC);
        return switch (unit) {
            case "h" -> from.minusHours(amount).toInstant();
            case "d" -> from.minusDays(amount).toInstant();
            case "w" -> from.minusWeeks(amount).toInstant();
            case "m" -> from.minusMonths(amount).toInstant();
            default -> from.minusYears(amount).toInstant();
        };
    }
}
