// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What an event leads to. Changes are made even when the command is refused: a rollback that was waiting goes first.
 *
 * @param changes in order; empty when everything stays as it is
 * @param refusal why the command is not obeyed; null when it is, and for everything that is no command
 */
public record Decision(List<Change> changes, @Nullable Refusal refusal) {
    static final Decision NOTHING = new Decision(List.of(), null);

    /** Copies the list. */
    public Decision {
        changes = List.copyOf(changes);
    }

    static Decision of(Change change) {
        return new Decision(List.of(change), null);
    }

    static Decision refuse(Refusal refusal) {
        return new Decision(List.of(), refusal);
    }

    Decision after(Change first) {
        List<Change> all = new ArrayList<>();
        all.add(first);
        all.addAll(changes);
        return new Decision(all, refusal);
    }
}
