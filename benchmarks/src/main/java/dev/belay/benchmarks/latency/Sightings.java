// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/** The rollbacks of a round, by flag. Others are not looked at. Thread-safe. */
final class Sightings {
    private static final String FLAG = "\"flag\":\"";
    private static final double MICROS = 1000;

    private final Map<String, Sighting> byFlag = new ConcurrentHashMap<>();
    private final int clients;

    Sightings(int clients) {
        this.clients = clients;
    }

    Sighting expect(String flag) {
        return byFlag.computeIfAbsent(flag, any -> new Sighting(clients));
    }

    void note(String flag, BiConsumer<Sighting, Double> how, double millis) {
        Sighting sighting = byFlag.get(flag);
        if (sighting != null) {
            how.accept(sighting, millis);
        }
    }

    /** Returns the flag that JSON is about, without reading all of it; null when it is about none. */
    static @Nullable String flagOf(String json) {
        int begin = json.indexOf(FLAG);
        int end = begin < 0 ? -1 : json.indexOf('"', begin + FLAG.length());
        return end < 0 ? null : json.substring(begin + FLAG.length(), end);
    }

    /** Returns a time as milliseconds since 1970. */
    static double millis(Instant at) {
        return at.getEpochSecond() * MICROS + at.getNano() / (MICROS * MICROS);
    }

    static double now() {
        return millis(Instant.now());
    }
}
