// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** The caller of the request being answered. */
@RequestScoped
public class CurrentCaller {
    private @Nullable Caller caller;

    /** @throws ProblemException 401 in an open resource that was called without a key */
    public Caller get() {
        if (caller == null) {
            throw ProblemException.unauthorized("a key is needed");
        }
        return caller;
    }

    void set(Caller found) {
        caller = found;
    }
}
