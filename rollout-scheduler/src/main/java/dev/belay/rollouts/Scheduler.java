// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

/** What this service is called. */
final class Scheduler {
    /** Name of the service, its datasource and its persistence unit. */
    static final String NAME = "rollout-scheduler";

    /** Name of its schema. */
    static final String SCHEMA = "rollout_scheduler";

    private Scheduler() {}
}
