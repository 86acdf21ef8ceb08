// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the scheduler. */
@ConfigMapping(prefix = "belay.scheduler")
interface SchedulerConfig {

    /** How old a verdict may be to count for a raise, ISO-8601 duration. The watcher repeats itself every 10 s. */
    @WithDefault("PT30S")
    Duration verdictAge();

    /** How often open rollouts are looked at, ISO-8601 duration; verdicts and rollbacks are looked at when they arrive. */
    @WithDefault("PT0.25S")
    Duration tick();

    /** How long a start waits for a flag, template or metric that was written just before, ISO-8601 duration. */
    @WithDefault("PT5S")
    Duration patience();
}
