// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes.decision;

import java.time.Instant;

import dev.belay.contracts.Actor;

/**
 * Somebody approved a change.
 *
 * @param by who
 * @param hash {@link ChangeHash} of what they approved
 * @param at when
 */
public record Given(Actor by, String hash, Instant at) {}
