// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** A resource whose author forgot to say who may use it. */
@Path("/unmarked")
public class UnmarkedResource {
    @GET
    public String get() {
        return "for admins";
    }
}
