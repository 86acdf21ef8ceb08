// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

/** Topics of the bare shape, without the prefix of its round: in the place of exposures, verdicts and rollbacks. */
final class BareTopics {
    static final String EVENTS = "bare.events";
    static final String FOUND = "bare.found";
    static final String TOLD = "bare.told";

    private BareTopics() {}
}
