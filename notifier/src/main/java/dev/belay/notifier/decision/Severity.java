// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

/** How much a message matters, in rising order. The end of something matters as much as it did. */
public enum Severity {
    /** Goes its way. */
    INFO,
    /** A person should look when there is time. */
    WARNING,
    /** Something was taken out. */
    ERROR,
    /** A person must look now. */
    CRITICAL;

    /** Returns whether it can wait until quiet hours are over: neither a rollback nor a page can. */
    public boolean canWait() {
        return this == INFO || this == WARNING;
    }

    /** Returns whether it matters as much as the other. */
    public boolean isAtLeast(Severity other) {
        return compareTo(other) >= 0;
    }
}
