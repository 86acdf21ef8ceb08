// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

/**
 * Who did something.
 *
 * @param kind person, key or service
 * @param name name of the person, id of the key, or name of the service
 */
public record Actor(Kind kind, String name) {
    /** What kind of actor acts. */
    public enum Kind {
        PERSON,
        KEY,
        SERVICE
    }

    /** @throws IllegalArgumentException if the name is blank */
    public Actor {
        Require.nonNull(kind, "actor.kind");
        Require.text(name, "actor.name");
    }

    public static Actor service(String name) {
        return new Actor(Kind.SERVICE, name);
    }

    public static Actor person(String name) {
        return new Actor(Kind.PERSON, name);
    }
}
