// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import org.jspecify.annotations.Nullable;

/**
 * How many outcomes arrived, and how many of them are of a unit that saw the flag.
 *
 * @param outcomes outcomes
 * @param joined those of a unit that saw the flag, before or after
 * @param example a unit, or the outcome itself when it has none, that is not joined; null when not known
 */
public record JoinCount(
        long outcomes, long joined, @Nullable String example) {
    public static final JoinCount NONE = new JoinCount(0, 0, null);

    public JoinCount plus(JoinCount other) {
        return new JoinCount(
                outcomes + other.outcomes, joined + other.joined, other.example == null ? example : other.example);
    }
}
