// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

/**
 * A flag in one environment of one project. Its text, {@code project/environment/flag}, is the key of every record
 * about the flag, so that all facts about it are in one partition.
 *
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 */
public record FlagRef(String project, String environment, String flag) {

    /** @throws IllegalArgumentException if a part is not a name, see {@link Require#name} */
    public FlagRef {
        Require.name(project, "project");
        Require.name(environment, "environment");
        Require.name(flag, "flag");
    }

    /** @throws IllegalArgumentException unless {@code key} has the form {@code project/environment/flag} */
    public static FlagRef parse(String key) {
        String[] parts = key.split("/", -1);
        Require.that(parts.length == 3, "key", "must have the form project/environment/flag", key);
        return new FlagRef(parts[0], parts[1], parts[2]);
    }

    /** Returns {@code project/environment/flag}. */
    public String key() {
        return project + "/" + environment + "/" + flag;
    }

    @Override
    public String toString() {
        return key();
    }
}
