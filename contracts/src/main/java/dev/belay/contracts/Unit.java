// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

/**
 * Who or what is randomised: a user, a device, a group.
 *
 * @param kind kind of unit, for instance {@code user}
 * @param id identifier within the kind, 1 to 200 characters
 */
public record Unit(String kind, String id) {
    /** The kind used when a flag names none. */
    public static final String USER = "user";

    private static final int MAX_ID = 200;

    /** @throws IllegalArgumentException if the kind is not a name, or the id is blank or too long */
    public Unit {
        Require.name(kind, "unit.kind");
        Require.text(id, "unit.id");
        Require.that(id.length() <= MAX_ID, "unit.id", "must have at most 200 characters", id.length());
    }

    public static Unit user(String id) {
        return new Unit(USER, id);
    }

    /** Returns the key of the unit's records: {@code project/environment/kind:id}. */
    public String key(String project, String environment) {
        return project + "/" + environment + "/" + kind + ":" + id;
    }
}
