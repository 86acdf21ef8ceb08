// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.keys;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a person may do. Each role may also do what {@link #includes} says. */
public enum Role {
    /** Look. */
    @JsonProperty("viewer")
    VIEWER,
    /** Stop: roll back, kill, pause. */
    @JsonProperty("operator")
    OPERATOR,
    /** Write flags, segments, metrics, templates and drafts. */
    @JsonProperty("editor")
    EDITOR,
    /** Raise and approve: start, resume, advance, restore. */
    @JsonProperty("releaser")
    RELEASER,
    /** Everything, with keys and users. */
    @JsonProperty("admin")
    ADMIN;

    /** Returns whether this role may do what {@code other} may: stopping is allowed to all but viewers. */
    public boolean includes(Role other) {
        return switch (this) {
            case ADMIN -> true;
            case RELEASER -> other != ADMIN;
            case EDITOR -> other == EDITOR || other == OPERATOR || other == VIEWER;
            case OPERATOR -> other == OPERATOR || other == VIEWER;
            case VIEWER -> other == VIEWER;
        };
    }
}
