// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import jakarta.ws.rs.core.Response;

/** Statuses in words. */
final class Titles {
    private static final int UNPROCESSABLE = 422;

    private Titles() {}

    static String of(int status) {
        if (status == UNPROCESSABLE) {
            return "Unprocessable Content";
        }
        Response.Status known = Response.Status.fromStatusCode(status);
        return known == null ? "Status " + status : known.getReasonPhrase();
    }
}
