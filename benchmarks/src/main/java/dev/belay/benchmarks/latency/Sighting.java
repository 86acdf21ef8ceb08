// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.util.Arrays;

/** One rollback on its way. Times are milliseconds since 1970, with a fraction; 0 until known. Thread-safe. */
final class Sighting {
    private final double[] seen;
    private int clients;
    private double appended;
    private double judged;
    private double written;
    private double off;

    /** @param clients who will see it */
    Sighting(int clients) {
        this.seen = new double[clients];
    }

    /** The record that completes the evidence is in the log. */
    synchronized void appended(double millis) {
        appended = millis;
    }

    synchronized void judged(double millis) {
        judged = judged == 0 ? millis : judged;
    }

    synchronized void written(double millis) {
        written = written == 0 ? millis : written;
    }

    synchronized void off(double millis) {
        off = off == 0 ? millis : off;
    }

    /** One more client has read it. */
    synchronized void seen(double millis) {
        if (clients < seen.length) {
            seen[clients++] = millis;
        }
    }

    /** Whether it is off, and all clients have seen it. */
    synchronized boolean isOver() {
        return appended > 0 && off > 0 && clients == seen.length;
    }

    /** Whether something happened before the record that should have caused it. */
    synchronized boolean isEarly() {
        return appended == 0 && (off > 0 || clients > 0 || written > 0);
    }

    synchronized double untilJudged() {
        return judged == 0 ? 0 : judged - appended;
    }

    synchronized double untilWritten() {
        return written == 0 ? 0 : written - appended;
    }

    synchronized double untilOff() {
        return off - appended;
    }

    /** Until the last client had read it. */
    synchronized double untilSeenByAll() {
        return Arrays.stream(seen).max().orElse(off) - appended;
    }

    /** Until each client had read it. */
    synchronized double[] untilSeen() {
        return Arrays.stream(seen).map(each -> each - appended).toArray();
    }
}
