// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.history;

/**
 * Something a client did or saw. Times are nanoseconds of one clock.
 *
 * <p>What took time has a begin and an end: of two of them one comes after the other only if it began after the other's end.
 */
public sealed interface Entry {
    /** Returns the flag's key; empty for what is about none. */
    default String flag() {
        return "";
    }

    /**
     * A unit's exposure was acknowledged, and its outcome, if it has one.
     *
     * @param unit id of the unit
     * @param treated whether the treatment was seen
     * @param converted whether the outcome that counts was sent too
     */
    record Acknowledged(String flag, String unit, boolean treated, boolean converted) implements Entry {}

    /**
     * An edge answered an evaluation.
     *
     * @param edge name of the edge
     * @param process which of its processes it was, from 1
     * @param user who was asked for
     * @param treatment whether the treatment of the rollout was served
     * @param allocation allocation that the answer names; 0 when none
     * @param ready whether the edge had said before the request that it was ready
     */
    record Served(
            String flag,
            String edge,
            int process,
            int user,
            boolean treatment,
            int allocation,
            boolean ready,
            long begin,
            long end)
            implements Entry {
        /** Returns whether the rollout decided, for the treatment or for control. */
        public boolean isOfRollout() {
            return treatment || allocation > 0;
        }
    }

    /**
     * An edge told its stream that the flag is taken back.
     *
     * @param edge name of the edge
     * @param at when it arrived
     */
    record Streamed(String flag, String edge, long at) implements Entry {}

    /**
     * An edge told its stream that the flag is served differently, and that nothing of it is taken back.
     *
     * @param edge name of the edge
     * @param at when it arrived
     */
    record StreamedOn(String flag, String edge, long at) implements Entry {}

    /**
     * A state of the rollout was read from the log, in the log's order.
     *
     * @param version version of the state
     * @param status its status
     * @param stage its stage, from 0
     */
    record Written(String flag, long version, String status, int stage) implements Entry {}

    /**
     * The scheduler said what a rollout of two stages has become in the end.
     *
     * @param times how often it was raised
     */
    record Raised(String flag, int times) implements Entry {}

    /**
     * A rollback was read.
     *
     * @param id key of its record
     */
    record RolledBack(String flag, String id) implements Entry {}

    /**
     * The scheduler said what a rollout's state is.
     *
     * @param status its status
     * @param stage its stage, from 0
     */
    record Stated(String flag, String status, int stage, long begin, long end) implements Entry {}

    /**
     * A message arrived in the channel.
     *
     * @param title its heading
     */
    record Told(String flag, String title) implements Entry {}

    /**
     * The counts that the watcher says of all strata, when everything was drained.
     *
     * @param exposedControl units of control
     * @param convertedControl those that converted
     * @param exposedTreatment units of the treatment
     * @param convertedTreatment those that converted
     */
    record Counted(
            String flag, long exposedControl, long convertedControl, long exposedTreatment, long convertedTreatment)
            implements Entry {}

    /**
     * A process was killed.
     *
     * @param process its name
     * @param how where or when
     */
    record Killed(String process, String how, long at) implements Entry {}

    /**
     * A process was started.
     *
     * @param process its name
     * @param number how many-th process of that name
     */
    record Started(String process, int number, long at) implements Entry {}

    /** Every client stopped: nothing of this flag is under way. */
    record Closed(String flag, Expected expected) implements Entry {}

    /** How a flag's story has to end. */
    enum Expected {
        /** Taken back by itself, once, and told once. */
        ROLLED_BACK,
        /** Still running: nothing but faults happened to it. */
        UNHARMED,
        /** Taken back while people raised it; nobody asked to be told. */
        RACED
    }
}
