// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import jakarta.ws.rs.PathParam;

/** Which rollout of a flag a command is about. */
public final class RolloutPath extends FlagPath {
    /** Epoch of the rollout, from 1. */
    @PathParam("epoch")
    public int epoch;
}
