// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.keys;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a key is for. */
public enum Scope {
    /** Everything a person with the key's role may do, through REST. */
    @JsonProperty("admin")
    ADMIN,
    /** Evaluate flags on a server, send events. */
    @JsonProperty("server")
    SERVER,
    /** Evaluate flags in a browser or app; public. */
    @JsonProperty("client")
    CLIENT,
    /** Send events. */
    @JsonProperty("events")
    EVENTS
}
