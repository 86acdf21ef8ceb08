// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import dev.belay.http.IdempotencyKey;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import org.jspecify.annotations.Nullable;

/** Which flag a command is about, and the key that makes a repeat of it harmless. */
public class FlagPath {
    /** Name of the project. */
    @PathParam("project")
    public String project = "";

    /** Name of the environment. */
    @PathParam("environment")
    public String environment = "";

    /** Key of the flag. */
    @PathParam("flag")
    public String flag = "";

    /** What the caller calls this command; null when it may be obeyed as often as it comes. */
    @HeaderParam(IdempotencyKey.HEADER)
    public @Nullable String key;
}
