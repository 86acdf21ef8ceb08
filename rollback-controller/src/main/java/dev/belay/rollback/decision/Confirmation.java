// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.served.Served;

/** Whether what an edge serves obeys a rollback. */
final class Confirmation {
    private Confirmation() {}

    static boolean isGivenBy(Served served, Rollback rollback) {
        if (served.epoch() > rollback.epoch()) {
            return true;
        }
        Integer outEpoch = served.outEpoch();
        return outEpoch != null && outEpoch >= rollback.epoch() && covers(served, rollback.target());
    }

    private static boolean covers(Served served, RollbackTarget target) {
        boolean all = target.kind() != RollbackTarget.Kind.KILL && served.out().contains(RollbackTarget.ALL.text());
        return all
                || served.out().contains(RollbackTarget.KILL.text())
                || served.out().contains(target.text());
    }
}
