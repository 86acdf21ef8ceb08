// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

/** Names of the service. */
public final class FlagConfig {
    /** Module, consumer group, source of events. */
    public static final String SERVICE = "flag-config-service";

    /** Datasource and persistence unit. */
    public static final String UNIT = "flag-config";

    static final String SCHEMA = "flag_config";

    private FlagConfig() {}
}
