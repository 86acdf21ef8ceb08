// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

/** Says when a rollout is over. Has the state of one rollout. */
interface Rule {

    /** Takes in the block that was closed last, and says whether the rule fires now. */
    boolean fires(Peek peek);
}
